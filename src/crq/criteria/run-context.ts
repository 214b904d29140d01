import type { Nix } from "../../nix/nix.ts";
import { hostSystem } from "../../nix/run.ts";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import type { Criterion, Crq } from "../model.ts";
import { expandVariables } from "../variables.ts";
import type { Answers } from "./answers.ts";
import type { RunContext } from "./check/kind.ts";
import { wantedFacts } from "./judge/attributes.ts";
import type { InputJudge } from "./judge/flake-inputs.ts";
import { SharedNix } from "./shared-nix.ts";
import { openTarget, type TargetPlace } from "./target.ts";

/** What a run of the acceptance is given. */
export interface RunOptions {
  readonly crq: Pick<Crq, "criteria" | "metadata">;
  readonly target: TargetPlace;
  /** undefined: checks that need it are `unavailable` with the environment's `missing`. */
  readonly nix: Nix | undefined;
  readonly environment: ExecutionEnvironment;
  /** Folder that gets `logs/AC-n.k.txt`. */
  readonly folder: string;
  /** `[policy.inputs]` of the project as a function. */
  readonly judgeInputs?: InputJudge;
  /** A person's answers to `manual` checks, by criterion. */
  readonly answers?: Answers;
  /** Criteria to check; all when absent. */
  readonly only?: readonly string[];
  readonly unsafeLocal?: boolean;
  /** See CheckContext. */
  readonly untracked?: readonly string[];
  readonly crqFolder?: string;
  /** Checks below the tier `build` that run at the same time; default 2. Builds and programs run one by one. */
  readonly concurrency?: number;
  readonly now?: Date;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
  /** Takes keys out of what a check says and prints, before anything is kept of it; default: nothing is taken out. */
  readonly redact?: (text: string) => string;
}

/** Criteria that still count. */
export const liveCriteria = (crq: Pick<Crq, "criteria">): readonly Criterion[] =>
  crq.criteria.filter((criterion) => criterion.withdrawn === undefined);

export const isSelected = (criterion: Criterion, only: readonly string[] | undefined): boolean =>
  only === undefined || only.includes(criterion.id);

/** What every check of the run will see. Throws a GitError where the target is no worktree or its base no commit. */
export async function openContext(options: RunOptions): Promise<RunContext> {
  const target = await openTarget(options.target);
  const { environment } = options;
  const nix = environment.nixBin === undefined ? undefined : options.nix;
  const system = nix?.system ?? hostSystem();
  const declared = options.crq.metadata?.target?.systems ?? [];
  const systems = declared.length > 0 ? declared : [system];
  const checks = liveCriteria(options.crq)
    .filter((criterion) => isSelected(criterion, options.only))
    .flatMap((criterion) => criterion.checks);
  const expand = (text: string, on: string): string | undefined => {
    const expanded = expandVariables(text, { system: on, base: target.base, out: () => undefined });
    return "text" in expanded ? expanded.text : undefined;
  };
  const shared =
    nix &&
    new SharedNix(nix, target.directory, wantedFacts(checks, { system, systems, expand }), {
      ...(options.signal && { signal: options.signal }),
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
  return {
    target,
    environment,
    nix: shared,
    noNix: environment.missing ?? "no Nix was given to this run",
    system,
    systems,
    judgeInputs: options.judgeInputs,
    answers: options.answers ?? {},
    unsafeLocal: options.unsafeLocal ?? false,
    untracked: options.untracked ?? [],
    crqFolder: options.crqFolder,
    now: options.now ?? new Date(),
    signal: options.signal,
  };
}
