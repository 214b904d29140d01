import { describe, expect, test } from "vitest";
import { judgeGate } from "../../../src/evals/statistics/gate.ts";
import { holm } from "../../../src/evals/statistics/multiplicity.ts";
import { comparePair, signFlip } from "../../../src/evals/statistics/pairs.ts";
import { detectableGap } from "../../../src/evals/statistics/resolution.ts";
import { sum, type TaskCount } from "../../../src/evals/statistics/scores.ts";
import { even, FIRST_SUITE, noiseFrom, SPREAD, shareOf, simulate, successesAt } from "./simulation.ts";

/** How often does a test cry wolf, and how often does it see the wolf? 2,000 runs each. */

const REPLICATIONS = 2000;

const pOf = (a: readonly TaskCount[], b: readonly TaskCount[]): number => comparePair(a, b, { seed: "flip" })?.p ?? Number.NaN;

describe("two models with no difference are told apart in at most 5.5 % of all runs", () => {
  const CROWDED = { cluster: 2, task: 1.5, clusterTaste: 1, taskTaste: 1.5 };
  const CASES = [
    { name: "the first suite, 3 repeats", sizes: FIRST_SUITE, repeats: 3, spread: SPREAD },
    { name: "the first suite, 5 repeats", sizes: FIRST_SUITE, repeats: 5, spread: SPREAD },
    { name: "12 clusters of 2", sizes: even(12, 2), repeats: 3, spread: SPREAD },
    { name: "the same model twice", sizes: FIRST_SUITE, repeats: 5, spread: { ...SPREAD, clusterTaste: 0, taskTaste: 0 } },
    { name: "12 crowded clusters", sizes: even(12, 4), repeats: 5, spread: CROWDED },
  ];
  test.each(CASES)("$name", ({ name, ...world }) => {
    const noise = noiseFrom(`null ${name}`);
    expect(shareOf(REPLICATIONS, () => pOf(...simulate({ ...world, level: 0.2 }, noise)) <= 0.05)).toBeLessThanOrEqual(0.055);
  });

  test("where a z test on pooled trials does so in more than 10 %", () => {
    const noise = noiseFrom("pooled z");
    const wrong = shareOf(REPLICATIONS, () => {
      const [a, b] = simulate({ sizes: even(12, 4), repeats: 5, level: 0.2, spread: CROWDED }, noise);
      return Math.abs(pooledZ(a, b)) > 1.959964;
    });
    expect(wrong).toBeGreaterThanOrEqual(0.1);
  });
});

function pooledZ(a: readonly TaskCount[], b: readonly TaskCount[]): number {
  const share = (counts: readonly TaskCount[]): number =>
    sum(counts.map(({ successes }) => successes)) / sum(counts.map(({ trials }) => trials));
  const of = sum(a.map(({ trials }) => trials));
  const pooled = (share(a) + share(b)) / 2;
  return (share(a) - share(b)) / Math.sqrt((2 * pooled * (1 - pooled)) / of);
}

test("five equal models: Holm names a pair in at most 6 % of all runs, raw p values in more than 15 %", () => {
  const noise = noiseFrom("five");
  let byHolm = 0;
  let raw = 0;
  for (let at = 0; at < REPLICATIONS; at += 1) {
    const models = fiveEqual(noise);
    const ps = models.flatMap((one, first) => models.slice(first + 1).map((other) => pOf(one, other)));
    if (holm(ps).some((p) => p <= 0.05)) byHolm += 1;
    if (ps.some((p) => p <= 0.05)) raw += 1;
  }
  expect(byHolm / REPLICATIONS).toBeLessThanOrEqual(0.06);
  expect(raw / REPLICATIONS).toBeGreaterThanOrEqual(0.15);
});

/** Each model has tastes of its own, with the variance that a pair of models has between them. */
function fiveEqual(noise: ReturnType<typeof noiseFrom>): readonly (readonly TaskCount[])[] {
  const models: TaskCount[][] = [[], [], [], [], []];
  const half = Math.SQRT1_2;
  for (const [clusterAt, size] of FIRST_SUITE.entries()) {
    const common = noise.normal() * SPREAD.cluster;
    const ofCluster = models.map(() => noise.normal() * SPREAD.clusterTaste * half);
    for (let taskAt = 0; taskAt < size; taskAt += 1) {
      const base = 0.2 + common + noise.normal() * SPREAD.task;
      for (const [at, counts] of models.entries()) {
        const logit = base + (ofCluster[at] ?? 0) + noise.normal() * SPREAD.taskTaste * half;
        counts.push({
          task: `${clusterAt}-${taskAt}`,
          cluster: `c${clusterAt}`,
          trials: 5,
          successes: successesAt(logit, 5, noise),
        });
      }
    }
  }
  return models;
}

test("a true gap as wide as the plan says is found in 70 to 85 % of all runs", () => {
  const components = { taskVariance: 0.03, clusterCorrelation: 0.2, trialVariance: 0.16 };
  const gap = detectableGap({ clusterSizes: FIRST_SUITE, repeats: 5 }, components) ?? 0;
  const noise = noiseFrom("power");
  const found = shareOf(REPLICATIONS, () => {
    const differences = FIRST_SUITE.flatMap((size, clusterAt) => {
      const ofCluster = noise.normal() * Math.sqrt(components.taskVariance * components.clusterCorrelation);
      return Array.from({ length: size }, (_, taskAt) => ({
        task: `${clusterAt}-${taskAt}`,
        cluster: `c${clusterAt}`,
        value:
          gap +
          ofCluster +
          noise.normal() * Math.sqrt(components.taskVariance * (1 - components.clusterCorrelation)) +
          noise.normal() * Math.sqrt((2 * components.trialVariance) / 5),
      }));
    });
    return signFlip(differences, "power") <= 0.05;
  });
  expect(found).toBeGreaterThanOrEqual(0.7);
  expect(found).toBeLessThanOrEqual(0.85);
});

describe("the gate", () => {
  const options = { regressTasks: new Set<string>(), deterministic: false, seed: "gate" };
  const SAME = { ...SPREAD, clusterTaste: 0, taskTaste: 0 };
  const answers = (seed: string, repeats: number, effect: number): readonly string[] => {
    const noise = noiseFrom(seed);
    return Array.from({ length: REPLICATIONS }, () => {
      const [now, base] = simulate({ sizes: FIRST_SUITE, repeats, level: 0.2, effect, spread: SAME }, noise);
      return judgeGate(now, base, options).verdict;
    });
  };
  const share = (of: readonly string[], verdict: string): number => of.filter((one) => one === verdict).length / of.length;

  test("without a change says regress in at most 4 %, and with nine repeats pass in at least 75 %", () => {
    const unchanged = answers("unchanged", 9, 0);
    expect(share(unchanged, "regress")).toBeLessThanOrEqual(0.04);
    expect(share(unchanged, "pass")).toBeGreaterThanOrEqual(0.75);
  });

  test("with a loss of .15 says pass in at most 1 %", () => {
    // On the logit −1.02 is .15 on the whole, at this level and spread.
    expect(share(answers("loss", 9, -1.02), "pass")).toBeLessThanOrEqual(0.01);
  });
});
