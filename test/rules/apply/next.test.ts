// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of the format and of Nix look like those of a template
import { describe, expect, it } from "vitest";
import type { AssistantMessage } from "../../../src/agent/messages.ts";
import type { Diagnosis, DiagnosisFacts, Position } from "../../../src/nix/diagnosis.ts";
import type { ProposalDetails, SurveyDetails } from "../../../src/tools/contract.ts";
import { repositoryWith } from "../../repo/tree-on-disk.ts";
import { Conversation, draftFor, surveyDetails } from "../conversation.ts";

const crate = {
  "Cargo.toml": '[package]\nname = "tally"\nversion = "1.2.3"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tally"\nversion = "1.2.3"\n',
  "src/main.rs": "fn main() {}\n",
  "README.md": "# tally\n",
};

const accepted: ProposalDetails = {
  accepted: true,
  pending: false,
  stage: "accepted",
  problems: [],
  diagnoses: [],
  changed: [],
  mechanics: [],
};

const diagnosis = (facts: DiagnosisFacts, more: { readonly message?: string; readonly position?: Position } = {}): Diagnosis => ({
  ...facts,
  stage: "eval",
  message: `a problem of kind ${facts.kind}`,
  excerpt: "",
  next: "Do something about it.",
  fingerprint: JSON.stringify(facts),
  ...more,
});

const refusedFor = (...diagnoses: readonly Diagnosis[]): ProposalDetails => ({
  ...accepted,
  accepted: false,
  pending: true,
  stage: "eval",
  diagnoses,
});

const failedFor = (...diagnoses: readonly Diagnosis[]) => ({
  ok: false,
  attribute: "packages.x86_64-linux.tally",
  why: "failed",
  diagnoses,
  mechanics: [],
});
const OPTIONAL = ["clippy", "fmt", "doc"].map((name) => `checks.x86_64-linux.${name}`);
const built = (attribute: string) => ({ ok: true, attribute, built: [], mechanics: [] });

/** A conversation that has surveyed the repository, with the CRQ that `rules` itself drafts for it. */
async function applying(
  files: Readonly<Record<string, string>>,
  more: Partial<SurveyDetails> = {},
  edit: (crq: string) => string = (crq) => crq,
): Promise<Conversation> {
  const directory = await repositoryWith(files);
  const source = edit(await draftFor(directory, files["flake.nix"] === undefined ? "nixify this project" : "fix our flake"));
  const conversation = new Conversation();
  await conversation.call("survey");
  return conversation.answer(await surveyDetails(directory, { crq: { path: "crqs/CRQ-001-x.md", source }, ...more }));
}

const contentOf = (proposal: { readonly edits: readonly object[] }, path: string): string => {
  const edit = proposal.edits.find((candidate) => "path" in candidate && candidate.path === path && "create" in candidate);
  if (!edit || !("create" in edit) || typeof edit.create !== "string")
    throw new Error(`no content for ${path} in ${JSON.stringify(proposal)}`);
  return edit.create;
};

const callsOf = (reply: AssistantMessage) => reply.calls.map((call) => [call.tool, JSON.parse(call.arguments)]);

describe("applying a request to nixify", () => {
  it("proposes, builds, and says that it is done", async () => {
    const conversation = await applying(crate);
    const proposal = await conversation.call("propose_edit");
    expect(proposal).toMatchObject({
      amend: false,
      why: "A flake that builds with crane: packages.tally, devShells.default",
    });
    expect(proposal.edits.map((edit) => edit.path)).toEqual(["flake.nix", "README.md"]);
    expect(contentOf(proposal, "README.md")).toContain("# tally\n\n## Nix\n");
    conversation.answer(accepted);
    expect(callsOf(await conversation.next())).toEqual([["nix_build", { attribute: "packages.x86_64-linux.tally" }]]);
    conversation.answer(built("packages.x86_64-linux.tally"));
    // What no criterion asks for is built once, when all that must stand does.
    expect(callsOf(await conversation.next())).toEqual(OPTIONAL.map((attribute) => ["nix_build", { attribute }]));
    conversation.answerEach(built);
    const end = await conversation.next();
    expect(end).toMatchObject({
      calls: [],
      stop: "end",
      text: "Written and built: flake.nix, README.md.",
      usage: { input: 0, output: 0, usd: 0 },
    });
  });

  it("leaves a check out that nobody asks for and the project does not pass, and says why", async () => {
    const conversation = await applying(crate);
    await conversation.call("propose_edit");
    conversation.answer(accepted);
    await conversation.call("nix_build");
    conversation.answer(built("packages.x86_64-linux.tally"));
    await conversation.next();
    const unformatted = diagnosis({ kind: "unknown" }, { message: "Diff in src/main.rs:1" });
    conversation.answerEach((attribute) =>
      attribute.endsWith(".fmt") ? { ...failedFor(unformatted), attribute } : built(attribute),
    );
    const second = await conversation.call("propose_edit");
    const remark = "checks.fmt is left out, since the project as it is does not pass it: Diff in src/main.rs:1";
    expect(second.why).toBe(remark);
    expect(contentOf(second, "flake.nix")).not.toContain("fmt =");
    // What was built before stands: only an output is gone.
    conversation.answer(accepted);
    expect(await conversation.next()).toMatchObject({ calls: [], text: `Written and built: flake.nix, README.md. ${remark}` });
  });

  it("gives a check that a document tells step by step its name, and keeps no other of that name", async () => {
    const conversation = await applying({
      ...crate,
      "docs/nix.md": "# Nix\n\n## `checks.tally`\n\n- tests\n- clippy\n\n## `checks.test`\n\n- tests of the whole workspace\n",
    });
    const flake = contentOf(await conversation.call("propose_edit"), "flake.nix");
    const checks = flake.slice(flake.indexOf("      checks ="), flake.indexOf("      devShells ="));
    expect(checks.match(/^ {10}\S+ = .*|^ {10}inherit .*packages.*/gm)).toEqual([
      "          test = craneLib.cargoTest (",
      "          clippy = craneLib.cargoClippy (",
      '          fmt = pkgs.runCommand "fmt" {',
      "          doc = craneLib.cargoDoc (",
      "          tally = pkgs.rustPlatform.buildRustPackage {",
    ]);
  });

  it("keeps a check that a criterion asks for, whatever it says", async () => {
    const conversation = await applying(crate, {}, (crq) =>
      crq.replace('kind = "flake-check"', 'kind = "flake-check"\n    require = ["tally", "fmt"]'),
    );
    await conversation.call("propose_edit");
    conversation.answer(accepted);
    await conversation.next();
    conversation.answerEach((attribute) =>
      attribute.endsWith(".fmt")
        ? { ...failedFor(diagnosis({ kind: "compile-error" }, { message: "not formatted" })), attribute }
        : built(attribute),
    );
    expect(await conversation.call("give_up")).toMatchObject({ detail: expect.stringContaining("not formatted") });
  });

  it("adds a native library that only the build shows, in one amendment", async () => {
    const conversation = await applying(crate);
    await conversation.call("propose_edit");
    conversation.answer(accepted);
    await conversation.call("nix_build");
    conversation.answer(
      failedFor(diagnosis({ kind: "native-library", crate: "openssl-sys", library: "openssl", pkgConfigMissing: true })),
    );
    const second = await conversation.call("propose_edit");
    expect(second.amend).toBe(false);
    expect(second.edits.map((edit) => edit.path)).toEqual(["flake.nix"]);
    expect(contentOf(second, "flake.nix")).toContain(
      'nativeBuildInputs = [ pkgs.pkg-config ];\n          buildInputs = [ pkgs.openssl ];\n          OPENSSL_NO_VENDOR = "1";',
    );
    conversation.answer(accepted);
    expect(await conversation.call("nix_build")).toMatchObject({ attribute: "packages.x86_64-linux.tally" });
  });

  it("sends everything again where the host has lost what was pending", async () => {
    const conversation = await applying(crate, {}, (crq) =>
      crq.replace('"devShells.${system}.default"]', '"devShells.${system}.default", "formatter.${system}"]'),
    );
    await conversation.call("propose_edit");
    conversation.answer(refusedFor(diagnosis({ kind: "attribute", attribute: "nixfmt", undefinedVariable: false })));
    expect(await conversation.call("propose_edit")).toMatchObject({ amend: true });
    conversation.answer({ ...accepted, accepted: false, stage: "edit", problems: ["There is no pending proposal to amend."] });
    const again = await conversation.call("propose_edit");
    expect({ amend: again.amend, paths: again.edits.map((edit) => edit.path) }).toEqual({
      amend: false,
      paths: ["flake.nix", "README.md"],
    });
  });

  it("amends a pending proposal instead of sending it again", async () => {
    const conversation = await applying(crate, {}, (crq) =>
      crq.replace('"devShells.${system}.default"]', '"devShells.${system}.default", "formatter.${system}"]'),
    );
    expect(contentOf(await conversation.call("propose_edit"), "flake.nix")).toContain("pkgs.nixfmt)");
    conversation.answer(refusedFor(diagnosis({ kind: "attribute", attribute: "nixfmt", undefinedVariable: false })));
    const amended = await conversation.call("propose_edit");
    expect(amended).toMatchObject({ amend: true, why: "the locked nixpkgs calls nixfmt nixfmt-rfc-style" });
    expect(amended.edits.map((edit) => edit.path)).toEqual(["flake.nix"]);
    conversation.answer(accepted);
    expect(await conversation.call("nix_build")).toMatchObject({ attribute: "packages.x86_64-linux.tally" });
  });

  it("gives up with the type of the problem when no rule knows it", async () => {
    const conversation = await applying(crate);
    await conversation.call("propose_edit");
    conversation.answer(accepted);
    await conversation.call("nix_build");
    conversation.answer(
      failedFor(
        diagnosis(
          { kind: "compile-error", code: "E0433" },
          { position: { file: "src/main.rs", line: 3, column: 1 }, message: "unresolved module" },
        ),
      ),
    );
    expect(await conversation.call("give_up")).toEqual({
      reason: "source-needs-patch",
      detail: "unresolved module (src/main.rs:3), seen while building packages.x86_64-linux.tally. Do something about it.",
    });
  });

  it("does not try the same fix for ever", async () => {
    const conversation = await applying(crate);
    const problem = diagnosis({ kind: "build-tool-missing", program: "cmake" });
    for (let turn = 0; turn < 6; turn += 1) {
      const reply = await conversation.next();
      const tool = reply.calls[0]?.tool;
      if (tool === "give_up") return expect(turn).toBeLessThan(6);
      conversation.answer(tool === "propose_edit" ? accepted : failedFor(problem));
    }
    throw new Error("it never gave up");
  });

  it("asks for the verdicts when the acceptance is not satisfied, and repeats the host's words when nothing is left to mend", async () => {
    const conversation = await applying(crate);
    await conversation.call("propose_edit");
    conversation.answer(accepted);
    await conversation.call("nix_build");
    conversation.answer(built("packages.x86_64-linux.tally"));
    await conversation.next();
    conversation.answerEach(built);
    await conversation.next();
    conversation.say("AC-9 fails: the moon is not full.");
    await conversation.call("check_criteria");
    conversation.answer({
      ok: false,
      criteria: [{ id: "AC-9", verdict: "fail", reason: "the moon is not full", diagnoses: [] }],
    });
    expect(await conversation.call("give_up")).toEqual({
      reason: "no-known-fix",
      detail: "The flake builds, but these criteria do not hold and no rule mends them: AC-9 (fail): the moon is not full",
    });
  });

  it("asks a person where the flake is right and a program does something else than the criterion says", async () => {
    const conversation = await applying(crate);
    await conversation.call("propose_edit");
    conversation.answer(accepted);
    await conversation.call("nix_build");
    conversation.answer(built("packages.x86_64-linux.tally"));
    await conversation.next();
    conversation.answerEach(built);
    await conversation.next();
    conversation.say("AC-2 fails.");
    await conversation.call("check_criteria");
    conversation.answer({
      ok: false,
      criteria: [{ id: "AC-2", verdict: "fail", reason: 'stdout is "4", not "3"', diagnoses: [], ranOtherwise: true }],
    });
    expect(await conversation.call("give_up")).toEqual({
      reason: "criterion-wrong",
      detail:
        'The flake builds, and a program does something else than these criteria say, which no flake mends: AC-2 (fail): stdout is "4", not "3". Is the criterion wrong, or the program?',
    });
  });

  it("makes sense of a criterion that uses a name of its own", async () => {
    const conversation = await applying(crate, {}, (crq) =>
      crq
        .replaceAll("packages.${system}.tally", "packages.${system}.counter")
        .replace('kind = "flake-check"', 'kind = "flake-check"\n    require = ["counter-tests"]'),
    );
    const flake = contentOf(await conversation.call("propose_edit"), "flake.nix");
    expect(flake).toContain("counter = self.packages.${system}.tally;");
    expect(flake).toContain("counter-tests = craneLib.cargoTest");
    conversation.answer(accepted);
    expect(callsOf(await conversation.next()).map(([, args]) => args)).toEqual([
      { attribute: "packages.x86_64-linux.tally" },
      { attribute: "checks.x86_64-linux.counter-tests" },
      { attribute: "packages.x86_64-linux.counter" },
    ]);
  });

  it("takes out the ignore rule that hides flake.lock", async () => {
    const conversation = await applying({ ...crate, ".gitignore": "/target\r\nflake.lock\r\n*.swp\r\n" });
    expect(contentOf(await conversation.call("propose_edit"), ".gitignore")).toBe("/target\r\n*.swp\r\n");
  });

  it("follows the answer to a question", async () => {
    const files = {
      ...crate,
      "docs/a.md": "The flake input `github:acme/nixpkgs?ref=stable` is used.\n",
      "docs/b.md": "The flake input `github:acme/nixpkgs?ref=next` is used.\n",
    };
    const conversation = await applying(files, {}, (crq) =>
      crq.replace("Which of them holds?", "Which of them holds?\n    Answer: `github:acme/nixpkgs?ref=next` holds."),
    );
    expect(contentOf(await conversation.call("propose_edit"), "flake.nix")).toContain(
      'nixpkgs.url = "github:acme/nixpkgs?ref=next";',
    );
  });

  it("builds with what the answer to a question about the builder names", async () => {
    const files = {
      ...crate,
      "docs/a.md": "We build the crate with naersk. The input is `github:acme/naersk?ref=stable`.\n",
      "docs/b.md": "Rust is packaged with buildRustPackage.\n",
    };
    const conversation = await applying(files, {}, (crq) =>
      crq.replace("Which of them holds?", "Which of them holds?\n    Answer: buildRustPackage, we drop naersk."),
    );
    expect(contentOf(await conversation.call("propose_edit"), "flake.nix")).toContain("buildRustPackage");
  });

  it("takes inputs from the policy's forks", async () => {
    const policy = { org: "acme", ref: "^feature/", forks: { "NixOS/nixpkgs": "feature/CRQ-016-nixify" }, exceptions: [] };
    const conversation = await applying(crate, { policy });
    expect(contentOf(await conversation.call("propose_edit"), "flake.nix")).toContain(
      'nixpkgs.url = "github:acme/nixpkgs?ref=feature/CRQ-016-nixify";',
    );
  });
});

describe("requests that cannot be carried out by rules", () => {
  it("without a lock file where a criterion lets no change add one, and not where it does", async () => {
    const { "Cargo.lock": _, ...files } = crate;
    const within =
      (allow: string, deny = "") =>
      (crq: string) =>
        crq.replace(
          "\n## 6. ",
          `\n-   **AC-20**: Only these files change.\n    \`\`\`toml check AC-20\n    kind = "git-scope"\n    allow = [${allow}]\n    deny = [${deny}]\n    \`\`\`\n\n## 6. `,
        );
    const flake = '"flake.nix", "flake.lock", "README.md"';
    for (const edit of [within(flake), within('"**"', '"Cargo.*"')])
      expect(await (await applying(files, {}, edit)).call("give_up")).toMatchObject({
        reason: "lock-file-missing",
        detail: expect.stringContaining("AC-20 allows no change of Cargo.lock"),
      });
    const ignored = { ...files, ".gitignore": "Cargo.lock\n" };
    expect(await (await applying(ignored, {}, within(`${flake}, "Cargo.lock"`))).call("give_up")).toMatchObject({
      reason: "lock-file-missing",
      detail: expect.stringContaining("AC-20 allows no change of .gitignore"),
    });
    await (await applying(files, {}, within(`${flake}, "*.lock"`))).call("propose_edit");
    await (await applying(crate, {}, within(flake))).call("propose_edit");
  });

  it("without a lock file and without leave to make one", async () => {
    const { "Cargo.lock": _, ...files } = crate;
    const conversation = await applying(files, { yes: false });
    expect(await conversation.call("give_up")).toMatchObject({
      reason: "lock-file-missing",
      detail: expect.stringContaining("--yes"),
    });
  });

  it("of another kind", async () => {
    const conversation = await applying(crate, {}, (crq) => crq.replace('kind = "nixify"', 'kind = "lattice"'));
    expect(await conversation.call("give_up")).toMatchObject({
      reason: "not-understood",
      detail: expect.stringContaining("lattice"),
    });
  });

  it("with a package that the project does not have, where it has several", async () => {
    const files = {
      "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      "Cargo.lock": 'version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\n\n[[package]]\nname = "b"\nversion = "0.1.0"\n',
      "a/Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n',
      "a/src/main.rs": "fn main() {}\n",
      "b/Cargo.toml": '[package]\nname = "b"\nversion = "0.1.0"\n',
      "b/src/main.rs": "fn main() {}\n",
    };
    const conversation = await applying(files, {}, (crq) =>
      crq.replaceAll("packages.${system}.a", "packages.${system}.zebra").replaceAll("bin/a", "bin/zebra"),
    );
    expect(await conversation.call("give_up")).toMatchObject({
      reason: "contradiction",
      detail: expect.stringContaining("packages.SYSTEM.zebra"),
    });
  });
});

describe("a flake that exists", () => {
  const flake = (body: string) => `{
  # Ours.
  inputs.nixpkgs.url = "github:acme/nixpkgs/stable";

  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    in
    {
${body}
    };
}
`;
  const half = flake(
    '      packages.x86_64-linux.tally = pkgs.rustPlatfrom.buildRustPackage {\n        pname = "tally";\n        src = ./.;\n      };',
  );

  it("keeps its words, gets what it lacks, and is mended where Nix points", async () => {
    const conversation = await applying({ ...crate, "flake.nix": half });
    const first = contentOf(await conversation.call("propose_edit"), "flake.nix");
    expect(first).toContain("  # Ours.\n");
    expect(first).toContain("      devShells.x86_64-linux.default = pkgs.mkShell {");
    expect(first).toContain("      checks = self.packages;");
    conversation.answer(
      refusedFor(
        diagnosis({ kind: "attribute", attribute: "rustPlatfrom", suggestion: "rustPlatform", undefinedVariable: false }),
      ),
    );
    const second = await conversation.call("propose_edit");
    expect(contentOf(second, "flake.nix")).toBe(first.replace("rustPlatfrom", "rustPlatform"));
    expect(second).toMatchObject({ amend: true, why: "pkgs.rustPlatfrom is called pkgs.rustPlatform" });
  });

  it("is written anew with its inputs where no smaller repair is known, and says so", async () => {
    const conversation = await applying({ ...crate, "flake.nix": half });
    await conversation.call("propose_edit");
    conversation.answer({
      ...refusedFor(diagnosis({ kind: "syntax" }, { message: "syntax error, unexpected '='" })),
      pending: false,
      stage: "parse",
    });
    const second = await conversation.call("propose_edit");
    expect(second.why).toMatch(
      /^flake\.nix is written anew, with the inputs, systems and builder it had: .*syntax error, unexpected '='/,
    );
    expect(contentOf(second, "flake.nix")).toContain('nixpkgs.url = "github:acme/nixpkgs/stable";');
    expect(second.edits.map((edit) => edit.path)).toEqual(["flake.nix", "README.md"]);
  });

  it("is not written anew where something would be lost", async () => {
    const conversation = await applying({
      ...crate,
      "flake.nix": flake("      nixosModules.tally = { };\n      packages.x86_64-linux.tally = pkgs.tally-package;"),
    });
    await conversation.call("propose_edit");
    conversation.answer(refusedFor(diagnosis({ kind: "type", detail: "cannot coerce a set to a string" })));
    expect(await conversation.call("give_up")).toMatchObject({
      reason: "no-known-fix",
      detail: expect.stringContaining("nixosModules, which must not be lost"),
    });
  });

  describe("with several broken outputs", () => {
    const two = flake(
      "      packages.x86_64-linux.tally = pkgs.rustPlatform.buildRustPackage { };\n      packages.x86_64-linux.other = pkgs.rustPlatform.buildRustPackage { };\n      devShells.x86_64-linux.default = pkgs.mkShell { };\n      checks = self.packages;",
    );
    /** A request that is only to let outputs build again, as a repair writes it. */
    const onlyBuilds =
      (...names: readonly string[]) =>
      (crq: string): string =>
        crq.replace(
          /## 5\. Acceptance Criteria[\s\S]*?(?=\n## 6)/,
          `## 5. Acceptance Criteria\n\n${names.map((name, at) => `-   **AC-${at + 1}**: It builds.\n    \`\`\`toml check AC-${at + 1}\n    kind = "nix-build"\n    attr = "packages.\${system}.${name}"\n    \`\`\``).join("\n")}\n`,
        );
    const wrong = (name: string) => failedFor(diagnosis({ kind: "compile-error" }, { message: `${name} does not compile` }));

    it("goes on past one that no rule mends: the other is mended and built, and the first is told in the end", async () => {
      const slip = two.replace("other = pkgs.rustPlatform", "other = pkgs.rustPlatfrom");
      const conversation = await applying({ ...crate, "flake.nix": slip }, {}, onlyBuilds("tally", "other"));
      const asked = await conversation.next();
      expect(callsOf(asked).map(([, { attribute }]) => attribute)).toEqual([
        "packages.x86_64-linux.tally",
        "packages.x86_64-linux.other",
      ]);
      const misspelt = diagnosis({
        kind: "attribute",
        attribute: "rustPlatfrom",
        suggestion: "rustPlatform",
        undefinedVariable: false,
      });
      conversation.answerEach((attribute) => ({
        ...(attribute.endsWith(".tally") ? wrong("tally") : failedFor(misspelt)),
        attribute,
      }));
      expect(contentOf(await conversation.call("propose_edit"), "flake.nix")).toBe(two);
      conversation.answer(accepted);
      // What no rule mends is not built again.
      expect(await conversation.call("nix_build")).toMatchObject({ attribute: "packages.x86_64-linux.other" });
      conversation.answer(built("packages.x86_64-linux.other"));
      expect(await conversation.call("give_up")).toEqual({
        reason: "source-needs-patch",
        detail: "tally does not compile, seen while building packages.x86_64-linux.tally. Do something about it.",
      });
    });

    it("names all that no rule mends", async () => {
      const conversation = await applying({ ...crate, "flake.nix": two }, {}, onlyBuilds("tally", "other"));
      await conversation.next();
      conversation.answerEach((attribute) => ({ ...wrong(attribute.split(".").at(-1) ?? ""), attribute }));
      expect(await conversation.call("give_up")).toEqual({
        reason: "source-needs-patch",
        detail:
          "tally does not compile, seen while building packages.x86_64-linux.tally. Do something about it. Beyond the rules too: packages.x86_64-linux.other.",
      });
    });
  });

  it("of a workspace whose root lacks what a member inherits is given up with the reason", async () => {
    const flakeText = flake(
      "      packages.x86_64-linux.tally = pkgs.rustPlatform.buildRustPackage { };\n      devShells.x86_64-linux.default = pkgs.mkShell { };\n      checks = self.packages;",
    );
    const withoutDocs = (crq: string): string => crq.replace(/-\s+\*\*AC-7\*\*[\s\S]*?```\n(?=\n## 6)/, "");
    const conversation = await applying({ ...crate, "flake.nix": flakeText }, {}, withoutDocs);
    await conversation.call("nix_build");
    conversation.answer(
      failedFor(
        diagnosis(
          { kind: "workspace" },
          { message: "error inheriting `license` from workspace root manifest's `workspace.package.license`" },
        ),
      ),
    );
    expect(await conversation.call("give_up")).toMatchObject({
      reason: "source-needs-patch",
      detail: expect.stringContaining("error inheriting `license`"),
    });
  });

  it("that holds already is left alone", async () => {
    const whole = flake(
      "      packages.x86_64-linux.tally = pkgs.rustPlatform.buildRustPackage { };\n      devShells.x86_64-linux.default = pkgs.mkShell { };\n      checks = self.packages;",
    );
    const withoutDocs = (crq: string): string => crq.replace(/-\s+\*\*AC-7\*\*[\s\S]*?```\n(?=\n## 6)/, "");
    const conversation = await applying({ ...crate, "flake.nix": whole }, {}, withoutDocs);
    expect(callsOf(await conversation.next())).toEqual([["nix_build", { attribute: "packages.x86_64-linux.tally" }]]);
    conversation.answer(built("packages.x86_64-linux.tally"));
    expect(await conversation.next()).toMatchObject({ calls: [], text: "Nothing had to be changed." });
  });
});

describe("a transcript that went wrong", () => {
  it("is met with patience first and with words in the end", async () => {
    const conversation = await applying(crate);
    for (let turn = 0; turn < 3; turn += 1) {
      await conversation.call("propose_edit");
      conversation.answer(undefined);
    }
    expect(await conversation.call("give_up")).toMatchObject({
      reason: "no-known-fix",
      detail: expect.stringContaining("no usable result"),
    });
  });
});
