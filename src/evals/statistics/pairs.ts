import { drawFrom } from "../draw.ts";
import { mcNemarExact } from "./exact-tests.ts";
import { clusterError, squaredClusterSums } from "./mean.ts";
import { quantileOfT } from "./quantiles.ts";
import { byCluster, FEWEST_CLUSTERS, type Interval, sum, type TaskCount, type TaskScore } from "./scores.ts";

/** Two models on the tasks that both have a counted trial of. */
export interface Pair {
  /** Mean over tasks of A's share of resolved trials minus B's. */
  readonly estimate: number;
  /** Two-sided 95 %; undefined with fewer than two clusters. */
  readonly interval: Interval | undefined;
  readonly tasks: number;
  readonly clusters: number;
  /** Cluster sign-flip; undefined with fewer than eight clusters. */
  readonly p: number | undefined;
  /** The 90 % interval lies within ± margin: the two are the same for practical ends. */
  readonly equivalent: boolean;
  /** Shown beside, where every cluster has one task and every task one trial. */
  readonly mcNemar: number | undefined;
}

export interface PairOptions {
  /** Of the random signs, where there are too many clusters for all of them. */
  readonly seed: string;
  /** Of the equivalence test; .05 by default. */
  readonly margin?: number;
}

export function comparePair(
  a: readonly TaskCount[],
  b: readonly TaskCount[],
  { seed, margin = 0.05 }: PairOptions,
): Pair | undefined {
  const both = paired(a, b);
  if (both.length === 0) return undefined;
  const differences = differencesOf(both);
  const estimate = sum(differences.map(({ value }) => value)) / differences.length;
  const clusters = byCluster(differences).size;
  const tested = clusters >= FEWEST_CLUSTERS;
  const narrow = intervalOf(both, 0.9);
  const single = clusters === both.length && both.every(({ one, other }) => one.trials === 1 && other.trials === 1);
  return {
    estimate,
    interval: intervalOf(both, 0.95),
    tasks: both.length,
    clusters,
    p: tested ? signFlip(differences, seed) : undefined,
    equivalent: tested && narrow !== undefined && narrow.low > -margin && narrow.high < margin,
    mcNemar: single
      ? mcNemarExact(differences.filter(({ value }) => value > 0).length, differences.filter(({ value }) => value < 0).length)
      : undefined,
  };
}

/** The two-sided 95 % interval of the mean difference alone, without a test. */
export const differenceInterval = (a: readonly TaskCount[], b: readonly TaskCount[]): Interval | undefined =>
  intervalOf(paired(a, b), 0.95);

interface Both {
  readonly one: TaskCount;
  readonly other: TaskCount;
}

function paired(a: readonly TaskCount[], b: readonly TaskCount[]): readonly Both[] {
  const others = new Map(b.map((count) => [count.task, count]));
  return a.flatMap((one) => {
    const other = others.get(one.task);
    return other && one.trials > 0 && other.trials > 0 ? [{ one, other }] : [];
  });
}

const differencesOf = (both: readonly Both[]): readonly TaskScore[] =>
  both.map(({ one, other }) => ({
    task: one.task,
    cluster: one.cluster,
    value: one.successes / one.trials - other.successes / other.trials,
  }));

/**
 * δ ± t(G−1)·SE. 1/(4k) joins the squared sums, k the harmonic mean of all repeats: without it two models that both solve nearly
 * everything would get an interval of no width, which covered as little as 46 % in simulation.
 */
function intervalOf(both: readonly Both[], level: number): Interval | undefined {
  const differences = differencesOf(both);
  const clusters = byCluster(differences).size;
  if (clusters < 2) return undefined;
  const estimate = sum(differences.map(({ value }) => value)) / differences.length;
  const repeats = (2 * both.length) / sum(both.flatMap(({ one, other }) => [1 / one.trials, 1 / other.trials]));
  const error = clusterError(squaredClusterSums(differences, estimate) + 1 / (4 * repeats), differences.length, clusters);
  const reach = quantileOfT((1 + level) / 2, clusters - 1) * error;
  return { low: Math.max(-1, estimate - reach), high: Math.min(1, estimate + reach) };
}

/** With more clusters than this, signs are drawn. */
const ALL_SIGNS = 16;
const DRAWS = 20_000;
/** Thirty signs come from one drawn number, and are looked up ten at a time: one by one they were half of the time of a large report. */
const SIGNS_A_LOOKUP = 10;
const LOOKUPS_A_NUMBER = 3;
const COMBINATIONS = 2 ** SIGNS_A_LOOKUP;
/** Sums that differ by rounding alone are equal. */
const ROUNDING = 1e-9;

/**
 * p of the hypothesis that the sign of each cluster's difference is chance: the share of sign vectors whose sum is as far from zero as the
 * one seen. All of them for up to sixteen clusters, 20,000 drawn ones beyond, where (b + 1)/(B + 1) keeps p above zero.
 */
export function signFlip(differences: readonly TaskScore[], seed: string): number {
  const sums = [...byCluster(differences).values()].map(sum);
  const seen = Math.abs(sum(sums)) - ROUNDING;
  return sums.length <= ALL_SIGNS ? shareOfAllSigns(sums, seen) : shareOfDrawnSigns(sums, seen, seed);
}

/** In the order of a Gray code one sign changes a step. The first sign stays: a vector and its opposite are equally far from zero. */
function shareOfAllSigns(sums: readonly number[], seen: number): number {
  const half = 2 ** Math.max(0, sums.length - 1);
  const signs = sums.map(() => 1);
  let total = sum(sums);
  let far = 0;
  for (let step = 1; ; step += 1) {
    if (Math.abs(total) >= seen) far += 1;
    if (step >= half) break;
    const at = 32 - Math.clz32(step & -step);
    const sign = signs[at] ?? 1;
    total -= 2 * sign * (sums[at] ?? 0);
    signs[at] = -sign;
  }
  return far / half;
}

function shareOfDrawnSigns(sums: readonly number[], seen: number, seed: string): number {
  const draw = drawFrom(seed);
  const tables = Array.from({ length: Math.ceil(sums.length / SIGNS_A_LOOKUP) }, (_, at) =>
    signedSums(sums.slice(at * SIGNS_A_LOOKUP, (at + 1) * SIGNS_A_LOOKUP)),
  );
  let far = 0;
  for (let at = 0; at < DRAWS; at += 1) {
    let total = 0;
    let signs = 0;
    let left = 0;
    for (const table of tables) {
      signs = left === 0 ? draw.number(COMBINATIONS ** LOOKUPS_A_NUMBER) : signs >> SIGNS_A_LOOKUP;
      left = left === 0 ? LOOKUPS_A_NUMBER - 1 : left - 1;
      total += table[signs & (table.length - 1)] ?? 0;
    }
    if (Math.abs(total) >= seen) far += 1;
  }
  return (far + 1) / (DRAWS + 1);
}

/** The sum of at most ten values with every combination of signs; a bit that is set is a plus. */
function signedSums(values: readonly number[]): Float64Array {
  const totals = new Float64Array(2 ** values.length);
  for (const [at, value] of values.entries()) {
    const half = 2 ** at;
    for (let signs = 0; signs < half; signs += 1) {
      const total = totals[signs] ?? 0;
      totals[signs] = total - value;
      totals[signs + half] = total + value;
    }
  }
  return totals;
}

export interface Factor {
  /** How many times as much A takes as B. */
  readonly estimate: number;
  readonly interval: Interval | undefined;
  readonly tasks: number;
  readonly clusters: number;
}

/** Of a positive quantity (dollars, tokens, working time) by task: exp of the mean log ratio, over tasks where both are above zero. */
export function compareFactor(a: readonly TaskScore[], b: readonly TaskScore[]): Factor | undefined {
  const others = new Map(b.map(({ task, value }) => [task, value]));
  const logs = a.flatMap(({ task, cluster, value }): readonly TaskScore[] => {
    const other = others.get(task) ?? 0;
    return value > 0 && other > 0 ? [{ task, cluster, value: Math.log(value / other) }] : [];
  });
  if (logs.length === 0) return undefined;
  const mean = sum(logs.map(({ value }) => value)) / logs.length;
  const clusters = byCluster(logs).size;
  const common = { estimate: Math.exp(mean), tasks: logs.length, clusters };
  if (clusters < 2) return { ...common, interval: undefined };
  const reach = quantileOfT(0.975, clusters - 1) * clusterError(squaredClusterSums(logs, mean), logs.length, clusters);
  return { ...common, interval: { low: Math.exp(mean - reach), high: Math.exp(mean + reach) } };
}
