/** What a survey finds out about how a project is built: its Rust, its CI, its vendored crates, what its build asks of the world outside. */

/** The oldest Rust that something in the project bears. */
export interface RustRequirement {
  /** `1.85`, as written or as Cargo's documentation says. */
  readonly version: string;
  /** `rust-version of app`, `edition 2024 of app`, `Cargo.lock of format 4`. */
  readonly why: string;
  /** `Cargo.toml:5`. */
  readonly source: string;
}

/** The highest rust-version of the project's own packages. What its dependencies need stands in their manifests, not in Cargo.lock. */
export interface MinimumRust {
  readonly version: string;
  /** Names of the packages that say so. */
  readonly packages: readonly string[];
  readonly source: string;
}

/** A source replacement: the crates lie in the repository, or were meant to. */
export interface VendoredDependencies {
  /** `.cargo/config.toml:4`. */
  readonly source: string;
  /** Relative to the repository. */
  readonly directory: string;
  readonly tracked: boolean;
}

/** What CI or the project's own scripts run, each with the line that shows it; absent: nothing seen. */
export interface CiFacts {
  /** Tests are run by cargo-nextest. */
  readonly nextest?: string;
  /** Clippy's warnings are errors. */
  readonly clippyDenied?: string;
  /** Formatting is checked. */
  readonly formatting?: string;
  /** Files of CI that were read. */
  readonly files: readonly string[];
}

/** The build wants to know the commit, which no flake source has: set the variables instead. */
export interface GitMetadata {
  /** The crate, or `git`, that asks. */
  readonly by: string;
  readonly source: string;
  /** Variables that can be set in its place; empty where none is known. */
  readonly variables: readonly string[];
}

/** Something that a build script fetches, which the sandbox forbids. */
export interface BuildDownload {
  readonly by: string;
  readonly source: string;
  readonly remedy: string;
}
