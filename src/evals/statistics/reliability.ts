import { type Estimate, estimateMean } from "./mean.ts";
import { logChoose } from "./quantiles.ts";
import type { TaskCount, TaskScore } from "./scores.ts";

/**
 * pass@k, the chance that at least one of k trials resolves a task, and pass^k, the chance that all k do: for each task without bias
 * from n ≥ k counted trials. Chen et al. 2021 (arXiv:2107.03374) for pass@k, Yao et al. 2024 (arXiv:2406.12045) for pass^k.
 */
export const passAtScore = (successes: number, trials: number, k: number): number =>
  1 - Math.exp(logChoose(trials - successes, k) - logChoose(trials, k));

export const passHatScore = (successes: number, trials: number, k: number): number =>
  Math.exp(logChoose(successes, k) - logChoose(trials, k));

export interface Reliability {
  readonly k: number;
  /** Tasks with at least k counted trials: fewer than all, where trials are missing. */
  readonly tasks: number;
  readonly passAt: Estimate;
  readonly passHat: Estimate;
  /** pass@k − pass^k: how much of what a model can do it does not do every time. */
  readonly gap: number;
}

/** Both for k = 1 … `largest`, where at least one task has k trials. */
export function reliability(counts: readonly TaskCount[], largest: number): readonly Reliability[] {
  return Array.from({ length: largest }, (_, at) => at + 1).flatMap((k) => {
    const passAt = estimateMean(scoresOf(counts, k, passAtScore));
    const passHat = estimateMean(scoresOf(counts, k, passHatScore));
    if (!passAt || !passHat) return [];
    return [{ k, tasks: passAt.tasks, passAt, passHat, gap: passAt.estimate - passHat.estimate }];
  });
}

const scoresOf = (counts: readonly TaskCount[], k: number, score: typeof passAtScore): readonly TaskScore[] =>
  counts.flatMap(({ task, cluster, successes, trials }) =>
    trials < k ? [] : [{ task, cluster, value: score(successes, trials, k) }],
  );

/** The share of tasks, among those with two trials or more, that were resolved sometimes and not always; undefined without such a task. */
export function flakyShare(counts: readonly TaskCount[]): { readonly flaky: number; readonly tasks: number } | undefined {
  const repeated = counts.filter(({ trials }) => trials >= 2);
  if (repeated.length === 0) return undefined;
  return {
    flaky: repeated.filter(({ successes, trials }) => successes > 0 && successes < trials).length,
    tasks: repeated.length,
  };
}
