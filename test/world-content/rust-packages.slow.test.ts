import { describe, expect, test } from "vitest";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { crate } from "./rust-crate.ts";
import { cannotRun, shipped } from "./shipped.ts";

/** Tools, shells and workspaces of both builders; every whole run builds with some of them. */

describe.skipIf(cannotRun !== undefined)("Rust in the shipped world", () => {
  const { project, built, failure, nix, run, confined } = shipped();

  test("a library among the tools is not linked against", async () => {
    const files = crate(
      "probe",
      [],
      `packages.\${system} = {
        default = package { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.zlib ]; };
        wrongList = package { nativeBuildInputs = [ pkgs.pkg-config pkgs.zlib ]; };
      };`,
      {
        "build.rs": 'fn main() { pkg_config::probe_library("zlib").unwrap(); }\n',
        "src/main.rs":
          'extern "C" { fn zlibVersion() -> *const std::ffi::c_char; }\nfn main() { println!("zlib {}", unsafe { *zlibVersion() as u8 as char }); }\n',
      },
    );
    const cwd = await project({
      ...files,
      "Cargo.toml": (files["Cargo.toml"] ?? "").replace("[dependencies]", '[build-dependencies]\npkg-config = "*"'),
      "Cargo.lock": lockFile([{ name: "probe", version: "0.3.0", dependencies: ["pkg-config"] }], closure(["pkg-config"]), 4),
    });
    expect(await confined(`${await built(cwd, "default")}/bin/probe`)).toMatchObject({ exit: 0, stdout: "zlib 1\n" });
    expect(await failure(cwd, "wrongList")).toContain("Package zlib was not found in the pkg-config search path.");
  });

  test("the shell has the toolchain that it names, and checks run", async () => {
    const cwd = await project(
      crate(
        "shelled",
        [],
        `packages.\${system}.default = package { };
        devShells.\${system} = {
          default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc ]; GREETING = "hi"; shellHook = "export FROM_HOOK=yes"; };
          from = pkgs.mkShell { inputsFrom = [ self.packages.\${system}.default ]; };
          bare = pkgs.mkShellNoCC { };
        };
        formatter.\${system} = pkgs.rustfmt;
        checks.\${system} = {
          tests = self.packages.\${system}.default;
          clippy = builder.buildPackage { src = ./.; mode = "clippy"; };
          format = pkgs.runCommand "format" { nativeBuildInputs = [ pkgs.cargo pkgs.rustfmt ]; } "cd \${./.}; cargo fmt --check; touch $out";
        };`,
        { "src/main.rs": 'fn main() {\n    println!("ok");\n}\n' },
      ),
    );
    const inside = (shell: string, script: string) => nix(cwd, "develop", `.#${shell}`, "-c", "bash", "-c", script);
    expect(
      await inside("default", "cargo --version && rustc --version && echo $GREETING $FROM_HOOK && cargo run --quiet"),
    ).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^cargo \d.*\nrustc \d.*\nhi yes\nok\n$/),
    });
    expect(await inside("from", "cargo --version && cc --version")).toMatchObject({ exit: 0 });
    const bare = await inside(
      "bare",
      'for tool in cargo rustc cargo-clippy gcc ld pkg-config jq; do type -P "$tool" && echo "found $tool"; done; ls --version | head -n1',
    );
    expect(bare.stdout).not.toContain("found");
    expect(bare.stdout).toContain("ls (GNU coreutils)");
    expect(await nix(cwd, "flake", "check")).toMatchObject({ exit: 0 });
  });

  test("each tool is there for whom it is an input only", async () => {
    const cwd = await project(
      crate(
        "strict",
        [],
        `packages.\${system} = {
          command = pkgs.runCommand "command" { } ''type -P gcc cc ld cargo rustc pkg-config git jq curl && exit 1; touch $out'';
          noClippy = pkgs.stdenv.mkDerivation { name = "no-clippy"; dontUnpack = true; nativeBuildInputs = [ pkgs.cargo ]; buildPhase = "cargo clippy"; };
          noSource = pkgs.stdenv.mkDerivation { name = "no-source"; };
        };`,
        { "src/main.rs": "fn main() {}\n" },
      ),
    );
    expect(await nix(cwd, "build", "--no-link", ".#command")).toMatchObject({ exit: 0 });
    expect(await failure(cwd, "noClippy")).toContain("error: no such command: `clippy`");
    expect(await failure(cwd, "noSource")).toContain("variable $src or $srcs should point to the source");
  });

  test("a workspace, features, a library and the final attributes", async () => {
    const cwd = await project({
      ...crate(
        "ignored",
        [],
        `packages.\${system} = {
          default = package { pname = "family"; cargoBuildFlags = [ "--package" "two" ]; cargoTestFlags = [ "--workspace" ]; };
          final = pkgs.rustPlatform.buildRustPackage (finalAttrs: { pname = "one"; version = "9"; src = pkgs.lib.cleanSource ./.; cargoLock.lockFile = ./Cargo.lock;
            buildAndTestSubdir = "one"; buildFeatures = [ "loud" ]; checkFlags = [ "--skip=never_passes" ]; meta.mainProgram = finalAttrs.pname;
            postInstall = "ln -s one $out/bin/\${finalAttrs.pname}-\${finalAttrs.version}"; });
          naersk = builder.buildPackage { pname = "two"; src = ./.; cargoBuildOptions = given: given ++ [ "--package" "two" ]; copyLibs = true; };
        };`,
        {},
      ),
      "Cargo.toml": '[workspace]\nmembers = ["one", "two"]\nresolver = "2"\n',
      "Cargo.lock": lockFile(
        [
          { name: "one", version: "1.0.0", dependencies: [] },
          { name: "two", version: "1.0.0", dependencies: ["one"] },
        ],
        [],
        4,
      ),
      "one/Cargo.toml": '[package]\nname = "one"\nversion = "1.0.0"\nedition = "2021"\n[features]\nloud = []\n',
      "one/src/lib.rs":
        'pub fn word() -> &\'static str { if cfg!(feature = "loud") { "ONE" } else { "one" } }\n#[test]\nfn never_passes() { assert_eq!(word(), "other"); }\n',
      "one/src/main.rs": 'fn main() { println!("{}", one::word()); }\n',
      "two/Cargo.toml":
        '[package]\nname = "two"\nversion = "1.0.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\none = { path = "../one" }\n[[bin]]\nname = "two"\npath = "src/main.rs"\n',
      "two/src/lib.rs": '#[no_mangle]\npub extern "C" fn two() -> i32 { 2 }\n',
      "two/src/main.rs": 'fn main() { println!("two {}", one::word()); }\n',
    });
    expect(await failure(cwd, "default")).toContain("test never_passes ... FAILED");
    const final = await built(cwd, "final");
    expect(await confined(`${final}/bin/one-9`)).toMatchObject({ stdout: "ONE\n" });
    const two = await built(cwd, "naersk");
    expect(await confined(`${two}/bin/two`)).toMatchObject({ stdout: "two one\n" });
    expect(
      (await run(cwd, "/host/root/usr/bin/find", two, "-type", "f", "-printf", "%P\\n")).stdout.trim().split("\n").sort(),
    ).toEqual(["bin/two", "lib/libtwo.so"]);
  });
});
