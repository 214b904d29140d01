import { describe, expect, test } from "vitest";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { cannotRun, host, shipped, type Tree } from "./shipped.ts";

describe.skipIf(cannotRun !== undefined)("native libraries and tools of the shipped package set", () => {
  const { project, built, failure, confined } = shipped();

  test("libpq and protoc are found by the crates that want them, and only by those that are given them", async () => {
    const crate = (build: string, main: string): Tree => ({
      "Cargo.toml": '[package]\nname = "uses"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\npq-sys = "*"\n',
      "Cargo.lock": lockFile([{ name: "uses", version: "0.1.0", dependencies: ["pq-sys"] }], closure(["pq-sys"]), 4),
      "build.rs": build,
      "src/main.rs": main,
      "word.proto":
        'syntax = "proto3";\nimport "google/protobuf/timestamp.proto";\nmessage Word { google.protobuf.Timestamp at = 1; }\n',
      "flake.nix": `{
        inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
        outputs = { self, nixpkgs }: let
          system = "${host.system}";
          pkgs = nixpkgs.legacyPackages.\${system};
          package = more: pkgs.rustPlatform.buildRustPackage ({ pname = "uses"; version = "0.1.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; buildType = "debug"; doCheck = false; } // more);
        in {
          packages.\${system} = {
            default = package { nativeBuildInputs = [ pkgs.pkg-config pkgs.protobuf ]; buildInputs = [ pkgs.libpq ]; };
            noLibrary = package { nativeBuildInputs = [ pkgs.pkg-config pkgs.protobuf ]; };
            noTool = package { nativeBuildInputs = [ pkgs.pkg-config ]; buildInputs = [ pkgs.libpq ]; };
          };
          checks.\${system}.loader = pkgs.runCommand "loader" { } "test -x \${pkgs.stdenv.cc.bintools.dynamicLinker} && test \\"$(cat \${pkgs.stdenv.cc}/nix-support/dynamic-linker)\\" = \${pkgs.stdenv.cc.bintools.dynamicLinker} && touch $out";
        };
      }`,
    });
    const cwd = await project(
      crate(
        'fn main() {\n    let out = std::env::var("OUT_DIR").unwrap();\n    let done = std::process::Command::new("protoc").arg("--descriptor_set_out").arg(format!("{out}/word")).arg("word.proto").status().expect("failed to spawn protoc");\n    assert!(done.success());\n}\n',
        'static WORD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/word"));\nfn main() { println!("{} {}", unsafe { pq_sys::PQlibVersion() } / 10000, WORD.len() > 20); }\n',
      ),
    );
    expect(await confined(`${await built(cwd, "default")}/bin/uses`)).toMatchObject({ exit: 0, stdout: "17 true\n" });
    expect(await failure(cwd, "noLibrary")).toContain("libpq");
    expect(await failure(cwd, "noTool")).toContain("failed to spawn protoc");
    await built(cwd, `checks.${host.system}.loader`);
  });
});
