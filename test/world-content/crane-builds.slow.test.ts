import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { craneCrate, craneFlake } from "./crane-flake.ts";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

/** Two crates of one repository; one inherits from its workspace and has its README outside. */
const SHAPES: Tree = {
  "git/code.example/me/shapes/world-git.toml": 'default = "main"\ntags = ["v1.2.3"]\nlast-modified = 1762000000\n',
  "git/code.example/me/shapes/Cargo.toml":
    '[workspace]\nmembers = ["round", "square"]\n\n[workspace.package]\nversion = "1.2.3"\nedition = "2021"\n\n[workspace.dependencies]\nsquare = { path = "square" }\n',
  "git/code.example/me/shapes/round/Cargo.toml":
    '[package]\nname = "round"\nversion.workspace = true\nedition.workspace = true\nreadme = "../README.md"\n\n[dependencies]\nsquare.workspace = true\n',
  "git/code.example/me/shapes/round/src/lib.rs":
    'pub fn name() -> String {\n    format!("round, not {}", square::NAME.trim())\n}\n',
  "git/code.example/me/shapes/README.md": "Shapes\n",
  "git/code.example/me/shapes/square/Cargo.toml": '[package]\nname = "square"\nversion = "1.2.3"\nedition = "2021"\n',
  "git/code.example/me/shapes/square/src/lib.rs": 'pub const NAME: &str = include_str!("name.txt");\n',
  "git/code.example/me/shapes/square/src/name.txt": "square\n",
};

const WORKSPACE: Tree = {
  "Cargo.toml":
    '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n\n[workspace.package]\nversion = "0.7.0"\nedition = "2021"\n\n[workspace.metadata.crane]\nname = "suite"\n',
  "Cargo.lock": lockFile(
    [
      { name: "core-text", version: "0.7.0", dependencies: ["itoa"] },
      { name: "one", version: "0.7.0", dependencies: ["core-text"] },
      { name: "two", version: "0.7.0", dependencies: ["core-text", "hex"] },
    ],
    closure(["hex", "itoa"]),
    4,
  ),
  "crates/core-text/Cargo.toml":
    '[package]\nname = "core-text"\nversion.workspace = true\nedition.workspace = true\n\n[dependencies]\nitoa = "*"\n',
  "crates/core-text/build.rs": 'fn main() {\n    println!("cargo:rustc-env=CORE_WORD=number");\n}\n',
  "crates/core-text/src/lib.rs":
    '//! Words.\n\n/// The number in words.\npub fn shown(n: u32) -> String {\n    format!("{} {}", env!("CORE_WORD"), itoa::Buffer::new().format(n))\n}\n\n#[test]\nfn shows() {\n    assert_eq!(shown(7), "number 7");\n}\n',
  "crates/one/Cargo.toml":
    '[package]\nname = "one"\nversion.workspace = true\nedition.workspace = true\n\n[dependencies]\ncore-text = { path = "../core-text" }\n',
  "crates/one/src/main.rs": 'fn main() {\n    println!("{}", core_text::shown(1));\n}\n',
  "crates/two/Cargo.toml":
    '[package]\nname = "two"\nversion.workspace = true\nedition.workspace = true\n\n[dependencies]\ncore-text = { path = "../core-text" }\nhex = "*"\n',
  "crates/two/src/main.rs": 'fn main() {\n    println!("{}", hex::encode(core_text::shown(2)));\n}\n',
};

describe.skipIf(cannotRun !== undefined)("crane builds in the shipped world", { timeout: 400_000 }, () => {
  const { project, nix, built, failure, confined, run, world } = shipped(SHAPES, 390_000);

  test("a workspace of three members: programs one by one, checks over all, a shell", async () => {
    const cwd = await project({
      ...WORKSPACE,
      "flake.nix": craneFlake(`
        packages.\${system} = let
          src = craneLib.cleanCargoSource ./.;
          common = { inherit src; strictDeps = true; };
          cargoArtifacts = craneLib.buildDepsOnly common;
          sources = crate: lib.fileset.toSource {
            root = ./.;
            fileset = lib.fileset.unions [ ./Cargo.toml ./Cargo.lock (craneLib.fileset.commonCargoSources ./crates/core-text) (craneLib.fileset.commonCargoSources crate) ];
          };
          member = pname: craneLib.buildPackage (common // {
            inherit pname cargoArtifacts;
            inherit (craneLib.crateNameFromCargoToml { inherit src; }) version;
            doCheck = false;
            cargoExtraArgs = "-p \${pname}";
            src = sources (./crates + "/\${pname}");
          });
        in { one = member "one"; two = member "two"; all = craneLib.buildPackage (common // { inherit cargoArtifacts; }); };
        checks.\${system} = let
          src = craneLib.cleanCargoSource ./.;
          on = { inherit src; strictDeps = true; cargoArtifacts = craneLib.buildDepsOnly { inherit src; strictDeps = true; }; };
        in {
          inherit (self.packages.\${system}) one two;
          clippy = craneLib.cargoClippy (on // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
          doc = craneLib.cargoDoc (on // { env.RUSTDOCFLAGS = "--deny warnings"; });
          fmt = craneLib.cargoFmt { inherit src; };
          test = craneLib.cargoTest on;
        };
        devShells.\${system}.default = craneLib.devShell { checks = self.checks.\${system}; };`),
    });
    const check = await nix(cwd, "flake", "check", "-L");
    expect([check.exit, check.stderr]).toEqual([0, expect.stringContaining("suite-test> test shows ... ok")]);
    // One derivation builds the registry's crates, for all the others.
    expect(check.stderr.match(/^\S+> +(Compiling|Checking) itoa .*$/gm)).toEqual([
      expect.stringMatching(/^suite-deps> /),
      expect.stringMatching(/^suite-deps> /),
    ]);
    const [one, two, all] = await Promise.all(["one", "two", "all"].map((name) => built(cwd, name)));
    expect(await confined(`${one}/bin/one`)).toMatchObject({ stdout: "number 1\n" });
    expect(await confined(`${two}/bin/two`)).toMatchObject({ stdout: "6e756d6265722032\n" });
    const listed = await run(cwd, "ls", `${one}/bin`, `${all}/bin`);
    expect(listed.stdout).toBe(`${one}/bin:\none\n\n${all}/bin:\none\ntwo\n`);
    const shell = await nix(
      cwd,
      "develop",
      "-c",
      "bash",
      "-c",
      "cargo clippy --version && cargo fmt --version && cargo metadata --no-deps --offline >/dev/null && echo fine",
    );
    expect(shell.stdout).toMatch(/^clippy .*\nrustfmt .*\nfine\n$/);
  });

  test("a check fails where the project does, under its own name", async () => {
    const cwd = await project(
      craneCrate({
        name: "unclean",
        outputs: `
          packages.\${system} = let
            common = { src = craneLib.cleanCargoSource ./.; strictDeps = true; };
            on = common // { cargoArtifacts = craneLib.buildDepsOnly common; };
          in {
            clippy = craneLib.cargoClippy (on // { cargoClippyExtraArgs = "--all-targets -- --deny warnings"; });
            fmt = craneLib.cargoFmt { inherit (common) src; };
            test = craneLib.cargoTest on;
            package = craneLib.buildPackage on;
            untested = craneLib.buildPackage (on // { doCheck = false; });
            skipped = craneLib.buildPackage (on // { cargoTestExtraArgs = "-- --skip fails"; });
          };`,
        files: {
          "src/main.rs": "fn main()   { let unused = 1; }\n#[test] fn fails() { assert_eq!(1, 2); }\n#[test] fn works() {}\n",
        },
      }),
    );
    const failed = (step: string) =>
      new RegExp(`builder for '/nix/store/[a-z0-9]{32}-unclean${step}-0\\.3\\.0\\.drv' failed with exit code`);
    expect(await failure(cwd, "clippy")).toMatch(failed("-clippy"));
    expect(await failure(cwd, "fmt")).toMatch(failed("-fmt"));
    const test = await failure(cwd, "test");
    expect(test).toMatch(failed("-test"));
    expect(test).toContain("unclean-test> test fails ... FAILED");
    expect(await failure(cwd, "package")).toMatch(failed(""));
    await built(cwd, "untested");
    const skipped = await nix(cwd, "build", "--no-link", "-L", ".#skipped");
    expect(skipped.stderr).toContain("1 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out");
  });

  test("the arguments that flakes give reach cargo, each step", async () => {
    const cwd = await project({
      "Cargo.toml":
        '[package]\nname = "argued"\nversion = "0.3.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["rlib", "cdylib"]\n\n[features]\nloud = []\n',
      "locks/Cargo.lock": lockFile([{ name: "argued", version: "0.3.0", dependencies: [] }], [], 4),
      "src/lib.rs": '#[no_mangle]\npub extern "C" fn answer() -> i32 {\n    42\n}\n',
      "src/main.rs": 'fn main() {\n    print!("{}", if cfg!(feature = "loud") { "LOUD" } else { "quiet" });\n}\n',
      "flake.nix": craneFlake(`
        packages.\${system} = let
          common = { src = craneLib.cleanCargoSource ./.; strictDeps = true; cargoLock = ./locks/Cargo.lock; };
          clippy = mode: craneLib.cargoClippy (common // { cargoArtifacts = craneLib.buildDepsOnly (common // mode); } // mode);
          symlink.installCargoArtifactsMode = "use-symlink";
        in {
          loud = craneLib.buildPackage (common // { cargoExtraArgs = "--offline --features loud"; CARGO_PROFILE = "dev"; doCheck = false; postInstall = "echo mine >$out/mine"; });
          plain = craneLib.buildPackage (common // { env.CARGO_PROFILE = ""; doCheck = false; });
          chained = craneLib.cargoTest (common // { cargoArtifacts = clippy { }; });
          linked = craneLib.cargoTest (common // { cargoArtifacts = clippy symlink; } // symlink);
          kept = craneLib.buildPackage (common // { doInstallCargoArtifacts = true; doCheck = false; });
          nothing = craneLib.buildPackage (common // { doCheck = false; buildPhaseCargoCommand = "cargo build --release"; });
          byHand = craneLib.buildPackage (common // { doCheck = false; buildPhaseCargoCommand = "cargo build --release"; doNotPostBuildInstallCargoBinaries = true; installPhaseCommand = "install -D target/release/argued $out/bin/by-hand"; });
          unknownMode = craneLib.buildDepsOnly (common // { installCargoArtifactsMode = "use-tape"; });
        };`),
    });
    const commands = async (attribute: string) => {
      const done = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L", `.#${attribute}`);
      expect([done.exit, done.stderr]).toEqual([0, expect.any(String)]);
      const lines = done.stderr.split("\n").filter((line) => line.includes("++ command cargo") && !line.includes("--version"));
      return { out: done.stdout.trim(), lines: lines.map((line) => line.replace("++ command ", "")), log: done.stderr };
    };
    const loud = await commands("loud");
    expect(loud.lines).toEqual([
      "argued-deps> cargo check --profile dev --offline --features loud",
      "argued-deps> cargo build --profile dev --offline --features loud",
      "argued> cargo build --profile dev --message-format json-render-diagnostics --offline --features loud",
    ]);
    expect(await confined(`${loud.out}/bin/argued`)).toMatchObject({ stdout: "LOUD" });
    const listed = await run(cwd, "ls", loud.out, `${loud.out}/bin`, `${loud.out}/lib`);
    expect(listed.stdout.replaceAll(loud.out, "out")).toBe(
      "out:\nbin\nlib\nmine\n\nout/bin:\nargued\n\nout/lib:\nlibargued.so\n",
    );
    expect((await commands("plain")).lines.at(-1)).toBe("argued> cargo build --message-format json-render-diagnostics --locked");
    const chained = await commands("chained");
    expect(chained.lines).toEqual([
      "argued-deps> cargo check --release --locked --all-targets",
      "argued-deps> cargo build --release --locked",
      "argued-deps> cargo test --release --locked --no-run",
      "argued-clippy> cargo clippy --release --locked --all-targets",
      "argued-test> cargo test --release --locked",
    ]);
    expect(chained.log).toMatch(
      /argued-test> decompressing cargo artifacts from \S+-argued-clippy-0\.3\.0\/target\.tar\.zst to target/,
    );
    expect((await commands("linked")).log).toMatch(
      /argued-test> copying cargo artifacts from \S+-argued-clippy-0\.3\.0\/target to target/,
    );
    const kept = await run(cwd, "ls", (await commands("kept")).out);
    expect(kept.stdout).toBe("bin\nlib\ntarget.tar.zst\n");
    expect(await failure(cwd, "nothing")).toContain(
      "$cargoBuildLog is either undefined or does not point to a valid file location!",
    );
    expect(await confined(`${await built(cwd, "byHand")}/bin/by-hand`)).toMatchObject({ stdout: "quiet" });
    expect(await failure(cwd, "unknownMode")).toContain('unknown mode: "use-tape"');
  });

  test("a git dependency comes without a hash, its inherited values written out; a stale revision is git's error", async () => {
    const head = (await run("/tmp", "git", "ls-remote", "https://code.example/me/shapes", "HEAD")).stdout.slice(0, 40);
    const source = `git+https://code.example/me/shapes?tag=v1.2.3#${head}`;
    const lock = (text: string) => `version = 4

[[package]]
name = "drawn"
version = "0.3.0"
dependencies = [
 "round",
]

[[package]]
name = "round"
version = "1.2.3"
source = "${text}"
dependencies = [
 "square",
]

[[package]]
name = "square"
version = "1.2.3"
source = "${text}"
`;
    const files = craneCrate({
      name: "drawn",
      outputs: `packages.\${system} = {
        default = craneLib.buildPackage { src = craneLib.cleanCargoSource ./.; };
        patched = craneLib.buildPackage rec {
          src = craneLib.cleanCargoSource ./.;
          cargoVendorDir = craneLib.vendorCargoDeps {
            inherit src;
            overrideVendorGitCheckout = ps: drv:
              if lib.any (p: p.name == "square") ps then drv.overrideAttrs { postPatch = "echo circle >square/src/name.txt"; } else drv;
          };
        };
      };`,
    });
    const drawn: Tree = {
      ...files,
      "Cargo.toml": `${files["Cargo.toml"]}round = { git = "https://code.example/me/shapes", tag = "v1.2.3" }\n`,
      "Cargo.lock": lock(source),
      "src/main.rs": 'fn main() {\n    println!("{}", round::name());\n}\n',
    };
    const cwd = await project(drawn);
    expect(await confined(`${await built(cwd, "default")}/bin/drawn`)).toMatchObject({ stdout: "round, not square\n" });
    expect(await confined(`${await built(cwd, "patched")}/bin/drawn`)).toMatchObject({ stdout: "round, not circle\n" });
    const shown = await nix(cwd, "derivation", "show", "--recursive", ".#default");
    expect(shown.stdout).toContain(`-cargo-git-https-code.example-me-shapes-${head}.drv`);
    expect(shown.stdout).toContain("-linkLockedDeps.drv");
    expect(world().environment.misses()).toEqual([]);
    const stale = await project({
      ...drawn,
      "Cargo.lock": lock(source.replace(head, "0123456789abcdef0123456789abcdef01234567")),
    });
    expect(await failure(stale, "default")).toContain("0123456789abcdef0123456789abcdef01234567");
  });

  test("a native library is wanted by the dependencies' step too", async () => {
    const cwd = await project(
      craneCrate({
        name: "sealed",
        dependencies: ["openssl-sys"],
        outputs: `packages.\${system} = let
          common = { src = craneLib.cleanCargoSource ./.; strictDeps = true; doCheck = false; };
          native = { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.openssl ]; };
        in {
          default = craneLib.buildPackage (common // native);
          none = craneLib.buildPackage common;
          late = craneLib.buildPackage (common // native // { cargoArtifacts = craneLib.buildDepsOnly common; });
          early = craneLib.buildPackage (common // { cargoArtifacts = craneLib.buildDepsOnly (common // native); });
        };`,
        files: {
          "src/main.rs":
            'fn main() { let s = unsafe { std::ffi::CStr::from_ptr(openssl_sys::OpenSSL_version(0)) }; println!("{}", &s.to_str().unwrap()[..9]); }\n',
        },
      }),
    );
    expect(await confined(`${await built(cwd, "default")}/bin/sealed`)).toMatchObject({ exit: 0, stdout: "OpenSSL 3\n" });
    for (const attribute of ["none", "late"]) {
      const log = await failure(cwd, attribute);
      expect(log).toContain("Could not find directory of OpenSSL installation");
      expect(log).toMatch(/builder for '\/nix\/store\/[a-z0-9]{32}-sealed-deps-0\.3\.0\.drv' failed with exit code 101/);
    }
    // The package is linked in a step of its own, which needs the library as well.
    expect(await failure(cwd, "early")).toMatch(
      /builder for '\/nix\/store\/[a-z0-9]{32}-sealed-0\.3\.0\.drv' failed with exit code 101/,
    );
  });

  test("an include of a file that the filter drops fails in the package, not in the dependencies", async () => {
    const cwd = await project(
      craneCrate({
        name: "included",
        outputs: "packages.${system}.default = craneLib.buildPackage { src = craneLib.cleanCargoSource ./.; doCheck = false; };",
        files: { "src/main.rs": 'fn main() { print!("{}", include_str!("text.txt")); }\n', "src/text.txt": "x\n" },
      }),
    );
    const log = await failure(cwd, "default");
    expect(log).toContain("included> error: couldn't read `src/text.txt`: No such file or directory");
    expect(log).toMatch(/builder for '\/nix\/store\/[a-z0-9]{32}-included-0\.3\.0\.drv' failed with exit code 101/);
  });

  test("a project with nothing but tests has no targets in its dummy source", async () => {
    const cwd = await project(
      craneCrate({
        name: "onlytests",
        outputs: `packages.\${system} = let src = craneLib.cleanCargoSource ./.; in {
          default = craneLib.cargoTest { inherit src; cargoArtifacts = craneLib.buildDepsOnly { inherit src; }; };
          whole = craneLib.cargoTest { inherit src; cargoArtifacts = null; };
        };`,
        files: { "tests/all.rs": "#[test]\nfn works() {}\n" },
      }),
    );
    const log = await failure(cwd, "default");
    expect(log).toContain("no targets specified in the manifest");
    expect(log).toMatch(/builder for '\/nix\/store\/[a-z0-9]{32}-onlytests-deps-0\.3\.0\.drv' failed with exit code 101/);
    await built(cwd, "whole");
  });

  test("the template is a flake whose checks hold", async () => {
    const cwd = await project({ "flake.nix": "{ outputs = _: { }; }" });
    await Promise.all(["flake.nix", "flake.lock"].map((name) => rm(join(cwd, name), { force: true })));
    const begun = await nix(cwd, "flake", "init", "-t", "github:ipetkov/crane");
    expect([begun.exit, begun.stderr]).toEqual([0, expect.stringContaining("wrote:")]);
    await run(cwd, "git", "add", "--all");
    expect(await nix(cwd, "flake", "check", "-L")).toMatchObject({ exit: 0 });
  });

  test("with flake-parts, a toolchain of rust-overlay and the inputs of crane's own template", async () => {
    const cwd = await project({
      ...craneCrate({ name: "joined", dependencies: ["itoa"], outputs: "" }),
      "src/main.rs": 'fn main() {\n    println!("{}", itoa::Buffer::new().format(5));\n}\n',
      "flake.nix": `{
        inputs = {
          nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";
          flake-parts.url = "github:hercules-ci/flake-parts";
          flake-parts.inputs.nixpkgs-lib.follows = "nixpkgs";
          crane.url = "github:ipetkov/crane";
          rust-overlay.url = "github:oxalica/rust-overlay";
          rust-overlay.inputs.nixpkgs.follows = "nixpkgs";
          advisory-db.url = "github:rustsec/advisory-db";
          advisory-db.flake = false;
        };
        outputs = inputs@{ flake-parts, nixpkgs, crane, rust-overlay, ... }: flake-parts.lib.mkFlake { inherit inputs; } {
          systems = [ "${host.system}" "riscv64-linux" ];
          perSystem = { config, self', pkgs, system, lib, ... }: let
            craneLib = (crane.mkLib pkgs).overrideToolchain (p: p.rust-bin.stable.latest.default);
            common = { src = craneLib.cleanCargoSource ./.; strictDeps = true; };
            on = common // { cargoArtifacts = craneLib.buildDepsOnly common; };
          in {
            _module.args.pkgs = import nixpkgs { inherit system; overlays = [ (import rust-overlay) ]; };
            packages.default = craneLib.buildPackage on;
            apps.default.program = lib.getExe' config.packages.default "joined";
            checks = { package = self'.packages.default; clippy = craneLib.cargoClippy on; fmt = craneLib.cargoFmt { inherit (common) src; }; };
            devShells.default = craneLib.devShell { inherit (config) checks; };
          };
        };
      }`,
    });
    expect(await nix(cwd, "flake", "check", "-L")).toMatchObject({ exit: 0 });
    expect(await nix(cwd, "run")).toMatchObject({ exit: 0, stdout: "5\n" });
  });
});
