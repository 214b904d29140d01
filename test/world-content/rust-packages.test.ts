import { describe, expect, test } from "vitest";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { crate } from "./rust-crate.ts";
import { cannotRun, shipped } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("Rust in the shipped world", () => {
  const { project, built, failure, nix, run, confined, world } = shipped();

  test("a crate without dependencies is built, tested and run by both builders", async () => {
    const cwd = await project(
      crate(
        "plain",
        [],
        `packages.\${system} = { default = package { }; naersk = builder.buildPackage { src = ./.; doCheck = true; }; };`,
        {
          "src/main.rs": 'fn main() { println!("{}", plain::twice(21)); }\n',
          "src/lib.rs": "pub fn twice(n: u32) -> u32 { 2 * n }\n#[test]\nfn doubles() { assert_eq!(twice(2), 4); }\n",
        },
      ),
    );
    const first = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L");
    expect(first.stderr).toContain("test doubles ... ok");
    const second = await nix(cwd, "build", "--no-link", "--print-out-paths", "-L", ".#naersk");
    expect(second.stderr).toContain("test doubles ... ok");
    const runs = await Promise.all([first, second].map((one) => confined(`${one.stdout.trim()}/bin/plain`)));
    expect(runs.map(({ exit, stdout }) => ({ exit, stdout }))).toEqual([
      { exit: 0, stdout: "42\n" },
      { exit: 0, stdout: "42\n" },
    ]);
    // The compiler stays behind: only what the program needs to run comes along.
    const needed = await nix(cwd, "path-info", "--recursive", first.stdout.trim());
    expect(
      needed.stdout
        .trim()
        .split("\n")
        .map((path) => path.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "")),
    ).toEqual(
      ["host-glibc", "host-gcclib", "plain-0.3.0"].sort(
        (a, b) => needed.stdout.indexOf(`-${a}\n`) - needed.stdout.indexOf(`-${b}\n`),
      ),
    );
  });

  test("registry crates come by their checksums", async () => {
    const cwd = await project(
      crate(
        "counter",
        ["itoa", "hex"],
        `packages.\${system} = { default = package { }; naersk = builder.buildPackage { src = ./.; }; };`,
        {
          "src/main.rs": 'fn main() { println!("{} {}", itoa::Buffer::new().format(7), hex::encode("ab")); }\n',
        },
      ),
    );
    for (const attribute of ["default", "naersk"]) {
      expect(await confined(`${await built(cwd, attribute)}/bin/counter`)).toMatchObject({ stdout: "7 6162\n" });
    }
    expect(world().environment.misses()).toEqual([]);
  });

  test("a wrong checksum in the lock is a hash mismatch of that crate", async () => {
    const files = crate("wrong", ["hex"], `packages.\${system}.default = package { };`, { "src/main.rs": "fn main() {}\n" });
    const lock = (files["Cargo.lock"] ?? "").replace(/checksum = "....../, 'checksum = "000000');
    const log = await failure(await project({ ...files, "Cargo.lock": lock }), "default");
    expect(log).toMatch(/hash mismatch in fixed-output derivation '\/nix\/store\/[a-z0-9]+-crate-hex-0\.4\.3\.tar\.gz\.drv':/);
    expect(log).toContain("got:    sha256-");
  });

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

  test("cargoHash: the right one is printed, a stale lock file is found out", async () => {
    const files = crate(
      "hashed",
      ["hex"],
      `packages.\${system} = builtins.mapAttrs (_: more: pkgs.rustPlatform.buildRustPackage ({ pname = "hashed"; version = "0.3.0"; src = ./.; } // more)) (import ./more.nix);`,
      {
        "src/main.rs": 'fn main() { println!("{}", hex::encode("a")); }\n',
        "more.nix": '{ empty = { cargoHash = ""; }; none = { }; }',
      },
    );
    const cwd = await project(files);
    const printed = await failure(cwd, "empty");
    expect(printed).toMatch(
      /hash mismatch in fixed-output derivation '\/nix\/store\/[a-z0-9]+-hashed-0\.3\.0-vendor-staging\.drv':/,
    );
    expect(await failure(cwd, "none")).toContain("cargoHash, cargoVendorDir, cargoDeps, or cargoLock must be set");
    const hash = /got: +(sha256-\S+)/.exec(printed)?.[1] ?? "";
    const again = await project({
      ...files,
      "more.nix": `{
        good = { cargoHash = "${hash}"; };
        stale = { cargoHash = "${hash}"; prePatch = "echo '# newer' >> Cargo.lock"; };
        without = { cargoHash = "${hash}"; prePatch = "rm Cargo.lock"; };
      }`,
    });
    expect(await confined(`${await built(again, "good")}/bin/hashed`)).toMatchObject({ stdout: "61\n" });
    expect(await failure(again, "stale")).toContain("ERROR: cargoHash or cargoSha256 is out of date");
    expect(await failure(again, "without")).toContain("ERROR: Missing Cargo.lock from src. Expected to find it at: ");
  });

  test("outputHashes: missing and stale ones are found out while evaluating", async () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const git = `[[package]]\nname = "shapes"\nversion = "1.2.3"\nsource = "git+https://code.example/me/shapes#${commit}"\n\n`;
    const files = crate(
      "pinned",
      [],
      `packages.\${system} = {
        missing = package { };
        stale = package { cargoLock = { lockFile = ./Cargo.lock; outputHashes."other-1.0.0" = pkgs.lib.fakeHash; }; };
      };`,
      { "src/main.rs": "fn main() {}\n" },
    );
    const cwd = await project({
      ...files,
      "Cargo.lock": (files["Cargo.lock"] ?? "").replace("[[package]]", `${git}[[package]]`),
    });
    expect(await failure(cwd, "missing")).toContain(
      "No hash was found while vendoring the git dependency shapes-1.2.3. You can add\n",
    );
    expect(await failure(cwd, "stale")).toContain(
      "A hash was specified for other-1.0.0, but there is no corresponding git dependency.",
    );
  });
});
