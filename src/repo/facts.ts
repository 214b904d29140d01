/** What a survey finds out about a repository without running any of its code. */

export interface CrateBinary {
  readonly name: string;
  readonly path: string;
}

export interface CargoPackage {
  readonly name: string;
  readonly version: string;
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

export interface CargoProject {
  /** Folder of the root Cargo.toml relative to the repository. */
  readonly root: string;
  readonly workspace: boolean;
  readonly packages: readonly CargoPackage[];
  readonly lock: { readonly state: "present" | "missing" | "ignored" | "invalid"; readonly version?: number; readonly crates: readonly LockedCrate[]; readonly problem?: string };
  readonly toolchainFile?: { readonly path: string; readonly channel: string; readonly components: readonly string[]; readonly targets: readonly string[] };
}

/** A native need and where it was seen; attribute names are of nixpkgs. */
export interface NativeNeed {
  readonly reason: string;
  readonly nativeBuildInputs: readonly string[];
  readonly buildInputs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A non-Rust file the build reads (`include_str!`, `rerun-if-changed`, .sqlx, migrations, proto). */
export interface NeededFile {
  readonly path: string;
  readonly neededBy: string;
  readonly exists: boolean;
}

export interface ExistingFlake {
  readonly path: string;
  readonly text: string;
  readonly locked: boolean;
  readonly builder?: Builder;
}

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
  readonly flake?: ExistingFlake;
  readonly nativeNeeds: readonly NativeNeed[];
  readonly neededFiles: readonly NeededFile[];
  readonly readme?: string;
  readonly otherLanguages: readonly string[];
  readonly warnings: readonly string[];
}
