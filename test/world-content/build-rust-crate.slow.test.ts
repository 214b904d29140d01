import { describe, expect, test } from "vitest";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

/** buildRustCrate of the shipped world: one derivation a crate, as Cargo.nix files use it. */

const flake = (outputs: string): string => `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { self, nixpkgs }: let
    system = "${host.system}";
    pkgs = nixpkgs.legacyPackages.\${system};
    inherit (pkgs) lib;
    # As a generated Cargo.nix calls it; without optimisation, since these tests wait for it.
    crate = attrs: pkgs.buildRustCrate ({ version = "1.2.3-rc.1"; edition = "2021"; release = false; } // attrs);
  in { packages.\${system} = ${outputs}; };
}`;

describe.skipIf(cannotRun !== undefined)("buildRustCrate in the shipped world", () => {
  const { project, built, failure, nix, run, confined } = shipped();

  test("libraries, a procedural macro, a build script, features, renames and tests of crates that use each other", async () => {
    const files: Tree = {
      "native/build.rs": `fn main() {
        let out = std::env::var("OUT_DIR").unwrap();
        std::fs::write(format!("{out}/made.rs"), "pub const MADE: u8 = 7;").unwrap();
        println!("cargo:rustc-cfg=has_made");
        println!("cargo::rustc-check-cfg=cfg(has_made)");
        println!("cargo:rustc-env=SAID=by the script");
        println!("cargo:root={out}");
        println!("cargo::metadata=level=high");
        assert_eq!(std::env::var("CARGO_MANIFEST_LINKS").unwrap(), "deep");
      }`,
      "native/src/lib.rs": `#[cfg(has_made)] include!(concat!(env!("OUT_DIR"), "/made.rs"));\npub const SAID: &str = env!("SAID");`,
      "shout/src/lib.rs": `
        #[proc_macro] pub fn twice(input: proc_macro::TokenStream) -> proc_macro::TokenStream { format!("({input}) * 2").parse().unwrap() }`,
      "tool/build.rs": `fn main() {
        println!("cargo:rustc-env=LEVEL={}", std::env::var("DEP_DEEP_LEVEL").unwrap());
        let made = std::env::var("DEP_DEEP_ROOT").unwrap() + "/made.rs";
        assert!(made.starts_with("/nix/store/") && std::path::Path::new(&made).exists(), "{made}");
      }`,
      "tool/src/lib.rs":
        "pub fn number() -> u8 { shout::twice!(21) }\n#[test]\nfn number_is_even() { assert_eq!(number() % 2, 0); }\n",
      "tool/src/main.rs": `fn main() {
        println!("{} {} {} {} {} {}{}", tool::number(), base::MADE, base::SAID, env!("LEVEL"), env!("CARGO_PKG_VERSION_PRE"),
          cfg!(feature = "loud"), env!("CARGO_PKG_AUTHORS"));
      }`,
      "tool/src/bin/other.rs": 'fn main() { println!("other"); }',
      "tool/tests/whole.rs":
        '#[test]\nfn prints() {\n  let out = std::process::Command::new(env!("CARGO_BIN_EXE_tool")).output().unwrap();\n  assert!(out.stdout.starts_with(b"42 7"));\n}\n',
      "flake.nix": flake(`let
        native = crate { crateName = "native"; src = ./native; links = "deep"; };
        shout = crate { crateName = "shout"; src = ./shout; procMacro = true; };
        tool = crate {
          crateName = "tool"; src = ./tool; authors = [ "A Person <a@example.org>" "B" ];
          dependencies = [ native shout ]; crateRenames.native = [ { version = "1.2.3-rc.1"; rename = "base"; } ];
          features = [ "loud" "dep:shout" "shout/x" ];
          crateBin = [ { name = "tool"; path = "src/main.rs"; } { name = "other"; requiredFeatures = [ "quiet" ]; } ];
        };
      in {
        default = tool;
        unsplit = tool.override { features = [ "quiet" ]; };
        tests = tool.override { buildTests = true; };
        facts = pkgs.writeText "facts" (builtins.toJSON { inherit (tool) name crateFeatures outputs; inherit (tool.meta) mainProgram; test = (tool.override { buildTests = true; }).name; });
      }`),
    };
    const cwd = await project(files);
    const out = await built(cwd, "default^out");
    expect((await run(cwd, "/bin/sh", "-c", `echo ${out}/bin/*`)).stdout).toBe(`${out}/bin/tool\n`);
    expect(await confined(`${out}/bin/tool`)).toMatchObject({
      stdout: "42 7 by the script high rc.1 trueA Person <a@example.org>:B\n",
    });
    expect(await confined(`${await built(cwd, "unsplit^out")}/bin/other`)).toMatchObject({ stdout: "other\n" });
    expect((await nix(cwd, "run")).stdout).toContain("42 7");
    // One test program of the library, one of each program, one of each file; the folder is for whoever runs them.
    const tests = await built(cwd, "tests");
    expect((await run(cwd, "/bin/sh", "-c", `cd ${tests}/tests; echo *; ./tool --list`)).stdout).toBe(
      "tool tool-program whole\nnumber_is_even: test\n\n1 test, 0 benchmarks\n",
    );
    const facts = await run(cwd, "nix", "eval", "--json", ".#facts.text");
    expect(JSON.parse(JSON.parse(facts.stdout))).toEqual({
      name: "rust_tool-1.2.3-rc.1",
      crateFeatures: ["loud"],
      outputs: ["out", "lib"],
      mainProgram: "tool",
      test: "rust_tool-1.2.3-rc.1-test",
    });
  });

  test("a crate has what an override gives it, and nothing else", async () => {
    const cwd = await project({
      "probe/build.rs": `fn main() {
        let found = std::process::Command::new("pkg-config").args(["--libs-only-L", "zlib"]).output().expect("no pkg-config on PATH");
        let text = String::from_utf8(found.stdout).unwrap();
        println!("cargo:rustc-link-search=native={}", text.trim().trim_start_matches("-L"));
        println!("cargo:rustc-link-lib=z");
      }`,
      "probe/src/lib.rs":
        'extern "C" { fn zlibVersion() -> *const std::ffi::c_char; }\npub fn first() -> char { unsafe { *zlibVersion() as u8 as char } }\n',
      "tool/src/main.rs": 'fn main() { println!("zlib {}", probe::first()); }',
      "outside/src/main.rs": 'fn main() { print!(include_str!("../../shared.txt")); }',
      "shared.txt": "shared",
      "flake.nix": flake(`let
        tools = overrides: crate {
          crateName = "tool"; src = ./tool;
          dependencies = [ ((crate { crateName = "probe"; src = ./probe; }).override { crateOverrides = overrides; }) ];
        };
      in {
        default = tools { probe = _: { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.zlib ]; }; };
        bare = tools { };
        outside = crate { crateName = "outside"; src = ./outside; };
        member = crate { crateName = "nowhere"; src = ./tool; workspace_member = null; };
      }`),
    });
    const program = `${await built(cwd, "default^out")}/bin/tool`;
    expect(await confined(program)).toMatchObject({ exit: 0, stdout: "zlib 1\n" });
    const bare = await failure(cwd, "bare");
    expect(bare).toContain("no pkg-config on PATH");
    expect(bare).toMatch(/-rust_probe-1\.2\.3-rc\.1\.drv' failed with exit code 101/);
    expect(await failure(cwd, "outside")).toContain("couldn't read `src/../../shared.txt`");
    expect(await failure(cwd, "member")).toContain("ERROR configuring nowhere: No matching Cargo.toml in /build/tool found.");
  });

  test("defaultCrateOverrides know the crates that the original knows", async () => {
    const cwd = await project({
      "sealed/src/main.rs": "fn main() {}",
      "flake.nix": flake(`{
        default = pkgs.writeText "known" (builtins.toJSON (lib.mapAttrs
          (_: f: map lib.getName ((f { }).nativeBuildInputs or [ ] ++ (f { }).buildInputs or [ ])) (removeAttrs pkgs.defaultCrateOverrides [ "override" "overrideDerivation" ])));
      }`),
    });
    const known = await run(cwd, "nix", "eval", "--json", ".#default.text");
    expect(JSON.parse(JSON.parse(known.stdout))).toEqual({
      "curl-sys": ["pkg-config-wrapper", "zlib", "curl"],
      "libsqlite3-sys": ["pkg-config-wrapper", "sqlite"],
      "libz-sys": ["pkg-config-wrapper", "zlib"],
      openssl: ["openssl"],
      "openssl-sys": ["pkg-config-wrapper", "openssl"],
      "pq-sys": ["pkg-config-wrapper", "libpq"],
      "prost-build": ["protobuf"],
      "thrussh-libsodium": ["pkg-config-wrapper", "libsodium"],
    });
  });
});
