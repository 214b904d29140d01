import { closure, lockFile } from "../rules/generated/crates.ts";
import { host, type Tree } from "./shipped.ts";

interface Crate {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly outputs: string;
  readonly files?: Tree;
}

/** A flake that builds with crane. Its outputs see `lib`, `pkgs`, `system`, `self`, `crane` and `craneLib`. */
export const craneFlake = (outputs: string): string => `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  inputs.crane.url = "github:ipetkov/crane";
  outputs = { self, nixpkgs, crane }: let
    system = "${host.system}";
    pkgs = nixpkgs.legacyPackages.\${system};
    inherit (pkgs) lib;
    craneLib = crane.mkLib pkgs;
  in { ${outputs} };
}`;

/** A crate with the world's registry crates below it. Its outputs also see `common`, the arguments that every step shares. */
export const craneCrate = ({ name, dependencies = [], outputs, files = {} }: Crate): Tree => ({
  "Cargo.toml": `[package]\nname = "${name}"\nversion = "0.3.0"\nedition = "2021"\n\n[dependencies]\n${dependencies.map((d) => `${d} = "*"\n`).join("")}`,
  "Cargo.lock": lockFile([{ name, version: "0.3.0", dependencies }], closure(dependencies), 4),
  "flake.nix": craneFlake(outputs),
  ...files,
});

/** The names, without hash and in the order of the alphabet, of what is built for an attribute, as far as a pattern knows them. */
export const derivationNames = (shown: string, pattern: RegExp): readonly string[] =>
  Object.keys(JSON.parse(shown) as Record<string, unknown>)
    .map((path) => path.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "").replace(/\.drv$/, ""))
    .filter((name) => pattern.test(name))
    .sort();
