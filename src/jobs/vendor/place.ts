import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { MovedInput } from "../../nix/lock.ts";
import type { Nix, RunNixOptions } from "../../nix/nix.ts";
import type { InputFinding, InputPolicy } from "../../nix/policy/policy.ts";
import type { Rewrite, Skip } from "../../nix/vendor/decide.ts";
import type { RemoteQuestion } from "../../repo/remote-branches.ts";
import type { FileChange } from "../../repo/workspace/edits.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";

/** What vendoring is handed, and what it gives back. */

export interface VendorPlace {
  readonly nix: Nix;
  /** Private copy of the checkout; everything is tried there. */
  readonly workspace: Workspace;
  /** The flake's folder relative to the repository; "" is its root. */
  readonly folder: string;
  /** As they stand in the checkout. */
  readonly flake: string;
  readonly lock: string | undefined;
  readonly policy: InputPolicy;
  /** ISO date; exceptions end. */
  readonly today: string;
  /** Absent: nobody is asked for branches. */
  readonly network: RemoteQuestion | undefined;
  readonly run: RunNixOptions & { readonly signal: AbortSignal };
}

/** An input that has its new source, proven by evaluation. Line and column of the edit, from 1, in UTF-16 units. */
export type Rewritten = Omit<Rewrite, "kind"> & { readonly line: number; readonly column: number };

export type Vendored =
  | {
      readonly kind: "planned";
      readonly rewritten: readonly Rewritten[];
      readonly skipped: readonly Skip[];
      /** flake.nix and flake.lock, relative to the repository; none: nothing is to be written. */
      readonly changes: readonly FileChange[];
      readonly moved: readonly MovedInput[];
      /** The policy's judgement of the result, lock included. */
      readonly findings: readonly InputFinding[];
      readonly diff: string;
    }
  /** Nothing is written. */
  | {
      readonly kind: "refused";
      readonly stage: "flake" | "lock";
      readonly why: "failed" | "timeout" | "aborted" | "unavailable";
      readonly message: string;
      readonly next: string;
      readonly diagnoses: readonly Diagnosis[];
      readonly rewritten: readonly Rewritten[];
      readonly skipped: readonly Skip[];
    }
  /** No evaluator: what the lock file says the inputs are, and what would become of them. */
  | {
      readonly kind: "without-nix";
      readonly message: string;
      readonly next: string;
      readonly known: readonly (Rewrite | Skip)[];
    };
