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
  /** All its programs. */
  readonly programs: readonly string[];
  /** Absent: the features that cargo turns on by itself. */
  readonly features?: FeatureSet;
  readonly description?: string;
  /** Attributes below `lib.licenses`, where the manifest's SPDX expression is a plain choice of known ones. */
  readonly licenses?: readonly string[];
  readonly homepage?: string;
}

/** Features of cargo to build or test with. */
export interface FeatureSet {
  readonly names: readonly string[];
  /** Without the default ones. */
  readonly noDefault: boolean;
}

/** `apps.SYSTEM.NAME`: one program of a package. */
export interface PlannedApp {
  readonly attribute: string;
  /** Attribute of the package that holds the program. */
  readonly package: string;
  readonly program: string;
  readonly description?: string;
}

/** Attributes of nixpkgs that a build needs; `only` says on which platform. */
export interface PlannedNeed {
  readonly attribute: string;
  readonly only?: "linux" | "darwin";
}

/** A check that no criterion asks for is `optional`: it is left out, with the reason said, where the project's own source fails it. */
interface PlannedCheck {
  /** Name under `checks.SYSTEM`. */
  readonly attribute: string;
  readonly optional?: true;
}

/** What one crate needs; a name of Cargo.lock or of the project. */
export interface PlannedCrateNeeds {
  readonly crate: string;
  readonly nativeBuildInputs: readonly PlannedNeed[];
  readonly buildInputs: readonly PlannedNeed[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface PlannedTest extends PlannedCheck {
  readonly crate: string;
  readonly version: VersionSource;
  readonly workspace: boolean;
  /** The tests of this crate alone, of a workspace that has more. */
  readonly only?: true;
  /** Program that runs the tests; `cargo test` where it is left out. */
  readonly runner?: "nextest";
}

export interface PlannedLint extends PlannedCheck {
  readonly tool: "clippy" | "fmt" | "doc";
  /** The project itself treats warnings of this tool as errors. */
  readonly denyWarnings?: true;
}

/** One step of a check that does several things in turn. */
export type CheckStep =
  | { readonly tool: "build" | "doc" }
  /** `filter`: only tests whose names hold it, of which there must be one. */
  | { readonly tool: "test"; readonly features?: FeatureSet; readonly filter?: string }
  | { readonly tool: "clippy"; readonly denyWarnings: boolean }
  | { readonly tool: "fmt" }
  /** By the oldest release that the manifests promise. */
  | { readonly tool: "msrv" }
  | { readonly tool: "nextest"; readonly profile: string };

/** `checks.SYSTEM.NAME` that a document describes step by step. */
export interface PlannedSteps {
  readonly attribute: string;
  /** The crate it is about; absent: the whole project. */
  readonly crate?: string;
  readonly steps: readonly CheckStep[];
  /** Features of the steps that name none of their own. */
  readonly features?: FeatureSet;
  /** What it leaves: `NAME.log` with every command and its output, `NAME.xml` with nextest's report in JUnit's form. */
  readonly files: readonly string[];
}

export type SupportedBuilder = Builder;

/** Which Rust builds the project and stands in its shells; an overlay reads the project's own toolchain file. */
export type PlannedToolchain =
  | { readonly from: "nixpkgs" }
  /** `file` is `rust-toolchain.toml` or its like, relative to the flake. */
  | { readonly from: "rust-overlay"; readonly file: string }
  /** A channel as fenix has it; one of its pinned releases would be read from a download during evaluation. */
  | { readonly from: "fenix"; readonly channel: "stable" | "beta" | "nightly" };

/** What of the source folder goes into the build: all of it, or Rust and cargo files and the paths that must stay besides. */
export type PlannedSourceFilter =
  | { readonly kind: "none" }
  /** `keep`: files and folders relative to the flake. */
  | { readonly kind: "cargo"; readonly keep: readonly string[] };

/** How third-party crates reach the build. crane and naersk read Cargo.lock themselves and only ask whether the repository holds them. */
export type PlannedVendoring =
  /** By the checksums of Cargo.lock; a git dependency by the commit that it names. */
  | { readonly mode: "cargoLock"; readonly gitDependencies: boolean }
  /** One hash over all of them, fake until the hash mechanic has put in what Nix prints. */
  | { readonly mode: "cargoHash"; readonly hash?: string }
  /** Checked in by `cargo vendor`; relative to the flake. */
  | { readonly mode: "checkedIn"; readonly directory: string };

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
  /** Followed by crane; the other builders copy the whole folder. */
  readonly sourceFilter: PlannedSourceFilter;
  readonly toolchain: PlannedToolchain;
  readonly vendoring: PlannedVendoring;
  readonly packages: readonly PlannedPackage[];
  /** Further names under `packages.SYSTEM`, each for one of the packages. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Attribute that `packages.SYSTEM.default` names; `all` joins every package. */
  readonly defaultPackage: { readonly one: string } | { readonly all: string } | undefined;
  readonly apps: readonly PlannedApp[];
  /** Attribute that `apps.SYSTEM.default` names. */
  readonly defaultApp?: string;
  /** Test derivations besides the packages' own test phase. */
  readonly tests: readonly PlannedTest[];
  /** Checks of the source itself. */
  readonly lints: readonly PlannedLint[];
  /** Absent: none. */
  readonly stepChecks?: readonly PlannedSteps[];
  readonly nativeBuildInputs: readonly PlannedNeed[];
  readonly buildInputs: readonly PlannedNeed[];
  readonly environment: Readonly<Record<string, string>>;
  /** crate2nix builds each crate alone: which of these needs belong to which crate. What is in no entry is for the project's own crates. */
  readonly crateNeeds?: readonly PlannedCrateNeeds[];
  /** Tests write below HOME, which the sandbox does not have: they get an empty one. */
  readonly testHome: boolean;
  /** Names under `devShells.SYSTEM`; all open the same shell. */
  readonly shells: readonly string[];
  /** Release that `devShells.SYSTEM.msrv` has (`1.75.0`): the oldest that the manifests promise, out of rust-overlay. */
  readonly msrv?: string;
  /** Variables of single shells, by the shell's name. */
  readonly shellVariables?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Attributes of nixpkgs in the shell. */
  readonly shellPackages: readonly string[];
  readonly formatter?: string;
  /** Nobody asks for the formatter: it is left out where nixpkgs has none of that name. */
  readonly optionalFormatter?: true;
  /** Nobody named the builder: another may take its place where it cannot be had. */
  readonly builderByDefault?: true;
  /** What the plan leaves out or settles for, each a sentence with its reason: for the report. */
  readonly remarks: readonly string[];
  /** naersk and crane: compile in one step, without the dummy sources of a dependency step. */
  readonly singleStep: boolean;
}
