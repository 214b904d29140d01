/** What a model did on one task: `successes` of `trials` counted repeats. A trial that failed for infrastructure is not counted. */
export interface TaskCount {
  readonly task: string;
  readonly cluster: string;
  readonly successes: number;
  readonly trials: number;
}

/** Any number of one task: its mean of resolved, a pass@k, a difference of two models. */
export interface TaskScore {
  readonly task: string;
  readonly cluster: string;
  readonly value: number;
}

/** Below this many clusters nothing is tested: estimates are descriptive and say so (docs of the statistics, "never"). */
export const FEWEST_CLUSTERS = 8;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The sum of `values`, the same for every order of them: they are added from the smallest to the largest, so that no result depends on
 * the order of rows or on names of tasks.
 */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of new Float64Array(values).sort()) total += value;
  return total;
}

/** Mean of resolved per task, for tasks with at least one counted trial. */
export function resolvedShares(counts: readonly TaskCount[]): readonly TaskScore[] {
  return counts.flatMap(({ task, cluster, successes, trials }) =>
    trials === 0 ? [] : [{ task, cluster, value: successes / trials }],
  );
}

/** Values by cluster, clusters sorted by name: what draws random numbers for clusters draws them in this order. */
export function byCluster(scores: readonly TaskScore[]): ReadonlyMap<string, readonly number[]> {
  const clusters = new Map<string, number[]>();
  for (const { cluster, value } of scores) {
    const values = clusters.get(cluster);
    if (values) values.push(value);
    else clusters.set(cluster, [value]);
  }
  return new Map([...clusters].sort(([a], [b]) => (a < b ? -1 : 1)));
}
