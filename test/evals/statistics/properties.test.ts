import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fisherExact, mcNemarExact } from "../../../src/evals/statistics/exact-tests.ts";
import { spentAlpha } from "../../../src/evals/statistics/interim.ts";
import { estimateMean, jeffreys } from "../../../src/evals/statistics/mean.ts";
import { boundsOf, type PlannedCount, whyNoRanking } from "../../../src/evals/statistics/missing.ts";
import { benjaminiHochberg, holm } from "../../../src/evals/statistics/multiplicity.ts";
import { compareFactor, comparePair, signFlip } from "../../../src/evals/statistics/pairs.ts";
import { quantileOfBeta, quantileOfNormal, quantileOfT } from "../../../src/evals/statistics/quantiles.ts";
import { estimateRatio, estimateShare } from "../../../src/evals/statistics/ratios.ts";
import { passAtScore, passHatScore } from "../../../src/evals/statistics/reliability.ts";
import { componentsOf, detectableGap, repeatsToPass, smallestP } from "../../../src/evals/statistics/resolution.ts";
import { resolvedShares, type TaskCount } from "../../../src/evals/statistics/scores.ts";
import { standings } from "../../../src/evals/statistics/tied-sets.ts";
import { even, FIRST_SUITE } from "./simulation.ts";

const count = fc.record({
  cluster: fc.constantFrom(..."abcdefghij"),
  trials: fc.integer({ min: 1, max: 6 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
const suite = fc
  .array(count, { minLength: 1, maxLength: 30 })
  .map((items) =>
    items.map(
      ({ cluster, trials, share }, at): TaskCount => ({ task: `t${at}`, cluster, trials, successes: Math.round(share * trials) }),
    ),
  );
const twoOf = fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 30 }).map((items) => {
  const pick = (which: 0 | 1): TaskCount[] =>
    items.map((pair, at) => ({
      task: `t${at}`,
      cluster: pair[0].cluster,
      trials: pair[which].trials,
      successes: Math.round(pair[which].share * pair[which].trials),
    }));
  return [pick(0), pick(1)] as const;
});

describe("quantiles are those of printed tables", () => {
  test("t, normal, beta", () => {
    expect(quantileOfT(0.975, 1)).toBeCloseTo(12.7062, 4);
    expect(quantileOfT(0.975, 13)).toBeCloseTo(2.1604, 4);
    expect(quantileOfT(0.8, 11)).toBeCloseTo(0.8755, 4);
    expect(quantileOfT(0.95, 30)).toBeCloseTo(1.6973, 4);
    expect(quantileOfNormal(0.975)).toBeCloseTo(1.95996, 5);
    // Beta(1, n) has a closed form: 1 − (1 − p)^(1/n).
    expect(quantileOfBeta(0.975, 1, 20)).toBeCloseTo(1 - 0.025 ** (1 / 20), 9);
  });

  test("Jeffreys' interval of 10 of 10 and of 3 of 10", () => {
    expect(jeffreys(10, 10)).toEqual({ low: expect.closeTo(0.7827, 3), high: 1 });
    expect(jeffreys(3, 10)).toEqual({ low: expect.closeTo(0.0927, 3), high: expect.closeTo(0.6058, 3) });
  });
});

describe("exact tests are those of the books", () => {
  test("Fisher's tea: 3 of 4 against 1 of 4 is p = .486; 4 against 0 is .029; equal shares are 1", () => {
    expect(fisherExact({ hits: 3, of: 4 }, { hits: 1, of: 4 })).toBeCloseTo(0.4857, 4);
    expect(fisherExact({ hits: 4, of: 4 }, { hits: 0, of: 4 })).toBeCloseTo(0.0286, 4);
    expect(fisherExact({ hits: 3, of: 3 }, { hits: 0, of: 3 })).toBeCloseTo(0.1, 9);
    expect(fisherExact({ hits: 0, of: 9 }, { hits: 0, of: 5 })).toBeCloseTo(1, 9);
  });

  test("McNemar: 1 against 9 is .0215, 0 against 5 is .0625, nothing apart is 1", () => {
    expect(mcNemarExact(1, 9)).toBeCloseTo(0.021484, 6);
    expect(mcNemarExact(0, 5)).toBeCloseTo(0.0625, 9);
    expect(mcNemarExact(0, 0)).toBe(1);
  });
});

describe("several p values at once", () => {
  const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

  test("a known case", () => {
    const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual(near([0.03, 0.06, 0.06, 0.02]));
    expect(benjaminiHochberg([0.01, 0.04, 0.03, 0.005])).toEqual(near([0.02, 0.04, 0.04, 0.02]));
  });

  test("keep their order, are never below the raw ones, and BH is never above Holm", () => {
    fc.assert(
      fc.property(ps, (raw) => {
        const [byHolm, byRate] = [holm(raw), benjaminiHochberg(raw)];
        for (const [at, p] of raw.entries()) {
          const [one, other] = [byHolm[at] ?? Number.NaN, byRate[at] ?? Number.NaN];
          expect(one).toBeGreaterThanOrEqual(p);
          expect(other).toBeGreaterThanOrEqual(p);
          expect(other).toBeLessThanOrEqual(one + 1e-12);
          expect(one).toBeLessThanOrEqual(1);
          for (const [again, q] of raw.entries()) {
            if (q < p)
              expect([byHolm[again] ?? 0, byRate[again] ?? 0]).toEqual([
                expect.toSatisfy((x: number) => x <= one),
                expect.toSatisfy((x: number) => x <= other),
              ]);
          }
        }
      }),
    );
  });
});

describe("letters", () => {
  const NAMES = ["a", "b", "c", "d", "e", "f"];
  const pairs = NAMES.flatMap((better, at) => NAMES.slice(at + 1).map((worse) => ({ better, worse })));

  test("two models share one exactly if no test told them apart", () => {
    fc.assert(
      fc.property(fc.subarray(pairs), (different) => {
        const byModel = new Map(standings(NAMES, different).map(({ model, letters }) => [model, letters]));
        for (const { better, worse } of pairs) {
          const shared = [...(byModel.get(better) ?? "")].some((one) => (byModel.get(worse) ?? "").includes(one));
          expect(shared).toBe(!different.some((pair) => pair.better === better && pair.worse === worse));
        }
      }),
    );
  });

  test("of three, the first and the last apart, with the ranks that cannot be excluded", () => {
    expect(standings(["x", "y", "z"], [{ better: "x", worse: "z" }])).toEqual([
      { model: "x", letters: "a", rank: [1, 2] },
      { model: "y", letters: "ab", rank: [1, 3] },
      { model: "z", letters: "b", rank: [2, 3] },
    ]);
  });
});

describe("pass@k and pass^k", () => {
  test("are the shares of subsets, counted one by one", () => {
    for (let n = 1; n <= 6; n += 1) {
      for (let c = 0; c <= n; c += 1) {
        for (let k = 1; k <= n; k += 1) {
          const subsets = choose(n, k);
          const some = subsets.filter((set) => set.some((one) => one < c)).length / subsets.length;
          const all = subsets.filter((set) => set.every((one) => one < c)).length / subsets.length;
          expect([passAtScore(c, n, k), passHatScore(c, n, k)]).toEqual([expect.closeTo(some, 9), expect.closeTo(all, 9)]);
        }
      }
    }
  });
});

function choose(n: number, k: number, from = 0): readonly (readonly number[])[] {
  if (k === 0) return [[]];
  return Array.from({ length: n - from }, (_, at) => from + at).flatMap((first) =>
    choose(n, k - 1, first + 1).map((rest) => [first, ...rest]),
  );
}

describe("estimates do not depend on what does not matter", () => {
  test("on the order of rows or the names of tasks", () => {
    fc.assert(
      fc.property(
        suite.chain((counts) => fc.tuple(fc.constant(counts), fc.shuffledSubarray(counts, { minLength: counts.length }))),
        ([counts, shuffled]) => {
          const renamed = shuffled.map((one) => ({ ...one, task: `z${one.task}` }));
          expect(estimateMean(resolvedShares(renamed))).toEqual(estimateMean(resolvedShares(counts)));
        },
      ),
    );
  });

  test("swapping two models turns the difference round and keeps p", () => {
    fc.assert(
      fc.property(twoOf, ([a, b]) => {
        const [one, other] = [comparePair(a, b, { seed: "s" }), comparePair(b, a, { seed: "s" })];
        if (!one || !other) throw new Error("both models have every task");
        expect(other.estimate).toBeCloseTo(-one.estimate, 12);
        expect(other.p).toBe(one.p);
        expect(other.equivalent).toBe(one.equivalent);
        if (one.interval && other.interval) {
          expect([other.interval.low, other.interval.high]).toEqual([
            expect.closeTo(-one.interval.high, 9),
            expect.closeTo(-one.interval.low, 9),
          ]);
        }
      }),
    );
  });

  test("bounds hold every completion of what is missing, and what was seen", () => {
    const planned = fc.array(
      fc.record({ seen: count, missing: fc.integer({ min: 0, max: 3 }), won: fc.integer({ min: 0, max: 3 }) }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(planned, (items) => {
        const counts = items.map(
          ({ seen, missing }, at): PlannedCount => ({
            task: `t${at}`,
            cluster: seen.cluster,
            trials: seen.trials,
            successes: Math.round(seen.share * seen.trials),
            planned: seen.trials + missing,
          }),
        );
        const completed = counts.map(
          (one, at) => (one.successes + Math.min(items[at]?.won ?? 0, one.planned - one.trials)) / one.planned,
        );
        const mean = completed.reduce((a, b) => a + b, 0) / completed.length;
        const bounds = boundsOf(counts);
        const seen = estimateMean(resolvedShares(counts));
        if (!bounds || !seen) throw new Error("there is a task");
        for (const value of [mean, seen.estimate]) {
          expect(value).toBeGreaterThanOrEqual(bounds.low - 1e-12);
          expect(value).toBeLessThanOrEqual(bounds.high + 1e-12);
        }
      }),
    );
  });
});

describe("sign-flip", () => {
  const differences = (values: readonly number[]) =>
    values.map((value, at) => ({ task: `t${at}`, cluster: `c${String(at).padStart(2, "0")}`, value }));

  test("by hand: three clusters of one sign are 2 of 8 vectors", () => {
    expect(signFlip(differences([1, 2, 3]), "")).toBe(0.25);
    expect(signFlip(differences([0, 0, 0]), "")).toBe(1);
  });

  test("drawn signs agree with all signs within the error of drawing", () => {
    const values = [0.4, -0.1, 0.3, 0.25, -0.2, 0.6, 0.05, 0.3, -0.15, 0.5, 0.1, 0.2, -0.05, 0.3, 0.1, 0.2];
    // A seventeenth cluster of no difference changes no sum, and is one too many for all signs.
    const [exact, drawn] = [signFlip(differences(values), ""), signFlip(differences([...values, 0]), "draw")];
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000));
    expect(exact).toBeGreaterThan(0);
  });

  test("with seven clusters there is no p", () => {
    const of = (clusters: number) =>
      Array.from({ length: clusters }, (_, at): TaskCount => ({ task: `t${at}`, cluster: `c${at}`, trials: 3, successes: 3 }));
    const none = of(8).map((one) => ({ ...one, successes: 0 }));
    expect(comparePair(of(7), none, { seed: "" })?.p).toBeUndefined();
    expect(comparePair(of(8), none, { seed: "" })?.p).toBe(smallestP(8));
  });
});

describe("ratios", () => {
  test("a price of no success is none, and no cost is a cost of zero without an interval", () => {
    expect(estimateRatio([{ cluster: "a", numerator: 3, denominator: 0 }])).toBeUndefined();
    expect(estimateRatio(even(4, 0).map((_, at) => ({ cluster: `c${at}`, numerator: 0, denominator: 2 })))).toEqual({
      estimate: 0,
      interval: undefined,
      numerator: 0,
      denominator: 8,
    });
  });

  test("a share of none gets Jeffreys' interval", () => {
    const parts = even(4, 0).map((_, at) => ({ cluster: `c${at}`, numerator: 0, denominator: 5 }));
    expect(estimateShare(parts)).toEqual({ estimate: 0, interval: jeffreys(0, 20), numerator: 0, denominator: 20 });
  });

  test("a share that one cluster carries, or that all clusters have alike, is known no better than one trial of each cluster tells", () => {
    const of = (hits: readonly number[]) => hits.map((numerator, at) => ({ cluster: `c${at}`, numerator, denominator: 6 }));
    expect([of([6, 0, 0, 0]), of([3, 3, 3, 3])].map((parts) => estimateShare(parts)?.interval)).toEqual([
      jeffreys(1, 4),
      jeffreys(2, 4),
    ]);
  });

  test("one cluster tells nothing of others, and a ratio that does not vary nothing of its error", () => {
    expect(estimateShare([0, 1, 2].map((numerator) => ({ cluster: "a", numerator, denominator: 2 })))?.interval).toBeUndefined();
    expect(estimateRatio([2, 4, 6].map((size, at) => ({ cluster: `c${at}`, numerator: 3 * size, denominator: size })))).toEqual({
      estimate: 3,
      interval: undefined,
      numerator: 36,
      denominator: 12,
    });
  });

  test("a factor is the same for every unit, and turns round with the models", () => {
    const cost = (scale: number) =>
      FIRST_SUITE.map((size, at) => ({ task: `t${at}`, cluster: `c${at}`, value: scale * (size + at) }));
    expect(compareFactor(cost(6), cost(2))).toEqual({
      estimate: expect.closeTo(3, 9),
      interval: { low: expect.closeTo(3, 9), high: expect.closeTo(3, 9) },
      tasks: 14,
      clusters: 14,
    });
  });
});

describe("what a run can tell", () => {
  test("is the table of the design", () => {
    const gap = (sizes: readonly number[], repeats: number) =>
      Number(detectableGap({ clusterSizes: sizes, repeats })?.toFixed(2));
    expect([
      gap(even(12, 2), 5),
      gap(FIRST_SUITE, 3),
      gap(FIRST_SUITE, 5),
      gap(FIRST_SUITE, 10),
      gap(even(24, 2), 5),
      gap(even(50, 2), 5),
    ]).toEqual([0.2, 0.2, 0.17, 0.14, 0.13, 0.09]);
  });

  test("components of a pilot without noise are those of its tasks alone", () => {
    const pilot = (successes: readonly number[]) =>
      successes.map((one, at): TaskCount => ({ task: `t${at}`, cluster: `c${at >> 1}`, trials: 4, successes: one }));
    expect(componentsOf(pilot([4, 4, 0, 0, 4, 4, 0, 0]), pilot([0, 0, 0, 0, 0, 0, 0, 0]))).toEqual({
      taskVariance: expect.closeTo(2 / 7, 9),
      clusterCorrelation: 1,
      trialVariance: 0,
    });
  });

  test("more repeats narrow a gap, but not below what the tasks differ by", () => {
    const components = { taskVariance: 0, clusterCorrelation: 0, trialVariance: 0.16 };
    expect(repeatsToPass(0, 0.1, FIRST_SUITE, components)).toBe(5);
    expect(repeatsToPass(0, 0.05, even(4, 1), { ...components, taskVariance: 0.03 })).toBeUndefined();
    expect(repeatsToPass(-0.2, 0.1, FIRST_SUITE, components)).toBeUndefined();
  });

  test("looks in between spend little", () => {
    expect([spentAlpha(1), spentAlpha(0.5), spentAlpha(0.25)]).toEqual([
      expect.closeTo(0.05, 6),
      expect.closeTo(0.00557, 4),
      expect.closeTo(0.0000886, 6),
    ]);
  });
});

describe("a run is no ranking", () => {
  const of = (model: string, missing: number, planned = 100) => ({ model, missing, planned });
  test("where more than 5 % is missing, or two models miss unlike shares", () => {
    expect(whyNoRanking([of("a", 5), of("b", 5)])).toBeUndefined();
    expect(whyNoRanking([of("a", 6), of("b", 5)])).toEqual({ why: "missing", model: "a", share: 0.06 });
    expect(whyNoRanking([of("a", 0, 200), of("b", 8, 200)])).toEqual({
      why: "unlike-missing",
      models: ["a", "b"],
      p: expect.closeTo(0.0073, 3),
    });
  });
});
