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
  /** undefined where it cannot be had: one cluster, or a sum that is zero without one of them. */
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

/** The same for a share, a ratio that cannot pass 1: on the logit, and by Jeffreys' prior where that has no value. */
export function estimateShare(parts: readonly RatioPart[]): Ratio | undefined {
  const all = sums(parts);
  if (all.denominator === 0) return undefined;
  const interval =
    jackknife(
      parts,
      (share) => Math.log(share / (1 - share)),
      (x) => 1 / (1 + Math.exp(-x)),
    ) ?? jeffreys(all.numerator, all.denominator);
  return { ...all, estimate: all.numerator / all.denominator, interval };
}

/** SE = √((G−1)/G·Σ (λ₍g₎ − mean λ)²); the interval is λ ± t(G−1)·SE, brought back. undefined where a λ is not finite. */
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
  const reach = quantileOfT(0.975, count - 1) * error;
  return { low: back(center - reach), high: back(center + reach) };
}

const sums = (parts: readonly RatioPart[]): { readonly numerator: number; readonly denominator: number } => ({
  numerator: sum(parts.map(({ numerator }) => numerator)),
  denominator: sum(parts.map(({ denominator }) => denominator)),
});
