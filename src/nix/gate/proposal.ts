import type { Diagnosis } from "../diagnosis.ts";
import type { MovedInput } from "../lock.ts";
import type { MechanicResult } from "../mechanics/mechanic.ts";
import type { FlakeInputs, Nix, RunNixOptions } from "../nix.ts";
import type { LatticePlace } from "../policy/lattice-place.ts";
import type { InputPolicy } from "../policy/policy.ts";
import type { Weakening } from "../weakening.ts";

/** One file of a proposal, before and after; undefined: there is no such file. */
export interface ProposedChange {
  /** Relative to the worktree, with slashes. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A rule that a proposal breaks: refused, whatever it evaluates to. */
export interface GateProblem {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** The next move. */
  readonly next: string;
}

export interface GateQuestion {
  readonly nix: Nix;
  /** Absolute folder of the worktree. */
  readonly worktree: string;
  readonly changes: readonly ProposedChange[];
  /** Commit that the work starts from; hashes that stand there may be used. Default HEAD. */
  readonly base?: string;
  /** Hashes that Nix printed in this session, in any form. */
  readonly knownHashes: ReadonlySet<string>;
  readonly policy?: InputPolicy;
  /** Flakes of the repository that the root flake may take by a relative path, where the policy allows it. */
  readonly lattice?: LatticePlace;
  /** ISO date for exceptions of the policy; default today. */
  readonly today?: string;
  /** Systems whose output names must evaluate; default: this machine's. */
  readonly systems?: readonly string[];
  /** Attribute paths that must evaluate to a derivation where they exist, besides packages, devShells and checks of this system. */
  readonly attributes?: readonly string[];
  readonly run?: RunNixOptions;
}

export type GateStage = "policy" | "parse" | "lock" | "eval";

/** What the flake gives, from the gate's own evaluation. */
export interface EvaluatedOutputs {
  /** `packages.x86_64-linux.default` and so on to its .drv. */
  readonly derivations: Readonly<Record<string, string>>;
  /** Names by kind and system, for all systems asked for. */
  readonly names: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface GatePass {
  readonly ok: true;
  /** Weakened checks: listed, never refused here. */
  readonly weakenings: readonly Weakening[];
  /** Sentences for the reviewer (new downloads, warnings of Nix). */
  readonly notes: readonly string[];
  readonly mechanics: readonly MechanicResult[];
  /** The failures that mechanics answered on the way. */
  readonly answered: readonly Diagnosis[];
  readonly moved: readonly MovedInput[];
  readonly inputs?: FlakeInputs;
  /** Absent where there is no flake yet, or nothing was evaluated. */
  readonly outputs?: EvaluatedOutputs;
}

export interface GateRefusal {
  readonly ok: false;
  readonly stage: GateStage;
  readonly problems: readonly GateProblem[];
  readonly diagnoses: readonly Diagnosis[];
  /** true: it may be amended; false: nothing of it was kept. */
  readonly pending: boolean;
  /** `unavailable`, `timeout`, `aborted`: no verdict on the proposal. */
  readonly why: "failed" | "unavailable" | "timeout" | "aborted";
  readonly mechanics: readonly MechanicResult[];
}

export type GateVerdict = GatePass | GateRefusal;
