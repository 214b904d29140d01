import { jeffreys } from "./mean.ts";
import { quantileOfT } from "./quantiles.ts";
import { type Interval, sum } from "./scores.ts";

/** One task's part in a ratio of sums: its money and its successes, say. */
export interface RatioPart {
  readonly cluster: string;
  readonly numerator: number;
  readonly denominator: number;
}

export interface Ratio {
  readonly estimate: number;
  /** Two-sided 95 %; undefined where it cannot be had: one cluster, a sum that is zero without one of them, or clusters that are all alike. */
  readonly interval: Interval | undefined;
  readonly numerator: number;
  readonly denominator: number;
}

/**
 * Σ numerator / Σ denominator, such as dollars per success, with an interval by the delete-one-cluster jackknife of its logarithm.
 * undefined where the denominator is zero: a price of no success is not zero, and is printed as "–".
 */
export function estimateRatio(parts: readonly RatioPart[]): Ratio | undefined {
  const all = sums(parts);
  if (all.denominator === 0) return undefined;
  return { ...all, estimate: all.numerator / all.denominator, interval: jackknife(parts, Math.log, Math.exp) };
}

/**
 * The same for a share, a ratio that cannot pass 1: on the logit. Where that has no value there is Jeffreys' prior: at 0 and 1 with the
 * denominator; else one cluster holds all hits or all misses, or all clusters have one share, and what was seen is worth no more than one
 * trial of each cluster (simulated, 14 clusters of 36 trials with one that hits: of intervals from the denominator 18 % held the truth).
 */
export function estimateShare(parts: readonly RatioPart[]): Ratio | undefined {
  const all = sums(parts);
  const { numerator, denominator } = all;
  if (denominator === 0) return undefined;
  const estimate = numerator / denominator;
  const clusters = new Set(parts.filter((part) => part.denominator > 0).map(({ cluster }) => cluster)).size;
  if (clusters < 2) return { ...all, estimate, interval: undefined };
  const even = numerator === 0 || numerator === denominator;
  const interval = even
    ? jeffreys(numerator, denominator)
    : (jackknife(
        parts,
        (share) => Math.log(share / (1 - share)),
        (x) => 1 / (1 + Math.exp(-x)),
      ) ?? jeffreys(estimate * clusters, clusters));
  return { ...all, estimate, interval };
}

/** SE = √((G−1)/G·Σ (λ₍g₎ − mean λ)²); the interval is λ ± t(G−1)·SE, brought back. undefined where a λ is not finite, or none differs from another: an interval of no width says too much. */
function jackknife(
  parts: readonly RatioPart[],
  scale: (ratio: number) => number,
  back: (x: number) => number,
): Interval | undefined {
  // Summed once: leaving one cluster out of all trials again and again was half of the time that a large report took.
  const grouped = [...Map.groupBy(parts, ({ cluster }) => cluster)].sort(([a], [b]) => (a < b ? -1 : 1));
  const clusters = grouped.map(([cluster, own]): RatioPart => ({ cluster, ...sums(own) }));
  const count = clusters.length;
  if (count < 2) return undefined;
  const scaled = (kept: readonly RatioPart[]): number => {
    const { numerator, denominator } = sums(kept);
    return denominator === 0 ? Number.NaN : scale(numerator / denominator);
  };
  const center = scaled(clusters);
  const without = clusters.map((left) => scaled(clusters.filter((other) => other !== left)));
  if (![center, ...without].every(Number.isFinite)) return undefined;
  const mean = sum(without) / count;
  const error = Math.sqrt(((count - 1) / count) * sum(without.map((value) => (value - mean) ** 2)));
  // Deviations that cancel to rounding error are no variation.
  if (error < 1e-12) return undefined;
  const reach = quantileOfT(0.975, count - 1) * error;
  return { low: back(center - reach), high: back(center + reach) };
}

const sums = (parts: readonly RatioPart[]): { readonly numerator: number; readonly denominator: number } => ({
  numerator: sum(parts.map(({ numerator }) => numerator)),
  denominator: sum(parts.map(({ denominator }) => denominator)),
});
