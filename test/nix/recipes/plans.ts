import type { FlakePlan, PlannedPackage } from "../../../src/nix/recipes/plan.ts";

/** Plans that the tests of several recipes begin with. */

export const NIXPKGS = { name: "nixpkgs", url: "github:NixOS/nixpkgs/nixos-26.05", follows: {}, used: true } as const;

export const greet: PlannedPackage = {
  attribute: "greet",
  crate: "greet",
  version: { manifest: "Cargo.toml", table: "package", value: "1.0.0" },
  member: false,
  mainProgram: "greet",
  programs: ["greet"],
  description: "Greets people",
};

export const plain: FlakePlan = {
  description: "Greets people",
  inputs: [NIXPKGS],
  systems: ["x86_64-linux", "aarch64-linux"],
  eachSystem: "genAttrs",
  builder: "buildRustPackage",
  literalVersions: false,
  cargoRoot: ".",
  source: ".",
  sourceFilter: { kind: "none" },
  toolchain: { from: "nixpkgs" },
  vendoring: { mode: "cargoLock", gitDependencies: false },
  packages: [greet],
  aliases: {},
  defaultPackage: { one: "greet" },
  apps: [],
  tests: [],
  lints: [],
  nativeBuildInputs: [],
  buildInputs: [],
  environment: {},
  testHome: false,
  shells: ["default"],
  shellPackages: ["cargo", "rustc", "clippy", "rustfmt"],
  remarks: [],
  singleStep: false,
};
