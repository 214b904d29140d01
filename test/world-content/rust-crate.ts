import { closure, lockFile } from "../rules/generated/crates.ts";
import { host, type Tree } from "./shipped.ts";

/** A crate with the world's registry crates below it, and a flake whose outputs are given. */
export const crate = (name: string, dependencies: readonly string[], outputs: string, files: Tree): Tree => ({
  "Cargo.toml": `[package]\nname = "${name}"\nversion = "0.3.0"\nedition = "2021"\n\n[dependencies]\n${dependencies.map((d) => `${d} = "*"\n`).join("")}`,
  "Cargo.lock": lockFile([{ name, version: "0.3.0", dependencies }], closure(dependencies), 4),
  "flake.nix": `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    inputs.naersk.url = "github:nix-community/naersk";
    inputs.naersk.inputs.nixpkgs.follows = "nixpkgs";
    outputs = { self, nixpkgs, naersk }: let
      system = "${host.system}";
      pkgs = nixpkgs.legacyPackages.\${system};
      builder = pkgs.callPackage naersk { };
      package = more: pkgs.rustPlatform.buildRustPackage ({ pname = "${name}"; version = "0.3.0"; src = ./.; cargoLock.lockFile = ./Cargo.lock; } // more);
    in { ${outputs} };
  }`,
  ...files,
});
