import { quantileOfT } from "./quantiles.ts";
import { byCluster, sum, type TaskCount, type TaskScore } from "./scores.ts";

/** What a difference of two models varies by. */
export interface Components {
  /** ω²: variance of the true differences between tasks. */
  readonly taskVariance: number;
  /** ρ: correlation of those inside a cluster, 0 … 1. */
  readonly clusterCorrelation: number;
  /** σ²: mean of p(1 − p), the variance of one trial. */
  readonly trialVariance: number;
}

/** Where no pilot was run. */
export const DEFAULT_COMPONENTS: Components = { taskVariance: 0.03, clusterCorrelation: 0.2, trialVariance: 0.16 };

export interface Design {
  /** Tasks of each cluster. */
  readonly clusterSizes: readonly number[];
  readonly repeats: number;
}

/** Var(δ) = [ω²(1 + (m̃ − 1)ρ) + 2σ²/k]/T, with m̃ = Σ T_g²/T. */
export function differenceVariance({ clusterSizes, repeats }: Design, components: Components): number {
  return varianceOfTask({ clusterSizes, repeats }, components) / sum(clusterSizes);
}

function varianceOfTask({ clusterSizes, repeats }: Design, components: Components): number {
  const { taskVariance, clusterCorrelation, trialVariance } = components;
  const weighted = sum(clusterSizes.map((size) => size * size)) / sum(clusterSizes);
  return taskVariance * (1 + (weighted - 1) * clusterCorrelation) + (2 * trialVariance) / repeats;
}

/** t(.975) + t(power) of G − 1 degrees: how many errors a gap must be wide. */
const widthFor = (clusters: number, power: number): number => quantileOfT(0.975, clusters - 1) + quantileOfT(power, clusters - 1);

/** The gap that a run of this design tells from chance with 80 % power; undefined with fewer than two clusters. */
export function detectableGap(design: Design, components: Components = DEFAULT_COMPONENTS): number | undefined {
  const clusters = design.clusterSizes.length;
  return clusters < 2 ? undefined : widthFor(clusters, 0.8) * Math.sqrt(differenceVariance(design, components));
}

/** The smallest p that sign-flip over so many clusters can give: all signs alike, or all opposite. */
export const smallestP = (clusters: number): number => 2 ** (1 - clusters);

/**
 * q = T/N*, with N* the tasks that would be needed to see the gap that was observed: above 1 the run could resolve it. Undefined where there is
 * no gap, or nothing varied and any number of tasks would do.
 */
export function resolutionOf(gap: number, design: Design, components: Components): number | undefined {
  const clusters = design.clusterSizes.length;
  if (clusters < 2 || gap === 0) return undefined;
  const needed = (widthFor(clusters, 0.8) ** 2 * varianceOfTask(design, components)) / gap ** 2;
  return needed === 0 ? undefined : sum(design.clusterSizes) / needed;
}

/** Components as a pilot of two models shows them; undefined without a task that both tried twice. */
export function componentsOf(a: readonly TaskCount[], b: readonly TaskCount[]): Components | undefined {
  const others = new Map(b.map((count) => [count.task, count]));
  const both = a.flatMap((one) => {
    const other = others.get(one.task);
    return other && one.trials > 1 && other.trials > 1 ? [{ one, other }] : [];
  });
  if (both.length < 2) return undefined;
  const ofTrial = ({ successes, trials }: TaskCount): number => (successes * (trials - successes)) / (trials * (trials - 1));
  const trialVariance = sum(both.flatMap(({ one, other }) => [ofTrial(one), ofTrial(other)])) / (2 * both.length);
  const repeats = (2 * both.length) / sum(both.flatMap(({ one, other }) => [1 / one.trials, 1 / other.trials]));
  const differences = both.map(({ one, other }) => ({
    task: one.task,
    cluster: one.cluster,
    value: one.successes / one.trials - other.successes / other.trials,
  }));
  const mean = sum(differences.map(({ value }) => value)) / differences.length;
  const seen = sum(differences.map(({ value }) => (value - mean) ** 2)) / (differences.length - 1);
  return {
    taskVariance: Math.max(0, seen - (2 * trialVariance) / repeats),
    clusterCorrelation: correlationInClusters(differences, mean),
    trialVariance,
  };
}

/** One-way analysis of variance, in [0, 1]; 0 where no cluster has two tasks. */
function correlationInClusters(scores: readonly TaskScore[], mean: number): number {
  const groups = [...byCluster(scores).values()];
  const within = scores.length - groups.length;
  const between = groups.length - 1;
  if (within < 1 || between < 1) return 0;
  const size = (scores.length - sum(groups.map((group) => group.length ** 2)) / scores.length) / between;
  const means = groups.map((group) => sum(group) / group.length);
  const squaresBetween = sum(groups.map((group, at) => group.length * ((means[at] ?? mean) - mean) ** 2)) / between;
  const squaresWithin = sum(groups.flatMap((group, at) => group.map((value) => (value - (means[at] ?? mean)) ** 2))) / within;
  const total = squaresBetween + (size - 1) * squaresWithin;
  return total <= 0 ? 0 : Math.min(1, Math.max(0, (squaresBetween - squaresWithin) / total));
}

/** Repeats after which a difference of `gap` would lie above −margin with its whole interval; undefined where repeats alone never get there. */
export function repeatsToPass(
  gap: number,
  margin: number,
  clusterSizes: readonly number[],
  components: Components,
): number | undefined {
  const clusters = clusterSizes.length;
  if (clusters < 2) return undefined;
  const allowed = ((margin + gap) / quantileOfT(0.975, clusters - 1)) ** 2 * sum(clusterSizes);
  const fromTasks = varianceOfTask({ clusterSizes, repeats: Number.POSITIVE_INFINITY }, components);
  if (margin + gap <= 0 || allowed <= fromTasks) return undefined;
  return Math.ceil((2 * components.trialVariance) / (allowed - fromTasks));
}
