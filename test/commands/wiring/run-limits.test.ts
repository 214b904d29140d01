import { expect, it } from "vitest";
import { NO_TALLY } from "../../../src/agent/limits.ts";
import { limitsGiven, usdLeft } from "../../../src/commands/wiring/run-limits.ts";

it("a cap in dollars is one for a command of two sessions: what the first cost, or may have cost, is gone", () => {
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  const spent = { ...NO_TALLY, usage: { ...usage, usd: 0.25 }, lost: { requests: 1, usage: { ...usage, usd: 0.5 } } };
  expect([usdLeft({ usd: 1 }, spent), usdLeft({ usd: 0.5 }, spent), usdLeft({}, spent), usdLeft({ usd: 1 }, NO_TALLY)]).toEqual([
    0.25,
    0,
    undefined,
    1,
  ]);
  expect(usdLeft({ usd: 1 }, { ...NO_TALLY, usage }), "of an unknown price nothing is known to be left").toBe(0);
});

it("keeps of a verb's options the limits that were given", () => {
  expect(limitsGiven({ maxUsd: 0.5, maxTurns: 3, ...{ repo: ".", yes: true } })).toEqual({ maxUsd: 0.5, maxTurns: 3 });
});
