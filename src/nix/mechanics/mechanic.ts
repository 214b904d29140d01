import type { Diagnosis } from "../diagnosis.ts";
import type { Nix, RunNixOptions } from "../nix.ts";
import type { InputPolicy } from "../policy/policy.ts";

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
  /** `[policy.inputs]`, which an edit of a mechanic keeps like any other. */
  readonly policy?: InputPolicy;
  /** Fingerprints whose edit of Nix code was refused or undone in this session: it is not tried again. A mechanic adds to it. */
  readonly refuted?: Set<string>;
  readonly run?: RunNixOptions;
}

/** A file as it was and as the mechanic left it; undefined: there was none. */
export interface MechanicEdit {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Edits of Nix code that a diagnosis calls for; each is parsed, policed and evaluated before it stands. */
export const CODE_MECHANICS = [
  "rename-attribute",
  "bind-variable",
  "add-native-inputs",
  "add-output",
  "add-system",
  "widen-source",
  "set-variable",
  "set-test-home",
  "add-test-program",
  "add-library-path",
  "fill-dummy-source",
  "build-in-one-step",
  "one-toolchain",
  "drop-darwin-frameworks",
  "mend-syntax",
  "escape-shell-expansion",
  "import-without-build",
  "take-this-system",
  "drop-download-address",
] as const;
export type CodeMechanic = (typeof CODE_MECHANICS)[number];

export interface MechanicResult {
  readonly name:
    | "track-files"
    | "write-lock"
    | "replace-hash"
    | "add-output-hash"
    | "remove-output-hash"
    | "make-cargo-lock"
    | "generate-cargo-nix"
    | CodeMechanic;
  /** One sentence for the journal. */
  readonly detail: string;
  /** Already written to the worktree. */
  readonly edits: readonly MechanicEdit[];
  /** Paths that git tracks now (intent-to-add) and did not before. */
  readonly staged: readonly string[];
}

export const isCodeMechanic = ({ name }: MechanicResult): boolean => CODE_MECHANICS.some((known) => known === name);

/** A mechanic and the failure that it answered. */
export interface Mended {
  readonly done: MechanicResult;
  readonly diagnosis: Diagnosis;
}

/** What a later reader of the worktree has to know: files with the text that mechanics left in them, the last one of each. */
export function textsAfter(results: readonly MechanicResult[]): Readonly<Record<string, string>> {
  return Object.fromEntries(results.flatMap(({ edits }) => edits.map(({ path, after }) => [path, after] as const)));
}
