import { describe, expect, test } from "vitest";
import { estimateRatio } from "../../../src/evals/statistics/ratios.ts";
import { reliability } from "../../../src/evals/statistics/reliability.ts";
import { type Interval, sum } from "../../../src/evals/statistics/scores.ts";
import { coverageGrid } from "./coverage-grid.ts";
import { FIRST_SUITE, holds, noiseFrom, POPULATION, REPLICATIONS, shareOf, simulate, truth } from "./simulation.ts";

/** Do the intervals hold what they say? Each design is simulated 2,000 times against the truth of 200,000 clusters. */

coverageGrid([{ name: "the first suite", sizes: FIRST_SUITE }], [1, 5]);

test("an interval on pooled trials, which others print, holds the truth in fewer than 80 %", () => {
  const { mean } = truth({ level: 0.2 }, POPULATION);
  const noise = noiseFrom("wilson");
  const covered = shareOf(REPLICATIONS, () => {
    const [counts] = simulate({ sizes: FIRST_SUITE, repeats: 5, level: 0.2 }, noise);
    return holds(wilson(sum(counts.map(({ successes }) => successes)), 5 * counts.length), mean);
  });
  expect(covered).toBeLessThanOrEqual(0.8);
});

/** Wilson's score interval, the counter-check: right for independent trials, and trials of one task are not. */
function wilson(successes: number, trials: number): Interval {
  const z = 1.959964;
  const share = successes / trials;
  const center = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const reach = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { low: center - reach, high: center + reach };
}

describe("an interval of pass@3 and pass^3 from five repeats", () => {
  test.each(["passAt", "passHat"] as const)("%s holds the truth in at least 93 %%", (which) => {
    const LEVEL = 0.2;
    const population = noiseFrom("reliability truth");
    let total = 0;
    for (let at = 0; at < POPULATION; at += 1) {
      const spread = Math.sqrt(1.2 ** 2 + 1.5 ** 2 + (0.6 ** 2 + 1) / 4);
      const p = 1 / (1 + Math.exp(-(LEVEL + population.normal() * spread)));
      total += which === "passAt" ? 1 - (1 - p) ** 3 : p ** 3;
    }
    const noise = noiseFrom(`reliability ${which}`);
    const covered = shareOf(REPLICATIONS, () => {
      const [counts] = simulate({ sizes: FIRST_SUITE, repeats: 5, level: LEVEL }, noise);
      return holds(reliability(counts, 3).at(-1)?.[which].interval, total / POPULATION);
    });
    expect(covered).toBeGreaterThanOrEqual(0.93);
  });
});

test("an interval of the cost of a success holds the truth in at least 91 %", () => {
  const LEVEL = 0.2;
  // A trial costs 1 and, failed, up to twice that: cost and success go together, as they do.
  const cost = (resolved: number, uniform: number): number => (resolved === 1 ? 0.5 + uniform : 1 + 2 * uniform);
  const { mean } = truth({ level: LEVEL }, POPULATION);
  const true_ = (mean * 1 + (1 - mean) * 2) / mean;
  const noise = noiseFrom("cost");
  const covered = shareOf(REPLICATIONS, () => {
    const [counts] = simulate({ sizes: FIRST_SUITE, repeats: 5, level: LEVEL }, noise);
    const parts = counts.map(({ cluster, successes, trials }) => ({
      cluster,
      numerator: sum(Array.from({ length: trials }, (_, at) => cost(at < successes ? 1 : 0, noise.uniform()))),
      denominator: successes,
    }));
    return holds(estimateRatio(parts)?.interval, true_);
  });
  expect(covered).toBeGreaterThanOrEqual(0.91);
});
