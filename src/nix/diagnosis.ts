/**
 * What went wrong, typed. The kinds are the classes of failure that a nixification meets; `fingerprint` is stable across reruns (stage, kind,
 * derivation name without hash, position; no times, no store hashes, no temporary paths) and is what progress, repeats and stagnation
 * are judged by.
 */

export type Owner = "own" | "own-deps" | "fetch" | "nixpkgs";

export interface FailingDerivation {
  /** `/nix/store/…-NAME.drv`, when known. */
  readonly drv?: string;
  /** Without hash and `.drv`. */
  readonly name: string;
  readonly owner: Owner;
}

export interface Position {
  /** Relative to the flake's root where the file lies inside it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Stage = "parse" | "eval" | "fetch" | "build" | "check" | "run";

/** The thirty classes of the field notes (§2.1; diagnose/classes.ts says which kind is which), then what a compiler says of the program itself, then the rest. */
export type DiagnosisFacts =
  | { readonly kind: "untracked-file"; readonly path: string }
  | { readonly kind: "native-library"; readonly crate?: string; readonly library?: string; readonly pkgConfigMissing: boolean }
  | { readonly kind: "toolchain"; readonly required?: string; readonly actual?: string; readonly crate?: string }
  | { readonly kind: "hash-mismatch"; readonly specified: string; readonly got: string }
  /** Vendored crates that belong to another Cargo.lock: the hash found its old output in the store. */
  | { readonly kind: "stale-hash" }
  | { readonly kind: "git-dependency-hash"; readonly dependency: string; readonly stale: boolean }
  | { readonly kind: "cargo-lock"; readonly problem: "missing" | "outdated" | "version"; readonly path?: string }
  /** Without a status cargo itself refused the flake's second definition of the registry, before anything was asked for. */
  | { readonly kind: "registry-refused"; readonly url: string; readonly status?: number }
  | { readonly kind: "source-filter"; readonly path: string }
  | { readonly kind: "workspace"; readonly member?: string }
  | { readonly kind: "git-metadata"; readonly variable?: string }
  | { readonly kind: "sandboxed-test"; readonly tests: readonly string[] }
  | { readonly kind: "libclang" }
  | { readonly kind: "generator-missing"; readonly program: string }
  | { readonly kind: "build-tool-missing"; readonly program: string }
  | { readonly kind: "network-at-build"; readonly url?: string }
  | {
      readonly kind: "attribute";
      readonly attribute: string;
      readonly suggestion?: string;
      /** How many near names Nix gave, where it gave more than that one. */
      readonly alternatives?: number;
      readonly undefinedVariable: boolean;
    }
  | { readonly kind: "syntax"; readonly expected?: string }
  | { readonly kind: "type"; readonly detail: string }
  | { readonly kind: "dummy-source" }
  | { readonly kind: "vendored-git-files"; readonly path: string }
  | { readonly kind: "lock-outdated" }
  | { readonly kind: "input-not-found"; readonly url: string; readonly status?: number }
  | { readonly kind: "missing-output"; readonly attribute: string }
  | { readonly kind: "runtime-library"; readonly library: string }
  | { readonly kind: "darwin-sdk"; readonly attribute: string }
  | { readonly kind: "import-from-derivation" }
  | { readonly kind: "foreign-system"; readonly system?: string }
  | { readonly kind: "vendor-write"; readonly path?: string }
  | { readonly kind: "path-outside-source"; readonly path: string }
  | { readonly kind: "mixed-toolchains" }
  | { readonly kind: "private-source"; readonly source?: string }
  /** `nix`: it did not start, so nothing was judged. */
  | { readonly kind: "resources"; readonly resource: "time" | "memory" | "disk" | "nix" }
  | { readonly kind: "interactive" }
  | { readonly kind: "refused-setting"; readonly setting: string }
  | { readonly kind: "compile-error"; readonly code?: string }
  | { readonly kind: "test-failure"; readonly tests: readonly string[] }
  | { readonly kind: "unknown" };

export type DiagnosisKind = DiagnosisFacts["kind"];

export type Diagnosis = DiagnosisFacts & {
  readonly stage: Stage;
  /** One clean line. */
  readonly message: string;
  /** The innermost failing derivation. */
  readonly derivation?: FailingDerivation;
  readonly position?: Position;
  /** The lines of the log or error that decided the class: ANSI-free, at most 40 lines. */
  readonly excerpt: string;
  /** What to do next, for a person or a model. */
  readonly next: string;
  readonly fingerprint: string;
};
