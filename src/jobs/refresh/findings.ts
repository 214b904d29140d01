import type { Diagnosis } from "../../nix/diagnosis.ts";

/** What refreshing finds, one thing a line, in the words of the maintainer. */

export const STEPS = ["flake-lock", "cargo-lock", "toolchain", "cargo-nix", "hashes", "build"] as const;
export type RefreshStep = (typeof STEPS)[number];

/** Something that was brought in step in the private copy. */
export interface Change {
  readonly step: RefreshStep;
  /** `flake.lock: nixpkgs`, `flake.nix:12 cargoHash`. */
  readonly what: string;
  /** Absent: new. */
  readonly before?: string;
  /** Absent: gone. */
  readonly after?: string;
  readonly why: string;
  /** The file that holds it, relative to the repository. */
  readonly path: string;
}

/** What no rule may decide, or what could not be looked at here. */
export interface Open {
  readonly step: RefreshStep;
  readonly kind: "person" | "unchecked";
  readonly message: string;
  readonly next: string;
}

export type StepResult =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly open: readonly Open[] }
  | {
      readonly ok: false;
      readonly why: "failed" | "timeout" | "aborted" | "unavailable";
      readonly message: string;
      readonly next: string;
      readonly diagnoses: readonly Diagnosis[];
    };

export const inStep: StepResult = { ok: true, changes: [], open: [] };
