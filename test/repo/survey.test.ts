import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { survey } from "../../src/repo/survey.ts";
import { git } from "../../src/system/git.ts";
import { repositoryWith, writeFiles } from "./tree-on-disk.ts";

const named = (source: string, line: number, quote: string, content: string) => ({
  source,
  line,
  quote,
  sha256: createHash("sha256").update(content).digest("hex"),
});

const look = (directory: string) => survey(directory, { ref: "HEAD" });

const CARGO_LOCK = 'version = 4\n\n[[package]]\nname = "count"\nversion = "0.3.1"\n';

describe("survey of a plain binary crate", () => {
  it("is told whole", async () => {
    const manifest =
      '[package]\nname = "count"\nversion = "0.3.1"\nedition = "2021"\ndescription = "Counts words"\nlicense = "MIT"\n';
    const directory = await repositoryWith({
      "Cargo.toml": manifest,
      "Cargo.lock": CARGO_LOCK,
      "README.md": "# count\n",
      "src/main.rs": 'fn main() {\n    println!("{}", 1);\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn one() {}\n}\n',
    });
    const head = (await git(["rev-parse", "HEAD"], { cwd: directory })).trim();
    expect(await look(directory)).toEqual({
      head,
      files: ["Cargo.lock", "Cargo.toml", "README.md", "src/main.rs"],
      filesTotal: 4,
      uncommitted: [],
      cargo: {
        root: ".",
        workspace: false,
        packages: [
          {
            name: "count",
            named: named("Cargo.toml", 2, 'name = "count"', manifest),
            version: "0.3.1",
            versionFrom: "package",
            directory: ".",
            binaries: [{ name: "count", path: "src/main.rs", requiredFeatures: [], answers: [] }],
            library: false,
            edition: "2021",
            description: "Counts words",
            license: "MIT",
            hasTests: true,
            pathDependencies: [],
          },
        ],
        dependencies: [],
        defaultMembers: ["count"],
        lock: { state: "present", version: 4, crates: [{ name: "count", version: "0.3.1" }] },
        rustRequirements: [
          { version: "1.78", why: "Cargo.lock of format 4", source: "Cargo.lock:1" },
          { version: "1.56", why: "edition 2021 of count", source: "Cargo.toml:4" },
        ],
      },
      nativeNeeds: [],
      neededFiles: [],
      readme: { path: "README.md", text: "# count\n" },
      ignored: [],
      otherLanguages: [],
      warnings: [],
    });
  });

  it("looks at the commit, not at the checkout, and names what is not committed", async () => {
    const directory = await repositoryWith({
      "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n',
      "src/main.rs": "fn main() {}\n",
    });
    writeFiles(directory, {
      "Cargo.toml": '[package]\nname = "b"\nversion = "2.0.0"\n',
      "src/extra.rs": "",
      "odd name\t.txt": "",
    });
    const found = await look(directory);
    expect(found.cargo?.packages.map((pkg) => pkg.name)).toEqual(["a"]);
    expect(found.uncommitted).toEqual(["Cargo.toml", "odd name\t.txt", "src/extra.rs"]);
    expect(found.files).not.toContain("src/extra.rs");
  });

  it("leaves the index as it was", async () => {
    const directory = await repositoryWith({ "Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": "fn main() {}\n" });
    const index = () => git(["ls-files", "--stage", "--debug"], { cwd: directory });
    const before = await index();
    await look(directory);
    expect(await index()).toEqual(before);
  });
});

describe("survey of workspaces", () => {
  it("follows globs, inheritance, excludes, default members and path dependencies", async () => {
    const directory = await repositoryWith({
      "Cargo.toml": [
        "[workspace]",
        'members = ["crates/*", "./tools/gen/"]',
        'exclude = ["crates/old"]',
        'default-members = ["crates/web"]',
        "[workspace.package]",
        'version = "2.5.0"',
        'edition = "2024"',
        'rust-version = "1.85"',
        "[workspace.dependencies]",
        'core = { path = "crates/core" }',
        "",
      ].join("\n"),
      "crates/web/Cargo.toml":
        '[package]\nname = "web"\nversion.workspace = true\nedition.workspace = true\nrust-version = { workspace = true }\n[dependencies]\ncore.workspace = true\nouter = { path = "../../../outer" }\n',
      "crates/web/src/main.rs": "fn main() {}\n",
      "crates/core/Cargo.toml":
        '[package]\nname = "core"\nversion = "0.1.0"\n[dependencies]\nhidden = { path = "../../inner/hidden" }\n',
      "crates/core/src/lib.rs": "",
      "crates/core/tests/api.rs": "#[tokio::test]\nasync fn works() {}\n",
      "crates/old/Cargo.toml": '[package]\nname = "old"\nversion = "9.9.9"\n',
      "inner/hidden/Cargo.toml": '[package]\nname = "hidden"\nversion = "0.0.1"\n',
      "inner/hidden/src/lib.rs": "",
      "tools/gen/Cargo.toml":
        '[package]\nname = "gen"\nversion = "0.2.0"\nautobins = false\n[[bin]]\nname = "generate"\npath = "src/go.rs"\nrequired-features = ["cli"]\n',
      "tools/gen/src/go.rs": "fn main() {}\n",
      "tools/gen/src/bin/other.rs": "fn main() {}\n",
    });
    const { cargo, warnings } = await look(directory);
    expect(cargo?.packages.map((pkg) => `${pkg.named?.source}:${pkg.named?.line} ${pkg.named?.quote}`)).toEqual([
      'crates/core/Cargo.toml:2 name = "core"',
      'crates/web/Cargo.toml:2 name = "web"',
      'inner/hidden/Cargo.toml:2 name = "hidden"',
      'tools/gen/Cargo.toml:2 name = "gen"',
    ]);
    expect({ ...cargo, packages: cargo?.packages.map(({ named: _, ...pkg }) => pkg) }).toEqual({
      root: ".",
      workspace: true,
      rustRequirements: [
        { version: "1.85", why: "rust-version of web", source: "Cargo.toml:8" },
        { version: "1.85", why: "edition 2024 of web", source: "Cargo.toml:7" },
      ],
      minimumRust: { version: "1.85", packages: ["web"], source: "Cargo.toml:8" },
      packages: [
        {
          name: "core",
          version: "0.1.0",
          versionFrom: "package",
          directory: "crates/core",
          binaries: [],
          library: true,
          hasTests: true,
          pathDependencies: ["inner/hidden"],
        },
        {
          name: "web",
          version: "2.5.0",
          versionFrom: "workspace",
          directory: "crates/web",
          binaries: [{ name: "web", path: "crates/web/src/main.rs", requiredFeatures: [], answers: [] }],
          library: false,
          rustVersion: "1.85",
          edition: "2024",
          hasTests: false,
          pathDependencies: ["../outer", "crates/core"],
        },
        {
          name: "hidden",
          version: "0.0.1",
          versionFrom: "package",
          directory: "inner/hidden",
          binaries: [],
          library: true,
          hasTests: false,
          pathDependencies: [],
        },
        {
          name: "gen",
          version: "0.2.0",
          versionFrom: "package",
          directory: "tools/gen",
          binaries: [{ name: "generate", path: "tools/gen/src/go.rs", requiredFeatures: ["cli"], answers: [] }],
          library: false,
          hasTests: false,
          pathDependencies: [],
        },
      ],
      dependencies: [
        { name: "core", path: "crates/core", source: "crates/web/Cargo.toml:7" },
        { name: "hidden", path: "inner/hidden", source: "crates/core/Cargo.toml:5" },
        { name: "outer", path: "../outer", source: "crates/web/Cargo.toml:8" },
      ],
      defaultMembers: ["web"],
      lock: { state: "missing", crates: [] },
    });
    expect(warnings).toEqual([]);
  });

  it("finds a project that is not at the root", async () => {
    const directory = await repositoryWith({
      "app/Cargo.toml": '[package]\nname = "app"\nversion = "1.2.3"\n',
      "app/src/main.rs": "fn main() {}\n",
      "app/src/bin/one.rs": "fn main() {}\n",
      "app/src/bin/two/main.rs": "fn main() {}\n",
      "app/src/bin/two/part.rs": "",
      "app/rust-toolchain": "1.79.0\n",
    });
    const { cargo } = await look(directory);
    expect(cargo?.root).toBe("app");
    expect(cargo?.packages[0]?.binaries.map(({ name, path }) => [name, path])).toEqual([
      ["app", "app/src/main.rs"],
      ["one", "app/src/bin/one.rs"],
      ["two", "app/src/bin/two/main.rs"],
    ]);
    expect(cargo?.toolchainFile).toEqual({ path: "app/rust-toolchain", channel: "1.79.0", components: [], targets: [] });
  });

  it("says that there is no Cargo project, and what else there is", async () => {
    const found = await look(await repositoryWith({ "package.json": "{}", "api/go.mod": "module x\n" }));
    expect(found.cargo).toBeUndefined();
    expect(found.otherLanguages).toEqual(["Go", "JavaScript"]);
  });
});

describe("survey of a repository in another language that holds Cargo projects", () => {
  const node = { "package.json": '{ "name": "reed", "version": "1.0.0", "bin": "reed.js" }', "reed.js": "console.log(1);\n" };
  const crate = (folder: string) => ({
    [`${folder}/Cargo.toml`]: '[package]\nname = "a"\nversion = "1.0.0"\n',
    [`${folder}/src/main.rs`]: "fn main() {}\n",
  });
  const seen = async (files: Readonly<Record<string, string>>) => {
    const { cargo, language } = await look(await repositoryWith(files));
    return cargo?.root ?? language?.file;
  };

  it("takes those of documents, of tests and deep below for samples", async () => {
    expect(await seen({ ...node, ...crate("docs/demo/repo") })).toBe("package.json");
    expect(await seen({ ...node, ...crate("tests/data") })).toBe("package.json");
    expect(await seen({ ...node, ...crate("suite/cases/one/repo") })).toBe("package.json");
  });

  it("takes one of its own for the project, and a sample where there is nothing else", async () => {
    expect(await seen({ ...node, ...crate("crates/native"), ...crate("docs/demo/repo") })).toBe("crates/native");
    expect(await seen({ ...node, ...crate("native") })).toBe("native");
    expect(await seen(crate("docs/demo/repo"))).toBe("docs/demo/repo");
    expect(await seen({ "web/package.json": node["package.json"], ...crate("docs/demo/repo") })).toBe("docs/demo/repo");
  });
});

describe("survey of a flake in another language", () => {
  const flake = async (files: Readonly<Record<string, string>>) => {
    const found = (await look(await repositoryWith(files))).flake;
    return found && { builder: found.builder ?? found.otherBuilder, source: found.builderSource };
  };

  it("names the builder and its line, in the flake or in a file that the flake names", async () => {
    expect(await flake({ "flake.nix": "{\n  x = pkgs.buildGo126Module { };\n}\n" })).toEqual({
      builder: "buildGoModule",
      source: "flake.nix:2",
    });
    expect(
      await flake({
        "flake.nix": "{\n  # buildGoModule would not do\n  x = pkgs.callPackage ./nix { };\n}\n",
        "nix/default.nix": "{ callPackage }:\ncallPackage ./parts/package.nix { }\n",
        "nix/parts/package.nix": "{ pkgs }:\npkgs.buildNpmPackage { src = ../..; }\n",
      }),
    ).toEqual({ builder: "buildNpmPackage", source: "nix/parts/package.nix:2" });
  });

  it("names none where the text shows none, nor one of a file that the flake does not name", async () => {
    expect(await flake({ "flake.nix": "{ x = ./missing.nix; y = ./.; }\n", "other.nix": "buildNpmPackage\n" })).toEqual({
      builder: undefined,
      source: undefined,
    });
  });
});

describe("survey of a flake's clippy", () => {
  const denied = async (files: Readonly<Record<string, string>>) => (await look(await repositoryWith(files))).flake?.clippyDenied;

  it("says where its warnings are errors, in the flake or in a file that the flake names", async () => {
    expect(await denied({ "flake.nix": '{\n  x = "cargo clippy --all-targets -- -D warnings";\n}\n' })).toBe("flake.nix:2");
    expect(
      await denied({
        "flake.nix": "{\n  x = import ./nix/build.nix;\n}\n",
        "nix/build.nix": 'c: c.cargoClippy {\n  cargoClippyExtraArgs = "--all-targets -- --deny warnings";\n}\n',
      }),
    ).toBe("nix/build.nix:2");
  });

  it("says nothing where they are none", async () => {
    for (const text of ['cargoClippyExtraArgs = "--all-targets";', "# cargo clippy -- -D warnings", "clippy; rustc -D warnings"])
      expect(await denied({ "flake.nix": `{\n  x = {\n    ${text}\n  };\n}\n` }), text).toBeUndefined();
  });
});

describe("survey of ignored files", () => {
  const crate = { "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n', "src/main.rs": "fn main() {}\n" };

  it("names the rule that keeps Cargo.lock and flake.lock out", async () => {
    const directory = await repositoryWith({ ...crate, ".gitignore": "/target\n*.lock\n" });
    const found = await look(directory);
    expect(found.cargo?.lock).toEqual({ state: "ignored", crates: [] });
    const by = { file: ".gitignore", line: 2, pattern: "*.lock", text: "/target\n*.lock\n" };
    expect(found.ignored).toEqual([
      { path: "flake.lock", by },
      { path: "Cargo.lock", by },
    ]);
  });

  it("does not mind a rule that a tracked file overrides, nor a person's own excludes", async () => {
    const directory = await repositoryWith({ ...crate, "Cargo.lock": CARGO_LOCK });
    writeFileSync(join(directory, ".git/info/exclude"), "flake.lock\nCargo.lock\n");
    expect((await look(directory)).ignored).toEqual([]);
  });
});

describe("survey of what a build reads", () => {
  it("finds included files, watched files and conventional folders", async () => {
    const directory = await repositoryWith({
      "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n',
      "build.rs":
        'fn main() {\n    println!("cargo:rerun-if-changed=data/words.txt");\n    println!("cargo:rerun-if-changed=build.rs");\n}\n',
      "data/words.txt": "x\n",
      "src/main.rs":
        '// include_str!("comment.txt")\nconst HELP: &str = include_str!("../help.txt");\nconst RAW: &[u8] = std::include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/words.txt"));\ninclude!(concat!(env!("OUT_DIR"), "/generated.rs"));\nfn main() { let s = "include_str!(\\"no.txt\\")"; }\n',
      "help.txt": "help\n",
      "migrations/1.sql": "",
    });
    writeFiles(directory, { "later.txt": "" });
    expect((await look(directory)).neededFiles).toEqual([
      { path: "help.txt", neededBy: "src/main.rs:2", exists: true },
      { path: "data/words.txt", neededBy: "src/main.rs:3", exists: true },
      { path: "data/words.txt", neededBy: "build.rs:2", exists: true },
      { path: "migrations", neededBy: "by convention", exists: true },
    ]);
  });

  it("reads native needs from Cargo.lock and from build scripts", async () => {
    const source = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n';
    const directory = await repositoryWith({
      "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n[dependencies]\nalsa-sys = "0.3"\nlibz-sys = "1"\n',
      "Cargo.lock": `version = 3\n\n[[package]]\nname = "a"\nversion = "1.0.0"\ndependencies = ["alsa-sys", "libz-sys"]\n\n[[package]]\nname = "alsa-sys"\nversion = "0.3.1"\n${source}\n[[package]]\nname = "libz-sys"\nversion = "1.1.0"\n${source}`,
      "build.rs": 'fn main() {\n    std::process::Command::new("pkg-config").args(["--libs", "openssl"]).output().unwrap();\n}\n',
      "src/main.rs": "fn main() {}\n",
    });
    expect((await look(directory)).nativeNeeds).toEqual([
      { reason: "build.rs:2 runs pkg-config", nativeBuildInputs: ["pkg-config"], buildInputs: [], environment: {} },
      {
        reason: "build.rs:2 asks pkg-config for openssl",
        nativeBuildInputs: ["pkg-config"],
        buildInputs: ["openssl"],
        environment: {},
      },
      {
        reason: "libz-sys 1.1.0 in Cargo.lock",
        nativeBuildInputs: ["pkg-config"],
        buildInputs: ["zlib"],
        environment: {},
        source: "Cargo.lock:14",
        chain: ["a", "libz-sys"],
      },
      {
        reason: "alsa-sys 0.3.1 in Cargo.lock",
        nativeBuildInputs: ["pkg-config"],
        buildInputs: ["alsa-lib"],
        environment: {},
        platform: "linux",
        source: "Cargo.lock:9",
        chain: ["a", "alsa-sys"],
      },
    ]);
  });
});

describe("survey of odd repositories", () => {
  it("does not follow a link that leaves the repository", async () => {
    const directory = await repositoryWith(
      { "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n', "src/lib.rs": "" },
      { "README.md": "/etc/passwd", "src/main.rs": "../../../etc/passwd" },
    );
    const found = await look(directory);
    expect(found.readme).toBeUndefined();
    expect(JSON.stringify(found)).not.toContain("root:");
  });

  it("reads CRLF, a byte order mark, invalid UTF-8 and paths with spaces, quotes and Unicode", async () => {
    const directory = await repositoryWith({
      "Cargo.toml": '\uFEFF[package]\r\nname = "a"\r\nversion = "1.0.0"\r\n',
      "src/main.rs": 'fn main() {\r\n    let s = include_str!("a \\"q\\" ü.txt");\r\n}\r\n',
      'src/a "q" ü.txt': "x",
      "src/odd.rs": new Uint8Array([0x2f, 0x2f, 0xff, 0xfe, 0x0a]),
      "README.md": new Uint8Array([0x23, 0x20, 0xff, 0x0a]),
    });
    const found = await look(directory);
    expect(found.neededFiles).toEqual([{ path: 'src/a "q" ü.txt', neededBy: "src/main.rs:2", exists: true }]);
    expect(found.readme).toEqual({ path: "README.md" });
    expect(found.cargo?.packages[0]?.name).toBe("a");
  });

  it("lists a large file without reading it, and says so when it was wanted", async () => {
    const directory = await repositoryWith({
      "Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\n',
      "src/main.rs": "fn main() {}\n",
      "src/table.rs": new Uint8Array(2 * 1024 * 1024).fill(0x20),
      "asset.bin": new Uint8Array(3 * 1024 * 1024),
    });
    const found = await look(directory);
    expect(found.files).toContain("asset.bin");
    expect(found.warnings).toEqual(["src/table.rs is larger than 1 MiB (2097152 bytes) and was not read"]);
  });

  it("names the place where a manifest does not parse", async () => {
    const found = await look(await repositoryWith({ "Cargo.toml": "[package\nname = 1\n" }));
    expect(found.cargo).toBeUndefined();
    expect(found.warnings).toEqual([expect.stringMatching(/^Cargo\.toml does not parse: line 1, column \d+: /)]);
  });

  it("throws git's own words for an unknown commit", async () => {
    const directory = await repositoryWith({ a: "" });
    await expect(survey(directory, { ref: "nowhere" })).rejects.toThrow(/rev-parse/);
  });
});
