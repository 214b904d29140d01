import type { BuildDownload, CiFacts, GitMetadata, MinimumRust, RustRequirement, VendoredDependencies } from "./build-facts.ts";
import type { LanguageSurvey } from "./languages/project.ts";

/** What a survey finds out about a repository without running any of its code. */

export interface CrateBinary {
  readonly name: string;
  /** Of its main file, relative to the repository. */
  readonly path: string;
  /** Cargo leaves it out unless these features are on. */
  readonly requiredFeatures: readonly string[];
  /** What its source shows that it prints; empty when nothing is sure. */
  readonly answers: readonly ProgramAnswer[];
}

/** An invocation whose output the source itself promises. */
export interface ProgramAnswer {
  readonly arguments: readonly string[];
  /** JavaScript regular expression (flags mu) that standard output matches. */
  readonly stdout: string;
  /** `src/main.rs:12`, or the manifest that declares the argument parser. */
  readonly source: string;
}

/** A run of one of the project's programs that a document shows together with what it prints. */
export interface ShownRun {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly stdin?: string;
  /** An argument names a tracked file or folder: the run wants a copy of the tree around it. */
  readonly inTree?: true;
  /** As it is shown, without blank lines at its end. */
  readonly stdout: string;
  readonly source: string;
  /** From 1. */
  readonly line: number;
  /** The line of the command. */
  readonly quote: string;
}

/** A literal line of a tracked file. */
export interface Quotation {
  readonly source: string;
  /** From 1. */
  readonly line: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
  readonly quote: string;
}

export interface CargoPackage {
  readonly name: string;
  /** The line of its manifest that names it, where it could be found. */
  readonly named?: Quotation;
  readonly version: string;
  /** Where the version is written: the package's own manifest or `[workspace.package]`. */
  readonly versionFrom: "package" | "workspace";
  /** Folder of its Cargo.toml relative to the repository, `.` for the root. */
  readonly directory: string;
  readonly binaries: readonly CrateBinary[];
  readonly library: boolean;
  readonly defaultRun?: string;
  readonly rustVersion?: string;
  readonly edition?: string;
  readonly buildScript?: string;
  readonly description?: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly repository?: string;
  /** Names of its examples; absent: none. */
  readonly examples?: readonly string[];
  readonly hasTests: boolean;
  /** Path dependencies, relative to the repository; one that leaves it starts with `../`. */
  readonly pathDependencies: readonly string[];
}

export interface LockedCrate {
  readonly name: string;
  readonly version: string;
  /** undefined: a member of the workspace. */
  readonly source?: { readonly kind: "registry" | "git"; readonly url: string };
  readonly checksum?: string;
}

/** A dependency that a manifest of the project names. */
export interface NamedDependency {
  readonly name: string;
  /** `Cargo.toml:8`, the line that names it. */
  readonly source: string;
  /** Folder of a path dependency, relative to the repository; one that leaves it starts with `../`. */
  readonly path?: string;
}

export interface CargoProject {
  /** Folder of the root Cargo.toml relative to the repository. */
  readonly root: string;
  readonly workspace: boolean;
  /** Members in the order of their folders; the root package first. */
  readonly packages: readonly CargoPackage[];
  /** Of all members, each once, by name; absent in journals of earlier versions. */
  readonly dependencies?: readonly NamedDependency[];
  /** Names of the packages that a bare `cargo build` builds. */
  readonly defaultMembers: readonly string[];
  readonly lock: {
    readonly state: "present" | "missing" | "ignored" | "invalid";
    readonly version?: number;
    readonly crates: readonly LockedCrate[];
    readonly problem?: string;
  };
  readonly toolchainFile?: {
    readonly path: string;
    /** `stable`, `1.85.0`, `nightly-2026-01-01`. */
    readonly channel: string;
    /** The day that a channel names: `2026-01-01`. */
    readonly date?: string;
    /** `minimal`, `default` or `complete`. */
    readonly profile?: string;
    readonly components: readonly string[];
    readonly targets: readonly string[];
  };
  /** The strictest first; absent: none is written down. */
  readonly rustRequirements?: readonly RustRequirement[];
  readonly minimumRust?: MinimumRust;
  readonly vendored?: VendoredDependencies;
}

/** A native need and where it was seen; attribute names are of nixpkgs. */
export interface NativeNeed {
  readonly reason: string;
  readonly nativeBuildInputs: readonly string[];
  readonly buildInputs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The need exists on this platform only; absent: on all. */
  readonly platform?: "linux" | "darwin";
  /** `Cargo.lock:12`, `build.rs:3`: where it was seen, if it is one line. */
  readonly source?: string;
  /** Crates from a package of the project to the one that needs it, both ends included. */
  readonly chain?: readonly string[];
  /** Libraries that the finished program opens by name (dlopen): its rpath or a wrapper must lead to them. Linux only. */
  readonly runtimeLibraries?: readonly string[];
  /** What a reader should know besides: for tests only, a copy that the crate would compile, what could not be told. */
  readonly notes?: readonly string[];
}

/** A need of a crate that Cargo.lock holds and a plain build does not compile. */
export interface SetAsideNeed {
  readonly need: NativeNeed;
  /** Why a plain build does without it: `only with feature tls of app`. */
  readonly why: string;
}

/** A file or folder, not of Rust, that the build reads (`include_str!`, `rerun-if-changed`, .sqlx, migrations, proto, templates) or its tests. */
export interface NeededFile {
  readonly path: string;
  readonly neededBy: string;
  readonly exists: boolean;
  /** Only tests read it; absent: the build does. */
  readonly for?: "tests";
}

/** A file the work needs in git that an ignore rule of the repository keeps out. */
export interface IgnoredFile {
  readonly path: string;
  /** The ignore file that holds the rule, its line (from 1), the rule, and the whole text of that file. */
  readonly by: { readonly file: string; readonly line: number; readonly pattern: string; readonly text: string };
}

export interface Readme {
  readonly path: string;
  /** Absent when it is too large to edit or not UTF-8. */
  readonly text?: string;
}

export interface ExistingFlake {
  readonly path: string;
  readonly text: string;
  readonly locked: boolean;
  readonly builder?: Builder;
  /** Of a flake that builds no Rust: nixpkgs' builder for another language. */
  readonly otherBuilder?: OtherBuilder;
  /** `flake.nix:12`, the first line that shows the builder. */
  readonly builderSource?: string;
  /** `nix/checks.nix:7`, where it runs clippy with warnings as errors. */
  readonly clippyDenied?: string;
}

export type OtherBuilder = (typeof OTHER_BUILDERS)[number];
/** Builders of nixpkgs for projects in other languages. */
export const OTHER_BUILDERS = ["buildNpmPackage", "buildGoModule", "buildPythonApplication", "buildPythonPackage"] as const;

export type Builder = "naersk" | "crane" | "buildRustPackage" | "crate2nix";

export interface BuilderChoice {
  readonly builder: Builder;
  /** Why, with the source (`docs/nix.md:12`, `task`, `policy`, `default`). */
  readonly reasons: readonly string[];
}

export interface DocumentFact {
  readonly id: string;
  readonly claim: string;
  /** Path relative to the repository, or as given when outside it. */
  readonly source: string;
  readonly line: number;
  readonly sha256: string;
  /** Literal, at most 200 characters. */
  readonly quote: string;
  readonly key?: string;
  readonly value?: string;
}

export interface Survey {
  readonly head: string;
  /** Tracked files, sorted; long lists are cut at 20,000 with `filesTotal` telling the truth. */
  readonly files: readonly string[];
  readonly filesTotal: number;
  /** Present in the checkout but not part of HEAD: work starts from HEAD without them. */
  readonly uncommitted: readonly string[];
  readonly cargo?: CargoProject;
  /** A project in another language. Absent: a Cargo project was found, or none in a language that is read. */
  readonly language?: LanguageSurvey;
  readonly flake?: ExistingFlake;
  readonly nativeNeeds: readonly NativeNeed[];
  /** Absent: none. */
  readonly setAsideNeeds?: readonly SetAsideNeed[];
  readonly neededFiles: readonly NeededFile[];
  /** With the hash of the document, hex. Absent: no document shows one. */
  readonly shownRuns?: readonly (ShownRun & { readonly sha256: string })[];
  readonly readme?: Readme;
  /** The document of the repository that says most about the flake's outputs; absent: none says anything. */
  readonly guide?: Readme;
  /** Of `flake.nix`, `flake.lock` and the root's `Cargo.lock`. */
  readonly ignored: readonly IgnoredFile[];
  readonly otherLanguages: readonly string[];
  /** Absent: no file of CI and no script was found. */
  readonly ci?: CiFacts;
  /** Absent: nothing asks for the commit. */
  readonly gitMetadata?: readonly GitMetadata[];
  /** Absent: nothing was seen that downloads while it builds. */
  readonly buildDownloads?: readonly BuildDownload[];
  readonly warnings: readonly string[];
}
