import { drawFrom } from "../../../src/evals/draw.ts";
import type { Interval, TaskCount } from "../../../src/evals/statistics/scores.ts";

/**
 * The model world of the statistics tests, on the logit: `level` + cluster + task ± half of (effect + the cluster's and the task's own
 * taste for one of the two models). Seeded; the standard deviations are those of the design unless others are given.
 */
export interface Spread {
  readonly cluster: number;
  readonly task: number;
  readonly clusterTaste: number;
  readonly taskTaste: number;
}

export const SPREAD: Spread = { cluster: 1.2, task: 1.5, clusterTaste: 0.6, taskTaste: 1 };

/** 33 tasks in 14 clusters, like the first suite. */
export const FIRST_SUITE = [3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 1, 1];
export const even = (clusters: number, tasks: number): readonly number[] => new Array<number>(clusters).fill(tasks);

export interface Simulation {
  readonly sizes: readonly number[];
  readonly repeats: number;
  readonly level: number;
  readonly effect?: number;
  readonly spread?: Spread;
}

export interface Noise {
  readonly uniform: () => number;
  readonly normal: () => number;
}

export function noiseFrom(seed: string): Noise {
  const draw = drawFrom(seed);
  const uniform = (): number => (draw.number(2 ** 26) + 0.5) / 2 ** 26;
  // Box and Muller; the second of the two values is not kept, for one line less of state.
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** One run of two models. */
export function simulate(
  { sizes, repeats, level, effect = 0, spread = SPREAD }: Simulation,
  noise: Noise,
): readonly [TaskCount[], TaskCount[]] {
  const a: TaskCount[] = [];
  const b: TaskCount[] = [];
  for (const [clusterAt, size] of sizes.entries()) {
    const cluster = `c${String(clusterAt).padStart(3, "0")}`;
    const common = noise.normal() * spread.cluster;
    const taste = effect + noise.normal() * spread.clusterTaste;
    for (let taskAt = 0; taskAt < size; taskAt += 1) {
      const base = level + common + noise.normal() * spread.task;
      const half = (taste + noise.normal() * spread.taskTaste) / 2;
      const task = `${cluster}-t${taskAt}`;
      a.push({ task, cluster, trials: repeats, successes: successesAt(base + half, repeats, noise) });
      b.push({ task, cluster, trials: repeats, successes: successesAt(base - half, repeats, noise) });
    }
  }
  return [a, b];
}

/** The true mean of one model and the true difference, over a population of clusters. */
export function truth(
  { level, effect = 0, spread = SPREAD }: Pick<Simulation, "level" | "effect" | "spread">,
  clusters: number,
): { readonly mean: number; readonly difference: number } {
  const noise = noiseFrom(`truth ${level} ${effect}`);
  let ofA = 0;
  let ofB = 0;
  for (let at = 0; at < clusters; at += 1) {
    const base = level + noise.normal() * spread.cluster + noise.normal() * spread.task;
    const half = (effect + noise.normal() * spread.clusterTaste + noise.normal() * spread.taskTaste) / 2;
    ofA += chance(base + half);
    ofB += chance(base - half);
  }
  return { mean: ofA / clusters, difference: (ofA - ofB) / clusters };
}

const chance = (logit: number): number => 1 / (1 + Math.exp(-logit));

export function successesAt(logit: number, repeats: number, noise: Noise): number {
  const p = chance(logit);
  let successes = 0;
  for (let at = 0; at < repeats; at += 1) if (noise.uniform() < p) successes += 1;
  return successes;
}

/** The share of `replications` of which `holds` is true. */
export function shareOf(replications: number, holds: () => boolean): number {
  let count = 0;
  for (let at = 0; at < replications; at += 1) if (holds()) count += 1;
  return count / replications;
}

export const REPLICATIONS = 2000;
/** Clusters that the truth is taken from. */
export const POPULATION = 200_000;

export const holds = (interval: Interval | undefined, value: number): boolean =>
  interval !== undefined && interval.low <= value && value <= interval.high;
