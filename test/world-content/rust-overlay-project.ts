import { host, type Tree } from "./shipped.ts";

/** The Rust of the world is the host's: which one that is no evaluation knows, and the tests ask it. */
export const RUST = host.toolchain.rustc ?? "";

/** A crate of one line and a flake that has rust-overlay over the package set, with these outputs. */
export const plain = (outputs: string, files: Tree = {}): Tree => ({
  "Cargo.toml": '[package]\nname = "plain"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 4\n\n[[package]]\nname = "plain"\nversion = "0.1.0"\n',
  "src/main.rs": 'fn main() {\n    println!("hi");\n}\n',
  "flake.nix": `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    inputs.rust-overlay = { url = "github:oxalica/rust-overlay"; inputs.nixpkgs.follows = "nixpkgs"; };
    outputs = { self, nixpkgs, rust-overlay }: let
      system = "${host.system}";
      pkgs = import nixpkgs { inherit system; overlays = [ rust-overlay.overlays.default ]; };
      inherit (pkgs) rust-bin;
      package = toolchain: (pkgs.makeRustPlatform { cargo = toolchain; rustc = toolchain; }).buildRustPackage {
        pname = "plain"; version = "0.1.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock;
      };
    in { ${outputs} };
  }`,
  ...files,
});
