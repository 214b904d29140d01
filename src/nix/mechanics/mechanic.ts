import type { Nix, RunNixOptions } from "../nix.ts";

/** A repair that needs no model: what it may use, and what it did. */

export interface MechanicPlace {
  readonly nix: Nix;
  /** Absolute folder of the worktree. */
  readonly worktree: string;
  /** Commit that the work starts from: a hash that stands there pins a source and is not replaced. Default HEAD. */
  readonly base?: string;
  /** Hashes that Nix printed in this session; a mechanic adds what it writes. */
  readonly knownHashes: Set<string>;
  /** Makes a Cargo.lock in the worktree's root (cargo generate-lockfile); absent: a person did not allow it. */
  readonly generateLockFile?: (
    options?: RunNixOptions,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>;
  readonly run?: RunNixOptions;
}

/** A file as it was and as the mechanic left it; undefined: there was none. */
export interface MechanicEdit {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

export interface MechanicResult {
  readonly name: "track-files" | "write-lock" | "replace-hash" | "add-output-hash" | "remove-output-hash" | "make-cargo-lock";
  /** One sentence for the journal. */
  readonly detail: string;
  /** Already written to the worktree. */
  readonly edits: readonly MechanicEdit[];
  /** Paths that git tracks now (intent-to-add) and did not before. */
  readonly staged: readonly string[];
}
