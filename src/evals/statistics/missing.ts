import { fisherExact } from "./exact-tests.ts";
import { type Interval, sum, type TaskCount } from "./scores.ts";

/** What was planned for a task and what of it counts. */
export interface PlannedCount extends TaskCount {
  readonly planned: number;
}

/** The mean of resolved with every missing trial as failed, and as resolved: no completion of the run lies outside. */
export function boundsOf(counts: readonly PlannedCount[]): Interval | undefined {
  const planned = counts.filter((count) => count.planned > 0);
  if (planned.length === 0) return undefined;
  const mean = (share: (count: PlannedCount) => number): number => sum(planned.map(share)) / planned.length;
  return {
    low: mean(({ successes, planned: of }) => successes / of),
    high: mean(({ successes, trials, planned: of }) => (successes + of - trials) / of),
  };
}

export interface Missing {
  readonly model: string;
  readonly missing: number;
  readonly planned: number;
}

/** Why a run is no ranking: more is missing than this share, or two models miss unlike shares. undefined where it is one. */
export const MOST_MISSING = 0.05;

export type NoRanking =
  | { readonly why: "missing"; readonly model: string; readonly share: number }
  | { readonly why: "unlike-missing"; readonly models: readonly [string, string]; readonly p: number };

export function whyNoRanking(models: readonly Missing[]): NoRanking | undefined {
  for (const { model, missing, planned } of models) {
    if (planned > 0 && missing / planned > MOST_MISSING) return { why: "missing", model, share: missing / planned };
  }
  for (const [at, one] of models.entries()) {
    for (const other of models.slice(at + 1)) {
      const p = fisherExact({ hits: one.missing, of: one.planned }, { hits: other.missing, of: other.planned });
      if (p < 0.05) return { why: "unlike-missing", models: [one.model, other.model], p };
    }
  }
  return undefined;
}
