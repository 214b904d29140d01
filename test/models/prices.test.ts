import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ask } from "../../src/agent/messages.ts";
import { LIST_PRICES, LIST_PRICES_DATE, LIST_PRICES_SOURCES } from "../../src/models/list-prices.ts";
import { priced, priceOf, promptTokens, textTokens, worstCase } from "../../src/models/prices.ts";
import { reply } from "../agent/play.ts";

const tokens = { input: 1_000_000, output: 100_000, cacheRead: 2_000_000, cacheWrite: 500_000 };

describe("the list", () => {
  it("says when and where from, and holds rates that can be true", () => {
    expect(LIST_PRICES_DATE).toMatch(/^\d{4}-\d{2}-\d{2}$/u);
    expect(LIST_PRICES_SOURCES.length).toBeGreaterThan(0);
    for (const [name, { input, output, cacheRead, cacheWrite, long }] of Object.entries(LIST_PRICES)) {
      expect(name).toMatch(/^[a-z]+:\S+$/u);
      expect(output).toBeGreaterThanOrEqual(input);
      expect(cacheRead ?? 0).toBeLessThanOrEqual(input);
      expect(cacheWrite ?? 0).toBeLessThanOrEqual(1.25 * input + 1e-9);
      if (long) expect(long.input).toBeGreaterThan(input);
    }
  });
});

describe("priceOf", () => {
  const own = { "openai:gpt-5": { input: 7, output: 8 }, "mistralai:*": { input: 1, output: 2 } };

  it("takes the user's word before the list, and the family for a dated name", () => {
    expect(priceOf("openai:gpt-5", own, true)).toEqual({ input: 7, output: 8 });
    expect(priceOf("openai:gpt-5-2025-08-07", {}, true)).toBe(LIST_PRICES["openai:gpt-5"]);
    expect(priceOf("anthropic:claude-haiku-4-5-20251001", {}, true)).toBe(LIST_PRICES["anthropic:claude-haiku-4-5"]);
    expect(priceOf("mistralai:large", own, true)).toEqual({ input: 1, output: 2 });
    expect(priceOf("ollama:qwen3:8b", {}, true)).toMatchObject({ input: 0, output: 0 });
  });

  it("leaves unknown unknown: other names, other servers", () => {
    expect(priceOf("openai:gpt-5-turbo-max", {}, true)).toBeUndefined();
    expect(priceOf("openai:toString", {}, true)).toBeUndefined();
    expect(priceOf("openai:gpt-5", {}, false)).toBeUndefined();
    expect(priceOf("openai:gpt-5", own, false)).toEqual({ input: 7, output: 8 });
  });
});

describe("priced", () => {
  it("multiplies each kind by its rate", () => {
    expect(priced(tokens, { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 })).toEqual({
      ...tokens,
      usd: 3 + 1.5 + 0.6 + 1.875,
    });
  });

  it("takes the input rate where a cache rate is not given, and no price for an unknown one", () => {
    expect(priced(tokens, { input: 1, output: 10 }).usd).toBe(1 + 1 + 2 + 0.5);
    expect(priced(tokens, undefined)).toEqual(tokens);
  });

  it("charges the whole request at the long rates once its prompt is long, cached tokens included", () => {
    const price = { input: 1, output: 1, long: { above: 100, input: 10, output: 10 } };
    const at = (input: number, cacheRead: number): number | undefined =>
      priced({ input, cacheRead, cacheWrite: 0, output: 0 }, price).usd;
    expect(at(50, 50)).toBe(100 / 1e6);
    expect(at(50, 51)).toBe(1010 / 1e6);
  });
});

describe("worstCase", () => {
  const ask = (text: string): Ask => ({
    system: "s",
    messages: [{ role: "user", text }],
    tools: [],
    maxOutputTokens: 10,
    signal: new AbortController().signal,
  });

  it("is no less than a lock file, of which a third is hashes", () => {
    const entry = (at: number): string =>
      `[[package]]\nname = "crate-${at}"\nversion = "1.${at}.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${createHash("sha256").update(String(at)).digest("hex")}"\n`;
    const lock = Array.from({ length: 50 }, (_, at) => entry(at)).join("\n");
    // Counted with js-tiktoken 1.0.21: 3828 with o200k_base, 3820 with cl100k_base.
    expect([lock.length, textTokens(lock) >= 3_828]).toEqual([9_629, true]);
  });

  it("is every byte half a token, written to the cache, and the whole output limit", () => {
    const bytes = Buffer.byteLength(JSON.stringify({ system: "s", tools: [], messages: [{ role: "user", text: "ü" }] }));
    const input = Math.ceil(bytes / 2);
    expect(worstCase(ask("ü"), { input: 1, output: 2, cacheWrite: 1.25 })).toEqual({
      input,
      output: 10,
      cacheRead: 0,
      cacheWrite: 0,
      usd: (input * 1.25 + 20) / 1e6,
    });
    expect(worstCase(ask("ü"), undefined)).toEqual({ input, output: 10, cacheRead: 0, cacheWrite: 0 });
  });

  it("counts what is sent back raw, and not what is never sent", () => {
    const with_ = (message: Ask["messages"][number]): number => promptTokens({ ...ask(""), messages: [message] });
    expect(with_(reply({ raw: "x".repeat(3000) }))).toBeGreaterThan(1000);
    expect(with_({ role: "tool", callId: "c", tool: "t", text: "", isError: false, details: "x".repeat(3000) })).toBeLessThan(50);
  });

  it("is never less than what a reply within the limits can cost", () => {
    const rate = fc.integer({ min: 0, max: 100 });
    const price = fc.record({ input: rate, output: rate, cacheWrite: rate });
    fc.assert(
      fc.property(price, fc.string(), fc.nat({ max: 10 }), fc.nat({ max: 100 }), (rates, text, output, share) => {
        const bound = worstCase(ask(text), rates);
        const cacheWrite = Math.floor((bound.input * share) / 100);
        const cost = priced({ input: bound.input - cacheWrite, cacheWrite, cacheRead: 0, output }, rates);
        expect(cost.usd ?? 0).toBeLessThanOrEqual((bound.usd ?? 0) + 1e-12);
      }),
    );
  });
});
