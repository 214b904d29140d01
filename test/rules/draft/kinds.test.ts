import { describe, expect, it } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import type { SurveyDetails } from "../../../src/tools/contract.ts";
import { repositoryWith } from "../../repo/tree-on-disk.ts";
import { Conversation, FRAME, surveyDetails } from "../conversation.ts";
import { findings } from "./strict.ts";

const crate = {
  "Cargo.toml": '[package]\nname = "tally"\nversion = "1.2.3"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "tally"\nversion = "1.2.3"\n',
  "src/main.rs": 'fn main() {\n    println!("hi");\n}\n',
  "flake.nix":
    '{\n  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";\n  outputs = { self, nixpkgs }: { packages.x86_64-linux.tally = nixpkgs.hello; };\n}\n',
};

async function drafted(task: string, files: Record<string, string> = {}, more: Partial<SurveyDetails> = {}) {
  const directory = await repositoryWith({ ...crate, ...files });
  const conversation = new Conversation();
  await conversation.call("survey");
  conversation.answer(await surveyDetails(directory, { task, draft: FRAME, ...more }));
  const { markdown } = await conversation.call("submit_crq");
  expect(await findings(directory, markdown), markdown).toEqual([]);
  const crq = parseCrq("x.md", markdown);
  return {
    markdown,
    kind: crq.metadata?.kind,
    checks: crq.criteria.flatMap(({ checks }) => checks),
    questions: crq.questions.map(({ text }) => text),
  };
}

describe("a draft of kind", () => {
  it("policy asks for inputs that obey it, and for their lock", async () => {
    const policy = { org: "acme", ref: "^main$", forks: {}, exceptions: [] };
    const { kind, checks, questions } = await drafted("all flake inputs must follow our policy", {}, { policy });
    expect({ kind, questions }).toEqual({ kind: "policy", questions: [] });
    expect(checks).toMatchObject([
      { kind: "flake-inputs", "min-inputs": 1, regression: false },
      { kind: "lock", require: ["nixpkgs"], regression: false },
    ]);
  });

  it("refactor holds what works and asks for the new name of a crate", async () => {
    const { kind, checks, questions } = await drafted("rename the crate tally to abacus");
    expect({ kind, questions }).toEqual({ kind: "refactor", questions: [] });
    expect(checks).toMatchObject([
      { kind: "nix-build", attr: `packages.\${system}.abacus`, files: ["bin/abacus"], regression: false },
      { kind: "file", path: "Cargo.toml", pointer: "/package/name", equals: "abacus" },
    ]);
  });

  it("refactor asks what would show it, where the wish does not say", async () => {
    const { checks, questions } = await drafted("restructure the parser");
    expect(checks).toMatchObject([{ kind: "nix-build", attr: `packages.\${system}.tally`, regression: true }]);
    expect(questions).toEqual([expect.stringMatching(/^What would show that this is done\?/u)]);
  });

  it("incident asks for a report, for what happened, and for the build that the wish names", async () => {
    const { kind, checks, questions } = await drafted("incident: `nix build .#tally` fails on the new machines");
    expect(kind).toBe("incident");
    expect(checks).toMatchObject([
      { kind: "nix-build", attr: `packages.\${system}.tally` },
      { kind: "doc", headings: ["Summary", "Timeline", "Cause", "Remedy"], mentions: ["CRQ-001"] },
    ]);
    expect(questions).toEqual([expect.stringMatching(/^What happened, .* must not invent it\.$/u)]);
  });

  it("steps asks which holds: a series of flakes, or an end inside the first call", async () => {
    const { kind, checks, questions } = await drafted("emit a flake for each compiler call of the bootstrap", {
      "docs/plan.md":
        "# Plan\n\nWe want a chain of small flakes. They go to `out/step001/flake.nix` and on.\n\nThe wrapper writes the first intercepted call down and exits\nwith status 0.\n",
    });
    expect(kind).toBe("steps");
    expect(checks).toMatchObject([
      { kind: "steps", mode: "records", dir: "out", build: false },
      { kind: "steps", mode: "records", dir: "out", build: true },
    ]);
    expect(questions[0]).toBe(
      "F-1 (`docs/plan.md`, line 3) says that the result is a series of flakes, one for each call; F-2 (`docs/plan.md`, line 5) says that the first intercepted call ends the build with status 0. Both cannot hold: a build that ends inside its first intercepted call gives one flake and no series. Which of them does?",
    );
  });

  it("steps counts the committed records and asks only what their program prints", async () => {
    const recording = { folder: "steps", steps: 7, programs: ["app"], problems: [] };
    const { kind, checks, questions } = await drafted(
      "make step flakes of the recorded build",
      { "steps/steps.jsonl": "{}\n" },
      { flakeGraphs: { recordings: [recording], lattices: [] } },
    );
    expect(kind).toBe("steps");
    expect(checks).toMatchObject([
      { mode: "records", dir: "steps", min: 7, build: false },
      { mode: "records", dir: "steps", min: 7, build: true },
    ]);
    expect(questions).toEqual([expect.stringMatching(/^With which arguments does `app` show that it works/u)]);
  });

  it("lattice counts the nodes of a crate, runs its program where the sources say what it prints, and names what is no node", async () => {
    const cli =
      'fn main() {\n    if std::env::args().nth(1).as_deref() == Some("--version") {\n        println!("tally {}", env!("CARGO_PKG_VERSION"));\n    }\n}\n';
    const crate = {
      folder: ".",
      nodes: 5,
      join: { name: "tally", program: true },
      leftOut: ["tests (src/main.rs:9: for tests only)"],
    };
    const { markdown, checks, questions } = await drafted(
      "turn this crate into a flake lattice",
      { "src/main.rs": cli },
      { flakeGraphs: { recordings: [], lattices: [], crate } },
    );
    expect(questions).toEqual([]);
    expect(checks).toMatchObject([
      { mode: "lattice", min: 5, "node-files": ["Cargo.toml"] },
      { mode: "lattice", min: 5, build: true },
      { kind: "run", argv: [`\${out:AC-2.0}/tally/bin/tally`, "--version"] },
    ]);
    expect(markdown).toContain("No node of their own get: tests (src/main.rs:9: for tests only).");
  });

  it("lattice asks for nodes that stand alone, and which they are", async () => {
    const { kind, checks, questions } = await drafted("build a flake lattice from these crates");
    expect(kind).toBe("lattice");
    expect(checks).toMatchObject([
      { mode: "lattice", dir: "lattice" },
      { mode: "lattice", build: true },
    ]);
    expect(questions).toHaveLength(1);
  });
});

describe("the requests that exist", () => {
  const existing = [
    { id: "CRQ-003", title: "Nixification of Tally", status: "proposed", kind: "nixify" },
    { id: "CRQ-005", title: "Something else", status: "draft", kind: "docs" },
  ];
  const { "flake.nix": _, ...plain } = crate;

  it("are related where the wish names them, and one that asks for the same is asked about", async () => {
    const directory = await repositoryWith(plain);
    const conversation = new Conversation();
    await conversation.call("survey");
    const task = "nixify this project after CRQ-5";
    conversation.answer(await surveyDetails(directory, { task, draft: { ...FRAME, existing } }));
    const crq = parseCrq("x.md", (await conversation.call("submit_crq")).markdown);
    expect(crq.metadata).toMatchObject({ dependsOn: ["CRQ-005"], related: ["CRQ-003"] });
    expect(crq.questions.map(({ text }) => text)).toEqual([
      "CRQ-003 (Nixification of Tally; proposed) asks for the same already. Shall this request take its place, or is it not needed?",
    ]);
  });
});

describe("on a terminal", () => {
  const { "flake.nix": _, ...plain } = crate;
  const files = {
    ...plain,
    "docs/a.md": "Rust crates are built with naersk, input `github:acme/naersk?ref=main`.\nMSRV 1.70\n",
    "docs/b.md": "Crates are packaged with buildRustPackage.\nThe input is `github:acme/nixpkgs?ref=a`.\nMSRV 1.71\n",
    "docs/c.md": 'The input is `github:acme/nixpkgs?ref=b`.\n`config.url = "./x"`, since local paths are not forbidden.\n',
  };

  it("three questions are put, each answer is followed and logged, and the rest stays open", async () => {
    const directory = await repositoryWith(files);
    const conversation = new Conversation();
    await conversation.call("survey");
    const details = await surveyDetails(directory, {
      docs: ["docs"],
      task: "nixify this project",
      draft: { ...FRAME, canAsk: true },
    });
    conversation.answer(details);
    const asked: string[] = [];
    for (const answer of ["buildRustPackage", null, "github:acme/nixpkgs?ref=b"]) {
      asked.push((await conversation.call("ask_person")).question);
      conversation.answer({ answer });
    }
    expect(asked[0]).toBe("Which holds for builder? docs/a.md:1 says naersk; docs/b.md:1 says buildRustPackage.");
    const { markdown } = await conversation.call("submit_crq");
    const crq = parseCrq("x.md", markdown);
    const settled = Object.fromEntries(
      crq.questions.map(({ text, answer }) => [/`(?<key>builder|rust\.version|inputs[.\w]+)`/.exec(text)?.[1], answer]),
    );
    expect(settled).toMatchObject({
      builder: "buildRustPackage",
      "inputs.nixpkgs.url": "github:acme/nixpkgs?ref=b",
      "rust.version": undefined,
    });
    expect(markdown).toContain(
      "-   2026-11-20: Which holds for builder? docs/a.md:1 says naersk; docs/b.md:1 says buildRustPackage. Answer: buildRustPackage",
    );
    expect(markdown).toContain("`buildRustPackage` of nixpkgs compiles");
    expect(await findings(directory, markdown)).toEqual([]);
  });
});
