import type { PlannedCount } from "../statistics/missing.ts";
import type { RunFacts } from "./run-facts.ts";
import type { TrialRow } from "./trial-row.ts";

/** Trials of one model, those that count and those that are missing. */
export interface ModelTrials {
  readonly model: string;
  /** Without those that failed for infrastructure. */
  readonly rows: readonly TrialRow[];
  /** By planned task, in the order of the plan. */
  readonly counts: readonly PlannedCount[];
  readonly planned: number;
  /** Planned trials that do not count: they failed for infrastructure, or have not ended. */
  readonly missing: number;
  /** Of these, the ones that have not ended: there is no row of them. */
  readonly pending: number;
}

/** What each model did, by the plan. */
export function trialsByModel(facts: RunFacts, rows: readonly TrialRow[]): readonly ModelTrials[] {
  const clusters = new Map(facts.tasks.map(({ id, cluster }) => [id, cluster]));
  const counted = new Map<string, TrialRow[]>();
  for (const row of rows) {
    if (row.infra) continue;
    const trials = counted.get(row.model);
    if (trials) trials.push(row);
    else counted.set(row.model, [row]);
  }
  return facts.models.map(({ alias }) => {
    const own = counted.get(alias) ?? [];
    const byTask = new Map<string, TrialRow[]>();
    for (const row of own) byTask.set(row.task, [...(byTask.get(row.task) ?? []), row]);
    const plan = Object.hasOwn(facts.planned, alias) ? (facts.planned[alias] ?? []) : [];
    const counts = plan.map(({ task, repeats }): PlannedCount => {
      const trials = byTask.get(task) ?? [];
      return {
        task,
        cluster: clusters.get(task) ?? task,
        trials: trials.length,
        successes: trials.filter(({ resolved }) => resolved).length,
        planned: Math.max(repeats, trials.length),
      };
    });
    const planned = counts.reduce((total, count) => total + count.planned, 0);
    const missing = planned - counts.reduce((total, count) => total + count.trials, 0);
    const ended = rows.filter(({ model, infra }) => model === alias && infra).length;
    return { model: alias, rows: own, counts, planned, missing, pending: Math.max(0, missing - ended) };
  });
}
