import { closure, lockFile } from "../../rules/generated/crates.ts";
import type { Files } from "../place.ts";
import { SYSTEM } from "../samples.ts";

/** A small Rust program with a flake that builds it with nixpkgs' own builder: what the tests break, and bring back into step. */

export interface GreeterParts {
  /** Registry crates of the world. */
  readonly dependencies?: readonly string[];
  /** Of the flake: bindings of the package. */
  readonly cargo?: string;
  readonly inputs?: string;
  /** Instead of the whole flake. */
  readonly flake?: string;
  readonly main?: string;
  readonly manifest?: string;
  readonly version?: string;
}

export const NAME = "hallo";

export const MAIN = `fn main() {
    if std::env::args().any(|argument| argument == "--version") {
        println!("${NAME} {}", env!("CARGO_PKG_VERSION"));
        return;
    }
    println!("hallo");
}

#[test]
fn adds() {
    assert_eq!(1 + 1, 2);
}
`;

/** @param cargo how crates are vendored */
export const flakeOf = (cargo: string, inputs = ""): string => `{
  description = "Says hallo";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      system = "${SYSTEM}";
      pkgs = nixpkgs.legacyPackages.\${system};
    in
    {
      packages.\${system}.default = pkgs.rustPlatform.buildRustPackage {
        pname = "${NAME}";
        version = "1.0.0";
        src = ./.;
        ${cargo}${inputs === "" ? "" : `\n        ${inputs}`}
      };

      checks.\${system}.parses = pkgs.runCommand "parses" { } "touch $out";
    };
}
`;

export const BY_LOCK = "cargoLock.lockFile = ./Cargo.lock;";

export const manifestOf = (dependencies: readonly string[], version = "1.0.0", more = ""): string =>
  `[package]\nname = "${NAME}"\nversion = "${version}"\nedition = "2021"\n${more}\n[dependencies]\n${dependencies.map((name) => `${name} = "*"\n`).join("")}`;

export const lockOf = (dependencies: readonly string[], version = "1.0.0"): string =>
  lockFile([{ name: NAME, version, dependencies }], closure(dependencies), 4);

export function greeter(parts: GreeterParts = {}): Files {
  const { dependencies = [], cargo = BY_LOCK, inputs = "", version = "1.0.0" } = parts;
  return {
    "Cargo.toml": parts.manifest ?? manifestOf(dependencies, version),
    "Cargo.lock": lockOf(dependencies, version),
    "src/main.rs": parts.main ?? MAIN,
    "flake.nix": parts.flake ?? flakeOf(cargo, inputs),
    ".gitignore": "/target\n",
  };
}
