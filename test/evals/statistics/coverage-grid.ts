import { describe, expect, test } from "vitest";
import { estimateMean } from "../../../src/evals/statistics/mean.ts";
import { differenceInterval } from "../../../src/evals/statistics/pairs.ts";
import { resolvedShares } from "../../../src/evals/statistics/scores.ts";
import { holds, noiseFrom, POPULATION, REPLICATIONS, shareOf, simulate, truth } from "./simulation.ts";

export interface Design {
  readonly name: string;
  readonly sizes: readonly number[];
}

/** Coverage of the two kinds of intervals over designs, repeats and levels, each cell simulated 2,000 times. */
export function coverageGrid(designs: readonly Design[], repeats: readonly number[]): void {
  describe("a 95 % interval of pass^1 holds the truth in 93.5 to 99 % of all runs", () => {
    const LEVELS = [0.2, 2.2, 4.5].map((level) => ({ level, mean: truth({ level }, POPULATION).mean }));
    for (const { name, sizes } of designs) {
      for (const k of repeats) {
        test.each(LEVELS)(`${name}, ${k} repeats, level $level`, ({ level, mean }) => {
          const noise = noiseFrom(`mean ${name} ${k} ${level}`);
          const covered = shareOf(REPLICATIONS, () => {
            const [counts] = simulate({ sizes, repeats: k, level }, noise);
            return holds(estimateMean(resolvedShares(counts))?.interval, mean);
          });
          expect(covered).toBeGreaterThanOrEqual(0.935);
          expect(covered).toBeLessThanOrEqual(0.99);
        });
      }
    }
  });

  describe("a 95 % interval of a difference holds the truth in at least 93.5 % of all runs", () => {
    const LEVELS = [0.2, 2.2, 4.5, 6].map((level) => ({
      level,
      difference: truth({ level, effect: 0.5 }, POPULATION).difference,
    }));
    for (const { name, sizes } of designs) {
      for (const k of repeats) {
        test.each(LEVELS)(`${name}, ${k} repeats, level $level`, ({ level, difference }) => {
          const noise = noiseFrom(`pair ${name} ${k} ${level}`);
          const covered = shareOf(REPLICATIONS, () => {
            const [a, b] = simulate({ sizes, repeats: k, level, effect: 0.5 }, noise);
            return holds(differenceInterval(a, b), difference);
          });
          expect(covered).toBeGreaterThanOrEqual(0.935);
        });
      }
    }
  });
}
