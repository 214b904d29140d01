import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summarize } from "../../../src/evals/results/summarize.ts";
import { summarySchema } from "../../../src/evals/results/summary.ts";
import { broken, type MadeModel, madeRun } from "./sample-run.ts";

const GOOD: MadeModel = { alias: "good", chance: () => 0.9, usd: 0.5 };
const BAD: MadeModel = { alias: "bad", chance: () => 0.2, usd: 0.1 };
const TWIN: MadeModel = { alias: "twin", chance: () => 0.9 };
const NOP: MadeModel = { alias: "nop", role: "reference", chance: () => 0 };
const CHEAT: MadeModel = {
  alias: "scripted:stubs-check",
  role: "reference",
  chance: () => 1,
  boasts: true,
  hack: "disabled-check",
};

const { facts, rows } = madeRun([GOOD, BAD, TWIN, NOP, CHEAT], 10, 2, 3);

describe("a summary", () => {
  const summary = summarize(facts, rows);

  test("has its published form", () => {
    expect(summarySchema.parse(structuredClone(summary))).toEqual(summary);
  });

  test("has it too where one model does all, another nothing, and so nothing varies", () => {
    const made = madeRun(
      [
        { alias: "all", chance: () => 1 },
        { alias: "none", chance: () => 0 },
      ],
      10,
      2,
      3,
    );
    const steady = summarize(made.facts, made.rows);
    expect(summarySchema.parse(structuredClone(steady))).toEqual(steady);
    expect(steady.pairs).toMatchObject([{ a: "all", b: "none", estimate: 1, different: true }]);
    expect(steady.pairs[0]).not.toHaveProperty("q");
  });

  test("says in one sentence who is better, and by letters and ranks who is tied; references are in no ranking", () => {
    expect({ result: summary.result, order: summary.models.map(({ model, letters, rank }) => [model, letters, rank]) }).toEqual({
      result: expect.stringMatching(/^(good is tied with twin|twin is tied with good) and better than bad\.$/),
      order: [
        [expect.stringMatching(/good|twin/), "a", [1, 2]],
        [expect.stringMatching(/good|twin/), "a", [1, 2]],
        ["bad", "b", [3, 3]],
        ["nop", "", undefined],
        ["scripted:stubs-check", "", undefined],
      ],
    });
    expect(summary.pairs.map(({ a, b, different }) => [a, b, different])).toEqual([
      ["bad", "good", true],
      ["bad", "twin", true],
      ["good", "twin", false],
    ]);
  });

  test("counts what is claimed and not so, the hacks by their rule, and leaves an unknown price unknown", () => {
    const of = (model: string) => summary.models.find((one) => one.model === model);
    const cheat = of(CHEAT.alias);
    expect({
      hacks: cheat?.hacks,
      falseSuccess: cheat?.falseSuccess,
      resolved: cheat?.resolved?.estimate,
      cost: cheat?.perSuccess.usd,
    }).toEqual({
      hacks: {
        share: { estimate: 1, interval: { low: expect.closeTo(0.96, 1), high: 1 }, numerator: 60, denominator: 60 },
        rules: { "disabled-check": 60 },
      },
      falseSuccess: { estimate: 1, interval: { low: expect.closeTo(0.96, 1), high: 1 }, numerator: 60, denominator: 60 },
      resolved: 0,
      cost: null,
    });
    expect([of("twin")?.usd, of("twin")?.perSuccess.usd, of("nop")?.falseSuccess]).toEqual([undefined, null, null]);
    const good = of("good");
    expect(good?.usd).toBeCloseTo(30, 9);
    expect(good?.perSuccess.usd?.estimate).toBeCloseTo(30 / (good?.perSuccess.usd?.denominator ?? 0), 9);
  });

  test("does not depend on the order of rows or of models", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...rows], { minLength: rows.length }),
        fc.shuffledSubarray([...facts.models], { minLength: facts.models.length }),
        (shuffled, models) => {
          const again = summarize({ ...facts, models }, shuffled);
          const sorted = (perTask: typeof summary.perTask) =>
            [...perTask].sort((a, b) => `${a.model} ${a.task}`.localeCompare(`${b.model} ${b.task}`));
          expect({ ...again, perTask: sorted(again.perTask) }).toEqual({ ...summary, perTask: sorted(summary.perTask) });
        },
      ),
      { numRuns: 5 },
    );
  });

  test("keeps the raw comparison of two models when a third one joins", () => {
    const without = summarize({ ...facts, models: facts.models.filter(({ alias }) => alias !== "twin") }, rows);
    const raw = (of: typeof summary) =>
      of.pairs.filter(({ a, b }) => a === "bad" && b === "good").map(({ p, estimate, interval }) => ({ p, estimate, interval }));
    expect(raw(without)).toEqual(raw(summary));
  });
});

describe("a run with trials that failed for infrastructure", () => {
  const lost = (until: number) =>
    rows.map((row, at) => (row.model === "good" && row.repeat === 1 && at < until ? broken(row) : row));

  test("counts them as missing, not as failed, and gives bounds; where a third is missing it is no ranking", () => {
    const { models, complete, result } = summarize(facts, lost(rows.length));
    const good = models.find(({ model }) => model === "good");
    expect({ complete, result, missing: good?.missing, trials: good?.trials }).toEqual({
      complete: true,
      result: "No ranking: 33.3 % of the trials of good are missing, more than 5 %.",
      missing: 20,
      trials: 40,
    });
    expect(good?.resolved?.bounds.low).toBeLessThan(good?.resolved?.estimate ?? 0);
    expect(good?.resolved?.bounds.high).toBeGreaterThan(good?.resolved?.estimate ?? 1);
  });

  test("compares all the same where three of a hundred are missing", () => {
    const { complete, result, noRanking } = summarize(facts, lost(30));
    expect({ complete, result, noRanking }).toEqual({
      complete: true,
      result: expect.stringMatching(/better than bad\.$/),
      noRanking: undefined,
    });
  });

  test("gives no p while trials have not ended", () => {
    const { pairs, complete, result, watermarks } = summarize(facts, rows.slice(0, 200));
    expect({ complete, result, watermarks, tested: pairs.filter(({ p, different }) => p !== undefined || different) }).toEqual({
      complete: false,
      result: "The run is unfinished: estimates only, no comparison.",
      watermarks: ["interim: trials have not ended, no p is given"],
      tested: [],
    });
  });
});

describe("a small run says that it is small", () => {
  test.each([
    ["no trial", [GOOD], 10, 0, "No trial has ended."],
    ["one model", [GOOD, NOP], 10, 1, "good ran alone: nothing is compared."],
    ["seven clusters", [GOOD, BAD], 7, 1, "Too few clusters for a test: the numbers describe these tasks and no others."],
    ["two that are alike", [GOOD, TWIN], 10, 1, expect.stringMatching(/are tied\.$/)],
  ] as const)("%s", (_, models, clusters, repeats, result) => {
    const made = madeRun(models, clusters, 2, Math.max(1, repeats));
    expect(summarize(made.facts, repeats === 0 ? [] : made.rows).result).toEqual(result);
  });
});
