import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { surveySchema } from "../../../src/jobs/survey/schema.ts";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place } from "../place.ts";

const SOURCE = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n';
const locked = (name: string, dependencies: readonly string[] = []): string =>
  `\n[[package]]\nname = "${name}"\nversion = "1.0.0"\n${SOURCE}dependencies = ${JSON.stringify(dependencies)}\n`;

const PROJECT = {
  "Cargo.toml":
    '[package]\nname = "fetch"\nversion = "0.2.0"\nedition = "2021"\nrust-version = "1.70"\ndefault-run = "fetch"\n\n[features]\ndb = ["dep:rusqlite"]\n\n[dependencies]\nhttp = "1"\nrusqlite = { version = "1", optional = true }\n',
  "Cargo.lock": `version = 4\n\n[[package]]\nname = "fetch"\nversion = "0.2.0"\ndependencies = ["http", "rusqlite"]\n${locked("http", ["openssl-sys"])}${locked("libsqlite3-sys")}${locked("openssl-sys")}${locked("rusqlite", ["libsqlite3-sys"])}`,
  "src/main.rs": 'const HELP: &str = include_str!("help.txt");\nfn main() {\n    println!("{HELP}");\n}\n',
  "src/bin/probe.rs": "fn main() {}\n",
  "src/help.txt": "help\n",
  "docs/nix.md": "# Nix\n\nThe package is built with naersk.\n\n```console\n$ cargo run -q\nhelp\n```\n",
};

it("prints each fact with its line, and the builder that the plan would take, without Nix and without a trace", async () => {
  const at = await place();
  const repo = await at.repository(PROJECT);
  const before = await fingerprint(repo);
  const done = await at.json(["survey", "--repo", repo], { env: { PATH: "/usr/bin:/bin" } });
  expect(done.document, done.about).toMatchObject({ schema: "crq-agent/survey/1", ok: true, exit: 0, diagnostics: [] });
  const data = surveySchema.parse(done.document.data);
  expect(data).toEqual({
    commit: (await git(["rev-parse", "HEAD"], { cwd: repo })).trim(),
    system: expect.stringMatching(/^\w+-(?:linux|darwin)$/),
    project: {
      root: ".",
      workspace: false,
      packages: [
        {
          name: "fetch",
          version: "0.2.0",
          directory: ".",
          source: "Cargo.toml:2",
          programs: [
            { name: "fetch", path: "src/main.rs", requiredFeatures: [] },
            { name: "probe", path: "src/bin/probe.rs", requiredFeatures: [] },
          ],
          defaultRun: "fetch",
          library: false,
          buildScript: null,
          examples: [],
          tests: false,
          edition: "2021",
          license: null,
          pathDependencies: [],
        },
      ],
      defaultMembers: ["fetch"],
    },
    toolchain: {
      file: null,
      minimumRust: { version: "1.70", packages: ["fetch"], source: "Cargo.toml:5" },
      requirements: [
        { version: "1.78", why: "Cargo.lock of format 4", source: "Cargo.lock:1" },
        { version: "1.70", why: "rust-version of fetch", source: "Cargo.toml:5" },
        { version: "1.56", why: "edition 2021 of fetch", source: "Cargo.toml:4" },
      ],
    },
    lock: { state: "present", version: 4, problem: null, crates: 4, git: [], vendored: null },
    native: {
      needs: [
        {
          reason: "openssl-sys 1.0.0 in Cargo.lock",
          source: "Cargo.lock:21",
          chain: ["fetch", "http", "openssl-sys"],
          nativeBuildInputs: ["pkg-config"],
          buildInputs: ["openssl"],
          environment: { OPENSSL_NO_VENDOR: "1" },
          runtimeLibraries: [],
          platform: null,
          notes: [],
        },
      ],
      setAside: [
        {
          why: "only with feature db of fetch, which is off by default",
          need: expect.objectContaining({
            reason: "libsqlite3-sys 1.0.0 in Cargo.lock",
            source: "Cargo.lock:15",
            buildInputs: ["sqlite"],
          }),
        },
      ],
    },
    neededFiles: [{ path: "src/help.txt", neededBy: "src/main.rs:1", exists: true, for: "build" }],
    ci: null,
    shownRuns: [{ program: "fetch", arguments: [], stdin: null, stdout: "help", source: "docs/nix.md:6" }],
    gitMetadata: [],
    downloads: [],
    flake: null,
    otherLanguages: [],
    recommendation: {
      builder: "naersk",
      reasons: [expect.stringMatching(/^docs\/nix\.md(?::3)? names naersk$/)],
      evidence: [{ source: "docs/nix.md:3", quote: "The package is built with naersk." }],
      remarks: [],
      obstacle: null,
    },
    warnings: ["Cargo.toml:5 promises Rust 1.70, and Cargo.lock of format 4 (Cargo.lock:1) needs Rust 1.78"],
  });
  expect(difference(before, await fingerprint(repo))).toEqual(SAME);
});

it("says the same to people, block by block", async () => {
  const at = await place();
  const repo = await at.repository(PROJECT);
  const { stdout, exit } = await at.run(["survey", "--repo", repo]);
  expect(exit).toBe(0);
  expect(stdout.split("\n").slice(1).join("\n").trim()).toBe(`Cargo package
  fetch 0.2.0  programs fetch (default), probe  (Cargo.toml:2)

Toolchain
  promised  Rust 1.70 by fetch            (Cargo.toml:5)
  at least  1.78: Cargo.lock of format 4  (Cargo.lock:1)
  at least  1.56: edition 2021 of fetch   (Cargo.toml:4)

Cargo.lock, format 4, 4 crates from outside

Native libraries and programs
  openssl-sys 1.0.0 in Cargo.lock (Cargo.lock:21)
    nativeBuildInputs pkg-config; buildInputs openssl; OPENSSL_NO_VENDOR=1
    through fetch → http → openssl-sys
  Not needed by a plain build:
    libsqlite3-sys 1.0.0 in Cargo.lock: only with feature db of fetch, which is off by default

Files besides Rust that a source filter must keep
  src/help.txt  src/main.rs:1

Runs that documents show with their output
  fetch  (docs/nix.md:6)

No flake yet

Builder: naersk
  docs/nix.md:3: The package is built with naersk.

Warnings
  Cargo.toml:5 promises Rust 1.70, and Cargo.lock of format 4 (Cargo.lock:1) needs Rust 1.78`);
});

it("looks at another commit, documents included, and says what --at cannot mean", async () => {
  const at = await place();
  const repo = await at.repository(PROJECT);
  await git(["tag", "first"], { cwd: repo });
  await writeFile(join(repo, "docs/nix.md"), "# Nix\n");
  await writeFile(join(repo, "flake.nix"), "# no naersk here\n{ outputs = { crane, ... }: { }; }\n");
  await commitAll(repo, "take crane");
  const now = surveySchema.parse((await at.json(["survey", "--repo", repo])).document.data);
  expect([now.recommendation?.builder, now.flake]).toEqual([
    "crane",
    { path: "flake.nix", builder: "crane", source: "flake.nix:2", locked: false },
  ]);
  const then = surveySchema.parse((await at.json(["survey", "--repo", repo, "--at", "first"])).document.data);
  expect([then.recommendation?.builder, then.flake]).toEqual(["naersk", null]);
  const unknown = await at.json(["survey", "--repo", repo, "--at", "-x"]);
  expect([unknown.document.ok, unknown.exit, unknown.stderr]).toEqual([false, 2, expect.stringContaining("is no commit of")]);
});

it("looks at a folder without Cargo or git too", async () => {
  const at = await place();
  const repo = await at.repository({ "package.json": "{}\n" });
  const { document } = await at.json(["survey", "--repo", repo]);
  expect(document.data).toMatchObject({ project: null, recommendation: null, otherLanguages: ["JavaScript"] });
});
