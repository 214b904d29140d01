import { logChoose } from "./quantiles.ts";
import { sum } from "./scores.ts";

/**
 * Fisher's exact test of two shares, two-sided: the chance, with the margins fixed, of a table that is as rare as this one or rarer.
 * Tables within 1e-7 of this one's probability count as equal, as R's fisher.test does.
 */
export function fisherExact(
  a: { readonly hits: number; readonly of: number },
  b: { readonly hits: number; readonly of: number },
): number {
  const hits = a.hits + b.hits;
  const probability = (inA: number): number =>
    Math.exp(logChoose(a.of, inA) + logChoose(b.of, hits - inA) - logChoose(a.of + b.of, hits));
  const seen = probability(a.hits);
  const tables = Array.from({ length: Math.min(a.of, hits) + 1 }, (_, inA) => probability(inA));
  return Math.min(1, sum(tables.filter((one) => one <= seen * (1 + 1e-7))));
}

/** McNemar's exact test, two-sided: of the tasks that exactly one of two models solved, `onlyA` by A and `onlyB` by B. */
export function mcNemarExact(onlyA: number, onlyB: number): number {
  const of = onlyA + onlyB;
  const tail = Array.from({ length: Math.min(onlyA, onlyB) + 1 }, (_, k) => Math.exp(logChoose(of, k) - of * Math.LN2));
  return Math.min(1, 2 * sum(tail));
}
