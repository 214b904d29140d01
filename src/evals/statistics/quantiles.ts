import jstat from "jstat";

/** Quantiles and tails of the distributions that the intervals use. From jstat; compared with printed tables in the tests. */

/** `p`-quantile of Student's t. `p` in (0, 1), `degreesOfFreedom` ≥ 1. */
export const quantileOfT = (p: number, degreesOfFreedom: number): number => jstat.studentt.inv(p, degreesOfFreedom);

/** `p`-quantile of the standard normal distribution. */
export const quantileOfNormal = (p: number): number => jstat.normal.inv(p, 0, 1);

/** P(Z ≤ z) of the standard normal distribution. */
export const normalBelow = (z: number): number => jstat.normal.cdf(z, 0, 1);

/** `p`-quantile of Beta(a, b). */
export const quantileOfBeta = (p: number, a: number, b: number): number => jstat.beta.inv(p, a, b);

/** ln C(n, k); -Infinity where there is no such choice. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return jstat.gammaln(n + 1) - jstat.gammaln(k + 1) - jstat.gammaln(n - k + 1);
}
