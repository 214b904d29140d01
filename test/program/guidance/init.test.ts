import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { type Files, place } from "../place.ts";

/** What `init` makes of repositories that say something of themselves, and of those that say nothing. */

const RUST: Files = {
  "Cargo.toml": '[package]\nname = "sum"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "sum"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("3");\n}\n',
};

const POLICY_DOCUMENT = [
  "# Nix",
  "",
  "Rust crates are built with naersk.",
  "",
  "```nix",
  'inputs.nixpkgs.url = "github:acme/nixpkgs?ref=feature/CRQ-016-nixify";',
  'inputs.naersk.url = "github:acme/naersk?ref=feature/CRQ-016-nixify";',
  'inputs.flake-utils.url = "github:numtide/flake-utils";',
  "```",
  "",
].join("\n");

const POLICY = {
  org: "acme",
  ref: "^feature/CRQ-\\d{3,}-[a-z0-9][a-z0-9-]*$",
  forks: { "NixOS/nixpkgs": "feature/CRQ-016-nixify", "nix-community/naersk": "feature/CRQ-016-nixify" },
};

describe("init looks before it writes", () => {
  it("takes documents, builder and the policy of vendored forks from a page, and says the lines", async () => {
    const at = await place();
    const repo = await at.repository({ ...RUST, "doc/nix.md": POLICY_DOCUMENT });
    const before = await fingerprint(repo);
    const tried = await at.json(["init", "--dry-run", "--repo", repo]);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    const policy = {
      ...POLICY,
      exception: [{ url: "github:numtide/flake-utils", reason: "in use when the policy was written (doc/nix.md:8)" }],
    };
    expect(tried.document.data).toMatchObject({
      dryRun: true,
      created: ["crq-agent.toml", "crqs/", "crqs/list.txt", "crqs/INDEX.md"],
      policy,
      found: expect.arrayContaining([
        { what: "documents", value: "doc", because: "the folder is there" },
        { what: "project", value: "sum 0.1.0, programs sum", because: "Cargo.toml:2" },
        { what: "builder", value: "naersk", because: "doc/nix.md:3" },
      ]),
      left: [
        { key: "model", why: "rules need no key and cost nothing" },
        { key: "limits", why: "a matter of money and time, not of the repository" },
      ],
    });
    const made = await at.run(["init", "--repo", repo]);
    expect(made).toMatchObject({ exit: 0, stderr: "", stdout: expect.stringContaining("doc/nix.md:6: ") });
    const config = parseConfig("crq-agent.toml", await readFile(join(repo, "crq-agent.toml"), "utf8"));
    expect([config.docs, config.policy.inputs]).toEqual([["doc"], { ...policy, transitive: "warn" }]);
    // What it wrote is read by the verbs that go on from here.
    expect((await at.run(["lint", "--repo", repo])).exit).toBe(0);
    expect((await at.json(["survey", "--repo", repo])).document.data).toMatchObject({ recommendation: { builder: "naersk" } });
    const again = await at.json(["init", "--repo", repo]);
    expect(again.document.data).toMatchObject({ created: [] });
  });

  it("takes the policy from a flake that has its inputs in forks, and adds no exception for what obeys", async () => {
    const at = await place();
    const repo = await at.repository({
      ...RUST,
      "flake.nix": '{\n  inputs.nixpkgs.url = "github:acme/nixpkgs?ref=stable";\n  outputs = { self, nixpkgs }: { };\n}\n',
    });
    const made = await at.json(["init", "--repo", repo]);
    expect(made.document.data).toMatchObject({
      policy: { org: "acme", ref: "^(?:stable)$", forks: { "NixOS/nixpkgs": "stable" }, exception: [] },
      found: expect.arrayContaining([{ what: "flake", value: "flake.nix, not locked", because: "" }]),
    });
  });

  it("leaves the policy out where two organisations have forks, or none has", async () => {
    const at = await place();
    const two = POLICY_DOCUMENT.replace("github:acme/naersk", "github:other/naersk");
    const repo = await at.repository({ ...RUST, "docs/nix.md": two });
    const left = (why: string) => expect.arrayContaining([{ key: "policy.inputs", why }]);
    expect((await at.json(["init", "--dry-run", "--repo", repo])).document.data).toMatchObject({
      policy: null,
      left: left("forks come from acme and other, and which of them is the rule is yours to say"),
    });
    const c = await at.repository({ "main.c": "int main(void) { return 0; }\n", Makefile: "all:\n\tcc main.c\n" }, "c");
    expect((await at.json(["init", "--repo", c])).document.data).toMatchObject({
      found: [{ what: "project", value: "no language that is known", because: "no Cargo.toml" }],
      left: left("no flake and no document says where an input comes from"),
    });
  });

  it("works in a folder without git, and in a repository without a commit", async () => {
    const at = await place();
    const plain = join(at.folder, "plain");
    await mkdir(join(plain, "src"), { recursive: true });
    for (const [path, text] of Object.entries(RUST)) await writeFile(join(plain, path), text);
    expect((await at.json(["init", "--repo", plain])).document.data).toMatchObject({
      git: false,
      found: expect.arrayContaining([{ what: "project", value: "sum 0.1.0, programs sum", because: "Cargo.toml:2" }]),
    });
    const empty = join(at.folder, "empty");
    await mkdir(empty);
    expect((await at.json(["init", "--repo", empty])).document).toMatchObject({
      exit: 0,
      data: { found: [], created: expect.arrayContaining(["crq-agent.toml"]) },
    });
    const uncommitted = join(at.folder, "uncommitted");
    await mkdir(uncommitted);
    await git(["init", "--quiet"], { cwd: uncommitted });
    const { stdout } = await at.run(["init", "--repo", uncommitted]);
    expect(stdout.split("\n").at(-3)).toMatch(/no commit yet.* Commit first: git add -A && git commit$/u);
  });
});
