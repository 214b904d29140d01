import { describe, expect, it } from "vitest";
import {
  DEFAULT_LIMITS,
  NO_TALLY,
  overBudget,
  priceProblem,
  spentUsd,
  type Tally,
  trippedLimit,
} from "../../src/agent/limits.ts";
import { NO_USAGE, type Usage } from "../../src/agent/messages.ts";
import { PRICED, playing } from "./play.ts";

const used = (part: Partial<Tally>): Tally => ({ ...NO_TALLY, ...part });
const cost = (usd: number): Usage => ({ ...NO_USAGE, usd });
const { usd: _, ...unpriced } = PRICED;

describe("trippedLimit", () => {
  it("lets a fresh run go", () => {
    expect(trippedLimit(DEFAULT_LIMITS, NO_TALLY)).toBeUndefined();
  });

  it.each<[string, Partial<Tally>]>([
    ["turns", { turns: 60 }],
    ["tokens", { usage: { ...NO_USAGE, output: 120_000 } }],
    ["usd", { usage: cost(2) }],
    ["wall", { wallMs: 1_800_000 }],
    ["builds", { builds: 25 }],
    ["repeats", { repeats: 4 }],
    ["stagnation", { stagnation: 4 }],
  ])("%s trips at its number and not before", (limit, part) => {
    expect(trippedLimit(DEFAULT_LIMITS, used(part))).toMatchObject({ kind: "limit", limit });
    expect(trippedLimit({}, used(part))).toBeUndefined();
  });

  it("counts requests that were lost", () => {
    const tally = used({ usage: cost(1.5), lost: { requests: 1, usage: cost(0.5) } });
    expect(spentUsd(tally)).toBe(2);
    expect(trippedLimit(DEFAULT_LIMITS, tally)).toEqual({
      kind: "limit",
      limit: "usd",
      detail: "$2.00 of $2.00 was spent or booked; raise limits.usd and resume",
    });
  });

  it("treats an unknown price as reached, never as nothing", () => {
    expect(trippedLimit(DEFAULT_LIMITS, used({ usage: unpriced }))).toMatchObject({
      detail:
        "the price of an earlier reply is unknown, so the cap of $2 cannot be kept; set its price under [prices] or drop the cap",
    });
    expect(trippedLimit({ turns: 60 }, used({ usage: unpriced }))).toBeUndefined();
  });
});

describe("overBudget", () => {
  it("sends what fits exactly and not a cent more", () => {
    expect(overBudget({ usd: 2 }, used({ usage: cost(1.5) }), cost(0.5))).toBeUndefined();
    expect(overBudget({ usd: 2 }, used({ usage: cost(1.5) }), cost(0.51))).toMatchObject({ limit: "usd" });
    expect(overBudget({}, used({ usage: cost(99) }), undefined)).toBeUndefined();
  });
});

describe("priceProblem", () => {
  const probe = { system: "", messages: [], tools: [], maxOutputTokens: 1, signal: new AbortController().signal };
  const { worstCase: _worst, ...nameless } = playing([]);

  it("refuses a cap with a model of unknown price, before anything is sent", () => {
    expect(priceProblem(nameless, { usd: 2 }, probe)).toBe(
      "test:play: the price of this model is unknown, so the cap of $2 cannot be kept; set it under [prices] in crq-agent.toml or drop the cap",
    );
  });

  it("has nothing against no cap, or a known price", () => {
    expect(priceProblem(nameless, {}, probe)).toBeUndefined();
    expect(priceProblem(playing([]), { usd: 2 }, probe)).toBeUndefined();
  });
});
