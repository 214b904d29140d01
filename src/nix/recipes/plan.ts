import type { Builder } from "../../repo/facts.ts";

/** What a flake is to contain, decided before a line of it is written. Recipes turn a plan into text and know nothing else. */

export interface PlannedInput {
  readonly name: string;
  readonly url: string;
  /** Inputs of this input that follow ours: `nixpkgs` → `nixpkgs`. */
  readonly follows: Readonly<Record<string, string>>;
  /** Whether the outputs use it; one that is only declared is taken in by `...`. */
  readonly used: boolean;
}

/** Where a version stands, so that the flake reads it instead of repeating it. */
export interface VersionSource {
  /** Manifest relative to the flake. */
  readonly manifest: string;
  readonly table: "package" | "workspace";
  /** The version as it stands there now. */
  readonly value: string;
}

export interface PlannedPackage {
  /** Name under `packages.SYSTEM`. */
  readonly attribute: string;
  readonly crate: string;
  readonly version: VersionSource;
  /** The crate is one of several: cargo is told to build it alone. */
  readonly member: boolean;
  readonly mainProgram: string;
  /** All its programs; those besides the main one get an app. */
  readonly programs: readonly string[];
  readonly description?: string;
}

/** Attributes of nixpkgs that a build needs; `only` says on which platform. */
export interface PlannedNeed {
  readonly attribute: string;
  readonly only?: "linux" | "darwin";
}

export interface PlannedTest {
  /** Name under `checks.SYSTEM`. */
  readonly attribute: string;
  readonly crate: string;
  readonly version: VersionSource;
  readonly workspace: boolean;
}

export interface PlannedLint {
  /** Name under `checks.SYSTEM`. */
  readonly attribute: string;
  readonly tool: "clippy" | "fmt";
}

export type SupportedBuilder = Extract<Builder, "naersk" | "buildRustPackage">;

export interface FlakePlan {
  readonly description?: string;
  /** nixpkgs first. */
  readonly inputs: readonly PlannedInput[];
  readonly systems: readonly string[];
  readonly eachSystem: "genAttrs" | "flake-utils";
  readonly builder: SupportedBuilder;
  /** Versions are written out: Nix cannot read this project's manifests. */
  readonly literalVersions: boolean;
  /** Folder of Cargo.toml and Cargo.lock relative to the flake. */
  readonly cargoRoot: string;
  /** Folder that is copied into the build; wider than `cargoRoot` where files outside it are read. */
  readonly source: string;
  readonly packages: readonly PlannedPackage[];
  /** Further names under `packages.SYSTEM`, each for one of the packages. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Attribute that `packages.SYSTEM.default` names; `all` joins every package. */
  readonly defaultPackage: { readonly one: string } | { readonly all: string } | undefined;
  /** Test derivations besides the packages' own test phase. */
  readonly tests: readonly PlannedTest[];
  /** Checks of the source itself. */
  readonly lints: readonly PlannedLint[];
  readonly nativeBuildInputs: readonly PlannedNeed[];
  readonly buildInputs: readonly PlannedNeed[];
  readonly environment: Readonly<Record<string, string>>;
  /** Tests write below HOME, which the sandbox does not have: they get an empty one. */
  readonly testHome: boolean;
  /** Names under `devShells.SYSTEM`; all open the same shell. */
  readonly shells: readonly string[];
  /** Attributes of nixpkgs in the shell. */
  readonly shellPackages: readonly string[];
  readonly formatter?: string;
  /** A git dependency in Cargo.lock: Nix fetches it by the commit that the lock names. */
  readonly gitDependencies: boolean;
  /** naersk only: compile in one step, without the dummy sources of its dependency step. */
  readonly singleStep: boolean;
}
