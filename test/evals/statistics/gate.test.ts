import { describe, expect, test } from "vitest";
import { judgeGate } from "../../../src/evals/statistics/gate.ts";
import type { TaskCount } from "../../../src/evals/statistics/scores.ts";

const suite = (successes: number, trials = 4, clusters = 8): TaskCount[] =>
  Array.from({ length: clusters }, (_, at) => ({ task: `t${at}`, cluster: `c${at}`, trials, successes }));
const options = { regressTasks: new Set(["t0", "t1"]), deterministic: false, seed: "gate" };
const losing = (task: string): TaskCount[] => suite(4).map((count) => (count.task === task ? { ...count, successes: 0 } : count));

describe("the gate says", () => {
  test("regress, where a task of the regress split is lost, although the mean could be chance", () => {
    const lost = { kind: "task-lost", task: "t0", before: suite(4)[0], now: losing("t0")[0], p: expect.closeTo(0.0286, 4) };
    expect(judgeGate(losing("t0"), suite(4), options)).toEqual({ verdict: "regress", reasons: [lost] });
    expect(judgeGate(losing("t5"), suite(4), options).verdict).toBe("inconclusive");
  });

  test("regress, where all are worse", () => {
    const answer = judgeGate(suite(1), suite(4), { ...options, regressTasks: new Set() });
    expect(answer).toEqual({
      verdict: "regress",
      reasons: [
        { kind: "worse", estimate: -0.75, interval: { low: expect.closeTo(-0.829, 2), high: expect.closeTo(-0.671, 2) } },
      ],
    });
  });

  test("pass, where nothing changed", () => {
    expect(judgeGate(suite(4), suite(4), options).verdict).toBe("pass");
  });

  test("inconclusive with one repeat or two, with few clusters, with nothing in common", () => {
    expect([
      judgeGate(suite(2, 2), suite(2, 2), options),
      judgeGate(suite(4, 4, 7), suite(4, 4, 7), options),
      judgeGate(suite(4), [], options),
    ]).toEqual([
      { verdict: "inconclusive", why: { kind: "few-repeats", repeats: 2 } },
      { verdict: "inconclusive", why: { kind: "few-clusters", clusters: 7 } },
      { verdict: "inconclusive", why: { kind: "nothing-shared" } },
    ]);
  });

  test("one repeat is enough for a model that always does the same", () => {
    expect(judgeGate(suite(1, 1, 14), suite(1, 1, 14), { ...options, deterministic: true }).verdict).toBe("pass");
  });
});
