import { describe, expect, test } from "vitest";
import { craneCrate, craneFlake, derivationNames } from "./crane-flake.ts";
import { cannotRun, shipped } from "./shipped.ts";

const CRANE = 'crane = builtins.getFlake "github:ipetkov/crane"; craneLib = crane.mkLib pkgs;';

describe.skipIf(cannotRun !== undefined)("crane in the shipped world", () => {
  const { project, nix, built, confined, value, world } = shipped();

  test("a package is built on its dependencies, tested and installed, and keeps neither sources nor compiler", async () => {
    const cwd = await project(
      craneCrate({
        name: "counter",
        dependencies: ["itoa"],
        outputs: `
          packages.\${system}.default = craneLib.buildPackage { src = craneLib.cleanCargoSource ./.; strictDeps = true; };`,
        files: {
          "src/lib.rs":
            'pub fn shown(n: u32) -> String {\n    itoa::Buffer::new().format(n).to_owned()\n}\n\n#[test]\nfn shows() {\n    assert_eq!(shown(7), "7");\n}\n',
          "src/main.rs": 'fn main() {\n    println!("{}", counter::shown(42));\n}\n',
        },
      }),
    );
    const done = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L");
    const log = done.stderr.split("\n");
    // cargo compiles the crate of the registry in the derivation of the dependencies, and there only.
    expect(log.filter((line) => line.includes("Compiling itoa"))).toEqual([
      expect.stringMatching(/^counter-deps> +Compiling itoa v/),
    ]);
    expect(log).toContain("counter> test shows ... ok");
    expect(log.filter((line) => line.includes("command cargo") && !line.includes("--version"))).toEqual([
      "counter-deps> ++ command cargo check --release --locked --all-targets",
      "counter-deps> ++ command cargo build --release --locked",
      "counter-deps> ++ command cargo test --release --locked --no-run",
      "counter> ++ command cargo build --release --message-format json-render-diagnostics --locked",
      "counter> ++ command cargo test --release --locked",
    ]);
    const out = done.stdout.trim();
    expect(await confined(`${out}/bin/counter`)).toMatchObject({ exit: 0, stdout: "42\n" });
    const needed = await nix(cwd, "path-info", "--recursive", out);
    expect(
      needed.stdout
        .replace(/\/nix\/store\/[a-z0-9]{32}-/g, "")
        .trim()
        .split("\n")
        .sort(),
    ).toEqual(["counter-0.3.0", "host-gcclib", "host-glibc"]);
    expect(world().environment.misses()).toEqual([]);
  });

  test("every derivation has the name that crane gives it", async () => {
    const cwd = await project(
      craneCrate({
        name: "named",
        dependencies: ["itoa"],
        outputs: `
          packages.\${system} = let
            common = { src = craneLib.cleanCargoSource ./.; strictDeps = true; };
            on = common // { cargoArtifacts = craneLib.buildDepsOnly common; };
          in {
            package = craneLib.buildPackage on;
            build = craneLib.cargoBuild on;
            clippy = craneLib.cargoClippy (on // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
            doc = craneLib.cargoDoc on;
            doctest = craneLib.cargoDocTest on;
            fmt = craneLib.cargoFmt { inherit (common) src; };
            test = craneLib.cargoTest on;
            shell = craneLib.devShell { checks = removeAttrs self.packages.\${system} [ "shell" ]; };
          };`,
      }),
    );
    const attributes = ["package", "build", "clippy", "doc", "doctest", "fmt", "test", "shell"];
    const shown = await nix(cwd, "derivation", "show", "--recursive", ...attributes.map((name) => `.#${name}`));
    expect(derivationNames(shown.stdout, /named|^cargo-(src|package|git)|vendor-|nix-shell|^source$/)).toEqual([
      "cargo-package-itoa-1.0.18",
      "cargo-src-itoa-1.0.18",
      "named-0.3.0",
      "named-build-0.3.0",
      "named-clippy-0.3.0",
      "named-deps-0.3.0",
      "named-doc-0.3.0",
      "named-doctest-0.3.0",
      "named-fmt-0.3.0",
      "named-test-0.3.0",
      "nix-shell",
      // The dummy source has the name of the source, and so the folder that cargo sees.
      "source",
      "vendor-cargo-deps",
      "vendor-registry",
    ]);
  });

  const MANIFEST = '[package]\nname = "x"\nversion = "1.0.0"\nedition = "2021"\n';

  test("what is missing or wrong is said in crane's words, while evaluating", async () => {
    const REFUSALS: Readonly<Record<string, readonly [argument: string, ...messages: string[]]>> = {
      noLock: [
        "craneLib.buildPackage { src = craneLib.cleanCargoSource ./bare; }",
        "error: unable to find Cargo.lock at /nix/store/",
        "please ensure one of the following:",
        "`git add -N Cargo.lock`",
      ],
      noManifest: [
        "craneLib.buildPackage { src = ./empty; }",
        "error: unable to infer crate name and version. please ensure one of the following:",
      ],
      noSource: ["craneLib.vendorCargoDeps { }", "error: unable to find `src` attribute. consider one of the following:"],
      noArtifacts: ["craneLib.cargoClippy { src = ./bare; }", "called without required argument 'cargoArtifacts'"],
      noTool: ["craneLib.cargoDeny { src = ./foreign; }", 'Function called without required argument "cargo-deny"'],
      unknownRegistry: [
        "craneLib.buildPackage { src = ./foreign; }",
        "evaluation warning: unable to find registry name/url configurations for the registries below:",
        "error: not sure how to download crates from registry+https://code.example/index.",
        "known registries are:",
      ],
      functionAsValue: [
        "craneLib.buildPackage { src = ./foreign; cargoVendorDir = null; overrideVendorGitCheckout = ps: drv: drv; }",
        "cannot coerce a function to a string",
      ],
    };
    const cwd = await project({
      "flake.nix": craneFlake(
        Object.entries(REFUSALS)
          .map(([name, [expression]]) => `${name} = (${expression}).drvPath;`)
          .join("\n"),
      ),
      "bare/Cargo.toml": MANIFEST,
      "empty/README.md": "",
      "foreign/Cargo.toml": MANIFEST,
      "foreign/Cargo.lock": `version = 4\n\n[[package]]\nname = "own"\nversion = "1.0.0"\nsource = "registry+https://code.example/index"\nchecksum = "${"0".repeat(64)}"\n`,
    });
    for (const [name, [, ...messages]] of Object.entries(REFUSALS)) {
      const done = await nix(cwd, "eval", `.#${name}`);
      expect([name, done.exit, ...messages.map((message) => done.stderr.includes(message) || done.stderr)]).toEqual([
        name,
        1,
        ...messages.map(() => true),
      ]);
    }
  });

  test("a name that no manifest gives is a placeholder, with a warning", async () => {
    const cwd = await project({
      "Cargo.toml": '[workspace]\nmembers = ["a"]\nresolver = "2"\n',
      "Cargo.lock": 'version = 4\n\n[[package]]\nname = "a"\nversion = "1.0.0"\n',
      "a/Cargo.toml": '[package]\nname = "a"\nversion = "1.0.0"\nedition = "2021"\n',
      "flake.nix": craneFlake(`
        without = (craneLib.buildPackage { src = ./.; }).name;
        given = (craneLib.buildPackage { src = ./.; pname = "suite"; version = "2"; }).name;
        elsewhere = (craneLib.buildPackage ({ src = ./.; } // craneLib.crateNameFromCargoToml { cargoToml = ./a/Cargo.toml; })).name;`),
    });
    const seen = await Promise.all(["without", "given", "elsewhere"].map((name) => nix(cwd, "eval", "--raw", `.#${name}`)));
    expect(seen.map(({ stdout, stderr }) => [stdout, stderr.includes("placeholder")])).toEqual([
      ["cargo-package-0.0.1", true],
      ["suite-2", false],
      ["a-1.0.0", false],
    ]);
    expect(seen[0]?.stderr).toMatch(
      /evaluation warning: crane will use a placeholder value since `name` cannot be found in \/nix\/store\/[a-z0-9]{32}-Cargo\.toml\n/,
    );
    expect(seen[0]?.stderr).toContain("crane will use a placeholder value since `version` cannot be found in ");
  });

  test("sources keep what cargo reads and nothing else, by filter and by file set", async () => {
    const cwd = await project({
      "Cargo.toml": MANIFEST,
      "src/main.rs": "fn main() {}\n",
      "flake.nix": craneFlake(`
        x = let
          files = dir: lib.concatLists (lib.mapAttrsToList (name: type: if type == "directory" then map (f: "\${name}/\${f}") (files (dir + "/\${name}")) else [ name ]) (builtins.readDir dir));
          listed = source: lib.naturalSort (files source.outPath);
          set = fileset: listed (lib.fileset.toSource { root = ./.; inherit fileset; });
          f = craneLib.fileset;
        in {
          clean = listed (craneLib.cleanCargoSource ./.);
          name = (craneLib.cleanCargoSource ./.).name;
          path = builtins.substring 44 (-1) (craneLib.path ./.);
          common = set (f.commonCargoSources ./.);
          rust = set (f.rust ./.);
          toml = set (f.toml ./.);
          config = set (f.configToml ./.);
          manifests = set (f.cargoTomlAndLock ./.);
          more = set (lib.fileset.unions [ (f.commonCargoSources ./.) ./README.md ]);
        };`),
      "Cargo.lock": "version = 4\n",
      "README.md": "x\n",
      "rustfmt.toml": "",
      "src/query.sql": "x\n",
      ".cargo/config.toml": "",
      ".cargo/config": "",
      "assets/logo.svg": "x\n",
    });
    const done = await nix(cwd, "eval", "--json", ".#x");
    const common = [".cargo/config.toml", "Cargo.lock", "Cargo.toml", "rustfmt.toml", "src/main.rs"];
    const sorted = (names: readonly string[]) => [...names].sort();
    const seen = JSON.parse(done.stdout) as Record<string, string[] | string>;
    expect(Object.fromEntries(Object.entries(seen).map(([key, one]) => [key, Array.isArray(one) ? sorted(one) : one]))).toEqual({
      clean: sorted([...common, ".cargo/config"]),
      name: "source",
      path: "source",
      common: sorted(common),
      rust: ["src/main.rs"],
      toml: sorted([".cargo/config.toml", "Cargo.toml", "rustfmt.toml"]),
      config: [".cargo/config.toml"],
      manifests: ["Cargo.lock", "Cargo.toml"],
      more: sorted([...common, "README.md"]),
    });
  });

  test("the dummy source has the manifests, the lock file, cargo's configuration and an empty program for each target", async () => {
    const cwd = await project({
      "flake.nix": craneFlake(
        'packages.${system}.default = craneLib.mkDummySrc { src = craneLib.cleanCargoSource ./.; extraDummyScript = "echo more >$out/extra"; };',
      ),
      "Cargo.toml":
        '[workspace]\nmembers = ["macros"]\n\n[package]\nname = "whole"\nversion = "1.0.0"\nedition = "2021"\nauthors = ["me"]\ndescription = "d"\n\n[features]\nfast = []\n\n[[bin]]\nname = "other"\n\n[[bin]]\nname = "placed"\npath = "tools/placed.rs"\nrequired-features = ["fast"]\n\n[[test]]\nname = "long"\nharness = false\n\n[lints.rust]\nunsafe_code = "forbid"\n',
      "Cargo.lock": "version = 4\n",
      ".cargo/config.toml": '[alias]\nx = "run"\n',
      "build.rs": 'fn main() { std::fs::read_to_string("schema.txt").unwrap(); }\n',
      "src/lib.rs": 'pub const TEXT: &str = include_str!("text.txt");\n',
      "src/main.rs": "fn main() {}\n",
      "src/module.rs": "",
      "src/bin/found.rs": "fn main() {}\n",
      "src/bin/deep/main.rs": "fn main() {}\n",
      "src/bin/other.rs": "fn main() {}\n",
      "tests/long.rs": "fn main() {}\n",
      "tests/unnamed.rs": "",
      "tools/placed.rs": "fn main() {}\n",
      "macros/Cargo.toml": '[package]\nname = "macros"\nversion = "1.0.0"\nedition = "2021"\n\n[lib]\nproc-macro = true\n',
      "macros/src/lib.rs": "",
    });
    const out = await built(cwd, "default");
    const read = await nix(
      cwd,
      "eval",
      "--impure",
      "--json",
      "--expr",
      `
      let files = dir: builtins.concatLists (builtins.attrValues (builtins.mapAttrs (name: type: if type == "directory" then map (f: "\${name}/\${f}") (files "\${dir}/\${name}") else [ name ]) (builtins.readDir dir)));
          read = file: builtins.readFile "${out}/\${file}";
      in { files = files "${out}"; manifest = builtins.fromTOML (builtins.unsafeDiscardStringContext (read "Cargo.toml")); main = read "src/main.rs"; macros = read "macros/src/lib.rs"; }`,
    );
    const seen = JSON.parse(read.stdout) as { files: string[]; manifest: unknown; main: string; macros: string };
    expect({ ...seen, files: seen.files.sort() }).toEqual({
      files: [
        ".cargo/config.toml",
        "Cargo.lock",
        "Cargo.toml",
        "extra",
        "macros/Cargo.toml",
        "macros/src/lib.rs",
        "src/bin/deep/main.rs",
        "src/bin/found.rs",
        "src/bin/other.rs",
        "src/lib.rs",
        "src/main.rs",
        "tests/long.rs",
        "tools/placed.rs",
      ],
      manifest: {
        workspace: { members: ["macros"] },
        package: {
          name: "whole",
          version: "1.0.0",
          edition: "2021",
          build: expect.stringMatching(/^\/nix\/store\/[a-z0-9]{32}-dummyBuild\.rs$/),
        },
        features: { fast: [] },
        bin: [{ name: "other" }, { name: "placed", path: "tools/placed.rs" }],
        test: [{ name: "long", harness: false }],
      },
      main: expect.stringContaining("pub fn main() {}"),
      macros: expect.not.stringContaining("fn main"),
    });
  });

  test("the toolchain is replaced for every step at once", async () => {
    expect(
      await value(`let ${CRANE}
        own = craneLib.overrideToolchain (p: p.hello);
        same = craneLib.overrideToolchain pkgs.jq;
      in map (c: map (tool: c.\${tool}.pname) [ "cargo" "rustc" "clippy" "rustfmt" ]) [ own same ]`),
    ).toEqual([
      ["hello", "hello", "hello", "hello"],
      ["jq", "jq", "jq", "jq"],
    ]);
  });

  test("a registry of one's own is asked where it says", async () => {
    expect(
      await value(`let ${CRANE}
        own = craneLib.appendCrateRegistries [
          (craneLib.registryFromDownloadUrl { dl = "https://code.example/api"; indexUrl = "https://code.example/index"; })
          (craneLib.registryFromDownloadUrl { dl = "https://other.example/{prefix}/{crate}/{version}.crate"; indexUrl = "sparse+https://other.example/"; registryPrefix = "sparse+"; })
        ];
        url = source: name: (own.urlForCargoPackage { inherit name source; version = "1.2.3"; checksum = ""; }).url;
      in [ (url "registry+https://code.example/index" "own") (url "sparse+https://other.example/" "longer") ]`),
    ).toEqual(["https://code.example/api/own/1.2.3/download", "https://other.example/lo/ng/longer/1.2.3.crate"]);
  });

  test("has mkLib and no library by system", async () => {
    expect(await value('let crane = builtins.getFlake "github:ipetkov/crane"; in [ (crane ? mkLib) (crane ? lib) ]')).toEqual([
      true,
      false,
    ]);
  });
});
