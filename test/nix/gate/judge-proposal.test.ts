import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { judgeProposal } from "../../../src/nix/gate/judge-proposal.ts";
import type { GateVerdict, ProposedChange } from "../../../src/nix/gate/proposal.ts";
import { git } from "../../../src/system/git.ts";
import { derivation, NixPlace } from "../place.ts";

const place = new NixPlace();
afterAll(() => place.close());

const IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@localhost"];

/** A worktree with one commit. */
async function worktree(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await place.flake(name, files);
  await git([...IDENTITY, "commit", "--quiet", "--allow-empty", "-m", "base"], { cwd: directory });
  return directory;
}

interface Options {
  readonly policy?: Parameters<typeof judgeProposal>[0]["policy"];
  readonly systems?: readonly string[];
  readonly attributes?: readonly string[];
  readonly known?: Set<string>;
}

/** Judges new contents of files; undefined deletes one. */
async function propose(
  directory: string,
  files: Readonly<Record<string, string | undefined>>,
  options: Options = {},
): Promise<GateVerdict> {
  const read = (path: string): string | undefined =>
    existsSync(join(directory, path)) ? readFileSync(join(directory, path), "utf8") : undefined;
  const changes: ProposedChange[] = Object.entries(files).map(([path, after]) => ({ path, before: read(path), after }));
  const put = async (text: "before" | "after"): Promise<void> => {
    for (const change of changes) {
      const content = change[text];
      mkdirSync(dirname(join(directory, change.path)), { recursive: true });
      if (content === undefined) rmSync(join(directory, change.path), { force: true });
      else writeFileSync(join(directory, change.path), content);
    }
  };
  const { policy, systems, attributes } = options;
  return judgeProposal({
    nix: place.nix,
    worktree: directory,
    changes,
    knownHashes: options.known ?? new Set(),
    write: () => put("after"),
    revert: () => put("before"),
    ...(policy && { policy }),
    ...(systems && { systems }),
    ...(attributes && { attributes }),
  });
}

const status = (directory: string): Promise<string> => git(["status", "--porcelain"], { cwd: directory });

/** A refusal in short: stage, then rules or diagnoses with their places. */
function refusal(verdict: GateVerdict): unknown {
  if (verdict.ok) return "accepted";
  const { stage, problems, diagnoses, pending } = verdict;
  return {
    stage,
    pending,
    said: [
      ...problems.map(({ rule, file, line }) => `${rule} ${file}:${line}`),
      ...diagnoses.map(({ kind, position }) => `${kind}${position ? ` ${position.file}:${position.line}` : ""}`),
    ],
  };
}

const flake = (outputs: string, more = ""): string => `{ ${more} outputs = { self }: { ${outputs} }; }\n`;
const HELLO = `packages.x86_64-linux.default = ${derivation("hello-1.0", "echo hi > $out")};`;

describe("an accepted proposal", () => {
  test("is in the worktree, new files are tracked, the outputs are known from one evaluation", async () => {
    const directory = await worktree("accepted", { "Cargo.toml": "[package]\n" });
    const before = place.nix.processes;
    const verdict = await propose(
      directory,
      {
        "flake.nix": flake(
          `${HELLO} devShells = import ./nix/shell.nix; packages.aarch64-linux.tool = 1; apps.x86_64-linux.default = { type = "app"; program = "/x"; };`,
        ),
        "nix/shell.nix": `{ x86_64-linux.default = ${derivation("shell", ":")}; }`,
      },
      { systems: ["aarch64-linux"], attributes: ["hydraJobs.x", "packages.x86_64-linux.default"] },
    );
    if (!verdict.ok) expect.fail(JSON.stringify(verdict));
    expect(verdict.mechanics.map(({ detail }) => detail)).toEqual(["git tracks flake.nix, nix/shell.nix now (intent to add)"]);
    expect({
      derivations: Object.entries(verdict.outputs?.derivations ?? {}).map(([attribute, drv]) => `${attribute} ${drv.slice(44)}`),
      names: verdict.outputs?.names,
    }).toEqual({
      derivations: ["packages.x86_64-linux.default hello-1.0.drv", "devShells.x86_64-linux.default shell.drv"],
      names: {
        packages: { "aarch64-linux": ["tool"], "x86_64-linux": ["default"] },
        devShells: { "aarch64-linux": [], "x86_64-linux": ["default"] },
        checks: { "aarch64-linux": [], "x86_64-linux": [] },
        apps: { "aarch64-linux": [], "x86_64-linux": ["default"] },
      },
    });
    expect(await status(directory)).toBe(" A flake.nix\n A nix/shell.nix\n");
    // Parse, inputs, evaluate.
    expect(place.nix.processes - before).toBe(3);
  });

  test("may use every ordinary name, also those that each object of JavaScript has", async () => {
    const directory = await worktree("names", {});
    const named = "toString = builtins.toString 1; constructor = { hasOwnProperty = true; valueOf.__proto__ = 2; };";
    expect(refusal(await propose(directory, { "flake.nix": flake(`${HELLO} ${named}`) }))).toBe("accepted");
  });

  test("gets its lock written, and only the inputs it names move", async () => {
    const library = await worktree("library", { "flake.nix": "{ outputs = _: { value = 1; }; }" });
    const url = `git+file://${encodeURI(library)}`;
    const directory = await worktree("locking", {});
    const first = await propose(directory, {
      "flake.nix": `{ inputs.a.url = "${url}"; outputs = { self, a }: { packages.x86_64-linux.default = ${derivation("x", "echo > $out")} // { inherit (a) value; }; }; }`,
    });
    if (!first.ok) expect.fail(JSON.stringify(first));
    expect(first.moved.map(({ input, from }) => `${input} ${from ?? "new"}`)).toEqual(["a new"]);
    expect(first.mechanics.map(({ name }) => name)).toEqual(["track-files", "write-lock"]);
    expect(await status(directory)).toBe(" A flake.lock\n A flake.nix\n");
    const lock = readFileSync(join(directory, "flake.lock"), "utf8");

    await git([...IDENTITY, "commit", "--quiet", "--allow-empty", "-m", "2"], { cwd: library });
    const second = await propose(directory, {
      "flake.nix": `{ inputs.a.url = "${url}"; inputs.b.follows = "a"; outputs = { self, a, b }: { packages.x86_64-linux.default = ${derivation("y", "echo > $out")} // { inherit (b) value; }; }; }`,
    });
    if (!second.ok) expect.fail(JSON.stringify(second));
    const moved = second.moved.map(
      ({ input, from, to }) => `${input} ${from === undefined ? "new" : from === to ? "same" : "moved"}`,
    );
    expect({ moved, a: JSON.parse(readFileSync(join(directory, "flake.lock"), "utf8")).nodes.a }).toEqual({
      moved: ["b new"],
      a: JSON.parse(lock).nodes.a,
    });
  });

  test("lists what it weakens and what it downloads", async () => {
    const directory = await worktree("weaker", { "flake.nix": flake(HELLO) });
    const verdict = await propose(directory, {
      "flake.nix": `${flake(`${HELLO} checks.x86_64-linux.t = ${derivation("t", "make check || true; touch $out", "doCheck = false;")};`)}`,
    });
    expect(verdict.ok && verdict.weakenings).toEqual([
      { pattern: "doCheck = false", file: "flake.nix", line: 1 },
      { pattern: "|| true", file: "flake.nix", line: 1 },
    ]);
  });

  test("weakens nothing by taking back a check that an earlier proposal brought; one of the base it does", async () => {
    const check = (name: string): string => `checks.x86_64-linux.${name} = ${derivation(name, "echo > $out")};`;
    const directory = await worktree("taken back", { "flake.nix": flake(`${HELLO} ${check("tests")}`) });
    const weakened = async (outputs: string): Promise<unknown> => {
      const verdict = await propose(directory, { "flake.nix": flake(`${HELLO} ${outputs}`) });
      return verdict.ok && verdict.weakenings.filter(({ pattern }) => pattern === "check removed");
    };
    expect(await weakened(`${check("tests")} ${check("fmt")}`)).toEqual([]);
    expect(await weakened(check("tests"))).toEqual([]);
    expect(await weakened("")).toEqual([expect.objectContaining({ pattern: "check removed", file: "flake.nix" })]);
  });

  test("is not asked for what the repository has no flake for", async () => {
    const directory = await worktree("no-flake", { "README.md": "a" });
    const before = place.nix.processes;
    expect(await propose(directory, { "README.md": "b" })).toMatchObject({ ok: true });
    expect(place.nix.processes - before).toBe(0);
  });
});

describe("a refused proposal never touches the worktree", () => {
  test("what does not parse", async () => {
    const directory = await worktree("unparsable", { "flake.nix": flake(HELLO) });
    const verdict = await propose(directory, { "flake.nix": "{ outputs = _: { a = ''' x; }; }", "nix/x.nix": "{ a = ; }" });
    expect(refusal(verdict)).toEqual({ stage: "parse", pending: false, said: ["syntax flake.nix:1", "syntax nix/x.nix:1"] });
    expect(await status(directory)).toBe("");
  });

  test.each([
    ["nixConfig", { "flake.nix": flake(HELLO, "nixConfig.sandbox = false;") }, "nix-config flake.nix:1"],
    [
      "nixConfig under a computed name",
      { "flake.nix": flake(HELLO, '${"nix" + "Config"} = { sandbox = false; };') },
      "nix-config flake.nix:1",
    ],
    [
      "a build outside the sandbox",
      { "flake.nix": flake(`a = ${derivation("x", ":", '"__noChroot" = true;')};`) },
      "sandbox-escape flake.nix:1",
    ],
    ["an impure derivation", { "nix/x.nix": "{\n  __impure = true;\n}" }, "sandbox-escape nix/x.nix:2"],
    [
      "a program run by evaluation",
      { "nix/x.nix": 'let inherit (builtins) exec; in exec [ "ls" ]' },
      "sandbox-escape nix/x.nix:1",
    ],
    ["--impure in a string", { "nix/x.nix": "''\n  nix build --impure\n''" }, "unsafe-flag nix/x.nix:2"],
    ["--impure in a script", { "ci.sh": "#!/bin/sh\nnix build --impure\n" }, "unsafe-flag ci.sh:2"],
    [
      "a typed hash",
      { "nix/x.nix": '{ hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; }' },
      "literal-hash nix/x.nix:1",
    ],
    [
      "a typed lock",
      { "flake.lock": '{ "narHash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }' },
      "literal-hash flake.lock:1",
    ],
    ["a git filter", { ".gitattributes": "*.rs filter=x\n" }, "git-filter .gitattributes:1"],
    ["a git hook", { ".githooks/pre-commit": "#!/bin/sh\n" }, "git-hook .githooks/pre-commit:1"],
    ["a binary file", { "data.bin": "a\u0000b" }, "binary data.bin:1"],
    ["an encoded file", { "nix/tool.txt": `x\n${"QUJDRA".repeat(1000)}\n` }, "encoded-blob nix/tool.txt:2"],
  ] as const)("%s", async (name, files, said) => {
    const directory = await worktree(`policy ${name}`, { "flake.nix": flake(HELLO) });
    expect(refusal(await propose(directory, files))).toEqual({ stage: "policy", pending: false, said: [said] });
    expect(await status(directory)).toBe("");
  });

  test("what the base already has is not the proposal's", async () => {
    const base = flake(
      `a = ${derivation("x", "nix build --impure", "__noChroot = true;")}; b = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";`,
      "nixConfig.sandbox = false;",
    );
    const directory = await worktree("old sins", {
      "flake.nix": base,
      "Cargo.lock": 'checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"\n',
    });
    const hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect(
      refusal(
        await propose(directory, { "flake.nix": base.replace("outputs", 'description = "d"; outputs'), "nix/y.nix": `"${hex}"` }),
      ),
    ).toBe("accepted");
  });

  test("a hash that Nix printed in this session may be written, in any spelling", async () => {
    const directory = await worktree("known hash", {});
    const known = new Set(["sha256-LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564="]);
    expect(
      refusal(
        await propose(
          directory,
          { "nix/x.nix": '"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"' },
          { known },
        ),
      ),
    ).toBe("accepted");
    expect(refusal(await propose(directory, { "nix/x.nix": '"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="' }))).toBe(
      "accepted",
    );
  });

  test("a link that leaves the repository", async () => {
    const directory = await worktree("link", { "flake.nix": flake(HELLO) });
    symlinkSync("/etc/hostname", join(directory, "x.txt"));
    expect(refusal(await propose(directory, { "README.md": "x", "x.txt": "y" }))).toMatchObject({
      stage: "policy",
      said: ["escaping-link x.txt:1"],
    });
  });

  test("a flake below the root that takes a place of this machine, or asks for settings; edges between flakes of the repository pass", async () => {
    const directory = await worktree("nested", {
      "flake.nix": flake(HELLO),
      "old/flake.nix": '{ inputs.o.url = "path:/old"; outputs = _: { }; }\n',
      "low/flake.nix": "{ outputs = _: { }; }\n",
    });
    const nested = (inputs: string): string => `{\n  ${inputs}\n  outputs = _: { };\n}\n`;
    expect(
      refusal(
        await propose(directory, {
          "a/flake.nix": nested('inputs.x.url = "path:/etc";'),
          "b/flake.nix": nested('inputs.x.url = "git+file:///home/pat/other";'),
          "c/flake.nix": nested('inputs.x.url = "path:../../outside";'),
          "d/flake.nix": nested('inputs.x.url = "path:../none";'),
          "e/flake.nix": nested('inputs.x = { url = "github:a/b"; inputs.y.url = "path:" + "/etc"; };'),
          "f/flake.nix": nested('${"nix" + "Config"}.sandbox = false;'),
          "g/flake.nix": nested('inputs.x.url = "path:/etc?ref=a&ref=b";'),
        }),
      ),
    ).toEqual({
      stage: "policy",
      pending: false,
      said: [
        ...["a", "b", "c", "d"].map((name) => `input-policy/local ${name}/flake.nix:2`),
        "input-policy/local e/flake.nix:2",
        "nix-config f/flake.nix:1",
        "input-policy/local g/flake.nix:2",
      ],
    });
    expect(await status(directory)).toBe("");
    const before = place.nix.processes;
    const edges = {
      "a/flake.nix": nested('inputs.low.url = "path:../low"; inputs.b.url = "path:../b";'),
      "b/flake.nix": nested('inputs.root.url = "path:../"; inputs.n.url = "github:a/b";'),
      "old/flake.nix": nested('inputs.o.url = "path:/old"; inputs.low.url = "path:../low";'),
    };
    expect(refusal(await propose(directory, edges))).toBe("accepted");
    // Parse and inputs of all three, what the offending one had before, and the outputs of the root.
    expect(place.nix.processes - before).toBe(4);
    const policy = { org: "acme", ref: "^main$", transitive: "warn", forks: {}, exception: [] } as const;
    const strict = { policy: { ...policy, exception: [] } };
    const again = { "low/flake.nix": nested('inputs.n.url = "github:other/n?ref=main"; inputs.a.url = "path:../a";') };
    expect(refusal(await propose(directory, again, strict))).toMatchObject({
      said: ["input-policy/local low/flake.nix:2", "input-policy/other-owner low/flake.nix:2"],
    });
  });

  test("a file that .gitignore hides from the flake", async () => {
    const directory = await worktree("ignored", { ".gitignore": "nix/\n", "flake.nix": flake(HELLO) });
    expect(refusal(await propose(directory, { "nix/x.nix": "1" }))).toEqual({
      stage: "policy",
      pending: false,
      said: ["ignored-file nix/x.nix:1"],
    });
    expect(existsSync(join(directory, "nix/x.nix"))).toBe(false);
  });

  test("an input that the project's policy does not allow", async () => {
    const policy = { org: "acme", ref: "^feature/", transitive: "warn", forks: {}, exception: [] } as const;
    const directory = await worktree("policy input", {
      "flake.nix": '{\n  inputs.old.url = "github:other/old";\n  outputs = _: { };\n}',
    });
    const verdict = await propose(
      directory,
      {
        "flake.nix":
          '{\n  inputs.old.url = "github:other/old";\n  inputs.new.url = "github:other/new?ref=main";\n  outputs = { self, old, new, hidden }: { };\n}',
      },
      { policy: { ...policy, exception: [] } },
    );
    expect(refusal(verdict)).toEqual({
      stage: "policy",
      pending: false,
      said: ["input-policy/other-owner flake.nix:3", "input-policy/undeclared flake.nix:1"],
    });
  });

  test("an override of an input's input is an input too: a new one is refused, one that stood before is not", async () => {
    const before =
      '{\n  inputs.a = { url = "github:acme/a?ref=feature/CRQ-001-a"; inputs.old.url = "github:other/old"; };\n  outputs = { self, a }: { };\n}\n';
    const directory = await worktree("policy on overrides", { "flake.nix": before });
    const strict = { policy: { org: "acme", ref: "^feature/", transitive: "warn" as const, forks: {}, exception: [] } };
    const beside = (more: string): Record<string, string> => ({
      "flake.nix": before.replace("; };\n  outputs", `; ${more} };\n  outputs`),
    });
    expect(refusal(await propose(directory, beside('inputs.new.url = "github:other/new";'), strict))).toEqual({
      stage: "policy",
      pending: false,
      said: ["input-policy/other-owner flake.nix:2"],
    });
    // The lock cannot be written here, where there is no network: the policy let it pass.
    const passed = await propose(directory, beside('inputs.new.url = "github:acme/new?ref=feature/x";'), strict);
    expect(refusal(passed)).toMatchObject({ stage: "lock" });
  });
});

describe("a proposal that does not evaluate", () => {
  test("is taken out again, lock and index too, and may be amended", async () => {
    const library = await worktree("library 2", { "flake.nix": "{ outputs = _: { value = 1; }; }" });
    const directory = await worktree("not evaluating", {});
    const verdict = await propose(directory, {
      "flake.nix": `{ inputs.a.url = "git+file://${encodeURI(library)}"; outputs = { self, a }: {\n packages.x86_64-linux.default = a.nope; }; }`,
    });
    expect(refusal(verdict)).toEqual({ stage: "eval", pending: true, said: ["attribute flake.nix:2"] });
    expect(await status(directory)).toBe("");
    expect(existsSync(join(directory, "flake.lock"))).toBe(false);
  });

  test("a package that is no derivation, an input that cannot be reached", async () => {
    const directory = await worktree("kinds", {});
    expect(refusal(await propose(directory, { "flake.nix": flake('packages.x86_64-linux.default = "text";') }))).toEqual({
      stage: "eval",
      pending: true,
      said: ["missing-output"],
    });
    const unreachable = await propose(directory, { "flake.nix": '{ inputs.a.url = "github:o/r"; outputs = { self, a }: { }; }' });
    expect({ ...(refusal(unreachable) as object), why: !unreachable.ok && unreachable.why }).toEqual({
      stage: "lock",
      pending: true,
      said: ["input-not-found"],
      why: "unavailable",
    });
  });

  test("an untracked file that it needs is tracked for it", async () => {
    const directory = await worktree("mended", {});
    writeFileSync(join(directory, "package.nix"), derivation("p", ":"));
    const verdict = await propose(directory, { "flake.nix": flake("packages.x86_64-linux.default = import ./package.nix;") });
    expect(verdict.ok && verdict.mechanics.map(({ detail }) => detail)).toEqual([
      "git tracks flake.nix now (intent to add)",
      "git tracks package.nix now (intent to add)",
    ]);
    expect(await status(directory)).toBe(" A flake.nix\n A package.nix\n");
    writeFileSync(join(directory, "other.nix"), "1");
    const refused = await propose(directory, { "flake.nix": flake("packages.x86_64-linux.default = (import ./other.nix).x;") });
    expect(refusal(refused)).toEqual({ stage: "eval", pending: true, said: ["type flake.nix:1"] });
    expect(await status(directory)).toBe(" A flake.nix\n A package.nix\n?? other.nix\n");
  });
});
