import type { Gate, TrialRow } from "../../results/trial-row.ts";
import type { Task } from "../../task/task.ts";

export type GateResult = NonNullable<TrialRow["gates"][Gate]>;
export type GateResults = TrialRow["gates"];

/** What a gate says of its subject, before it is timed and its log is kept. */
export interface Judgement {
  readonly verdict: "pass" | "fail" | "off";
  /** What failed and where, in one or a few sentences. */
  readonly detail: string;
  /** Whole output, for the log file; absent: the detail says all. */
  readonly log?: string;
}

export const pass = (detail: string, log?: string): Judgement => ({ verdict: "pass", detail, ...(log !== undefined && { log }) });
export const fail = (detail: string, log?: string): Judgement => ({ verdict: "fail", detail, ...(log !== undefined && { log }) });
export const off = (detail: string): Judgement => ({ verdict: "off", detail });

/** A gate as a value. It judges; it never decides about other gates. */
export interface GateDefinition<Subject> {
  readonly name: Gate;
  /** Gates that must not have failed: without them this one could say nothing of its own. */
  readonly needs: readonly Gate[];
  /** Builds or runs: skipped when the verdict is certain without it. */
  readonly expensive: boolean;
  /** Why this task has nothing for it to look at. */
  readonly nothingToCheck?: (task: Task) => string | undefined;
  /** @param before what the gates before it said */
  run(subject: Subject, before: GateResults): Promise<Judgement>;
}
