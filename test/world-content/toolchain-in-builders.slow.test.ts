import { describe, expect, test } from "vitest";
import { closure, lockFile } from "../rules/generated/crates.ts";
import { cannotRun, host, shipped } from "./shipped.ts";

/** What the READMEs of rust-overlay, fenix, crane and naersk show of one another, in our words and names. */
describe.skipIf(cannotRun !== undefined)("toolchains of rust-overlay and fenix in the builders of the shipped world", () => {
  const { project, built, failure, nix, confined } = shipped();
  const files = {
    "Cargo.toml":
      '[package]\nname = "counted"\nversion = "0.2.0"\nedition = "2021"\nrust-version = "1.70"\n[dependencies]\nitoa = "*"\n',
    "Cargo.lock": lockFile([{ name: "counted", version: "0.2.0", dependencies: ["itoa"] }], closure(["itoa"]), 4),
    "src/main.rs": 'fn main() {\n    print!("{}", itoa::Buffer::new().format(42));\n}\n',
    "rust-toolchain.toml": '[toolchain]\nchannel = "stable"\ncomponents = ["clippy", "rustfmt"]\n',
    "flake.nix": `{
      inputs = {
        nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
        flake-utils.url = "github:numtide/flake-utils";
        crane.url = "github:ipetkov/crane";
        naersk = { url = "github:nix-community/naersk"; inputs.nixpkgs.follows = "nixpkgs"; };
        rust-overlay = { url = "github:oxalica/rust-overlay"; inputs.nixpkgs.follows = "nixpkgs"; };
        fenix = { url = "github:nix-community/fenix"; inputs.nixpkgs.follows = "nixpkgs"; inputs.rust-analyzer-src.follows = ""; };
      };
      outputs = { self, nixpkgs, flake-utils, crane, naersk, rust-overlay, fenix }:
        flake-utils.lib.eachDefaultSystem (system: let
          pkgs = import nixpkgs { inherit system; overlays = [ (import rust-overlay) ]; };
          fromFile = p: p.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;
          craneLib = (crane.mkLib pkgs).overrideToolchain fromFile;
          lean = (crane.mkLib pkgs).overrideToolchain (p: p.rust-bin.stable.latest.minimal);
          common = { src = craneLib.cleanCargoSource ./.; strictDeps = true; };
        in {
          packages = {
            default = craneLib.buildPackage common;
            fenix = ((crane.mkLib pkgs).overrideToolchain fenix.packages.\${system}.stable.toolchain).buildPackage common;
            naersk = (pkgs.callPackage naersk { cargo = fromFile pkgs; rustc = fromFile pkgs; }).buildPackage { src = ./.; };
            own = (naersk.lib.\${system}.override { cargo = fenix.packages.\${system}.stable.toolchain; rustc = fenix.packages.\${system}.stable.toolchain; }).buildPackage { src = ./.; };
            lean = lean.cargoClippy (common // { cargoArtifacts = lean.buildDepsOnly common; });
          };
          checks = {
            clippy = craneLib.cargoClippy (common // { cargoArtifacts = craneLib.buildDepsOnly common; cargoClippyExtraArgs = "-- --deny warnings"; });
            fmt = craneLib.cargoFmt { inherit (common) src; };
          };
          devShells.default = craneLib.devShell { checks = self.checks.\${system}; };
          devShells.msrv = pkgs.mkShell { packages = [ pkgs.rust-bin.stable."1.70.0".minimal ]; };
        });
    }`,
  };

  test("crane and naersk build with them, checks want the tools of the toolchain, and shells evaluate for other releases and systems", async () => {
    const cwd = await project(files);
    for (const attribute of ["default", "fenix", "naersk", "own"]) {
      expect(await confined(`${await built(cwd, attribute)}/bin/counted`)).toMatchObject({ exit: 0, stdout: "42" });
    }
    expect(await failure(cwd, "lean")).toContain("error: no such command: `clippy`");
    expect(await nix(cwd, "flake", "check")).toMatchObject({ exit: 0 });
    expect(await nix(cwd, "flake", "check", "--all-systems", "--no-build")).toMatchObject({ exit: 0 });
    const shell = await nix(
      cwd,
      "develop",
      "-c",
      "bash",
      "-c",
      "cargo clippy --quiet && cargo fmt --check && rustc --print sysroot",
    );
    expect(shell).toMatchObject({ exit: 0, stdout: expect.stringMatching(/-rust-default-host\n$/) });
    const msrv = await nix(cwd, "develop", ".#msrv", "-c", "true");
    expect(msrv.stderr).toContain(`the Rust of this world is the host's, ${host.toolchain.rustc}: `);
  });
});
