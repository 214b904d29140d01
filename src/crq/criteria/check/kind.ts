import type { z } from "zod";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";
import type { Check, CheckKind, Tier } from "../../checks.ts";
import type { Answers } from "../answers.ts";
import type { Canary } from "../canaries/canary.ts";
import type { InputJudge } from "../judge/flake-inputs.ts";
import type { SharedNix } from "../shared-nix.ts";
import type { Target } from "../target.ts";
import type { CheckResult } from "./result.ts";

/** What every check of one run sees. Nothing here can change the target. */
export interface RunContext {
  readonly target: Target;
  readonly environment: ExecutionEnvironment;
  /** undefined where there is no Nix; `noNix` says why and names the next move. */
  readonly nix: SharedNix | undefined;
  readonly noNix: string;
  /** The system this machine builds for. */
  readonly system: string;
  /** The systems of the CRQ's target; at least one. */
  readonly systems: readonly string[];
  readonly judgeInputs: InputJudge | undefined;
  /** A person's answers to `manual` checks, by criterion. */
  readonly answers: Answers;
  /** Run built programs without confinement where this machine has none. Every report says so. */
  readonly unsafeLocal: boolean;
  /** Files of the person's checkout that git does not know, ignored ones left out: the target itself holds tracked files only. */
  readonly untracked: readonly string[];
  /** The CRQ folder of the target; undefined where there is none. */
  readonly crqFolder: string | undefined;
  /** Today as an ISO date in UTC, for `max-age-days`. */
  readonly now: Date;
  readonly signal: AbortSignal | undefined;
}

export interface CheckContext extends RunContext {
  readonly criterion: string;
  readonly index: number;
  /** Fills in the variables of a string for one system: only for kinds that are `perSystem`, whose strings come as they were written. */
  readonly expand: (text: string, system: string) => string;
}

/** What a kind needs before it can say anything: the tracked files, Nix, or a flake.nix for Nix to look at. */
export type Needs = "files" | "nix" | "flake";

/** A check kind is a value. `schema` ties `run` to its parameters. */
export interface CheckKindDefinition<Schema extends z.ZodType<Check>> {
  readonly schema: Schema;
  readonly kind: z.infer<Schema>["kind"];
  /** What a pass proves. */
  readonly tier: Tier;
  /** Where that depends on the parameters; it also decides when the check has its turn. */
  readonly tierOf?: (check: z.infer<Schema>) => Tier;
  readonly needs: Needs;
  /** When a pass of this kind would be worth nothing, in one sentence; `run` answers `vacuous` then. */
  readonly guard: string;
  /** A bad example that `run` must reject; kinds that judge a person's word have none. */
  readonly canary: Canary | undefined;
  /** Whether `run` fills in `${system}` itself, once for each system of the target. */
  readonly perSystem?: boolean;
  run(check: z.infer<Schema>, context: CheckContext): Promise<CheckResult>;
}

/** A kind whose parameter type has been erased, for the registry; `run` validates its parameters again. */
export interface AnyCheckKind extends Omit<CheckKindDefinition<z.ZodType<Check>>, "schema" | "kind" | "run" | "tierOf"> {
  readonly kind: CheckKind;
  readonly tierOf: (check: Check) => Tier;
  run(check: Check, context: CheckContext): Promise<CheckResult>;
}

export function defineKind<Schema extends z.ZodType<Check>>(definition: CheckKindDefinition<Schema>): AnyCheckKind {
  const { schema, tier } = definition;
  return {
    ...definition,
    tierOf: (check) => definition.tierOf?.(schema.parse(check)) ?? tier,
    run: (check, context) => definition.run(schema.parse(check), context),
  };
}

/** The evaluator of a kind that declares a need for it: the runner never starts one without. */
export function evaluator(context: RunContext): SharedNix {
  if (!context.nix) throw new Error(`a check that needs Nix was started without it: ${context.noNix}`);
  return context.nix;
}

/** A variable has no value: the check cannot run. `prerequisite`: because the build it stands for has not passed. */
export class UnresolvedVariable extends Error {
  override readonly name = "UnresolvedVariable";
  readonly prerequisite: boolean;

  constructor(message: string, prerequisite: boolean) {
    super(message);
    this.prerequisite = prerequisite;
  }
}
