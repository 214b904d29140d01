import type { Price } from "./price.ts";

/**
 * List prices as known to the authors on the date below; override them under `[prices]` in crq-agent.toml. A model that is not listed has
 * no known price: it is never taken for free.
 */
export const LIST_PRICES_DATE = "2026-11-20";

export const LIST_PRICES_SOURCES = [
  "https://platform.claude.com/docs/en/about-claude/pricing (standard tier, five-minute cache writes)",
  "https://developers.openai.com/api/docs/pricing (standard tier)",
  "https://developers.openai.com/api/docs/guides/prompt-caching (cache writes cost 1.25 times the input from GPT-5.6 on, nothing before)",
] as const;

/** USD per million tokens: input, output, cache read, cache write. */
const price = (input: number, output: number, cacheRead: number, cacheWrite = input): Price => ({
  input,
  output,
  cacheRead,
  cacheWrite,
});

/** OpenAI's long-context rates: above 272,000 prompt tokens the whole request costs twice for input and cache, 1.5 times for output. */
const gpt = (input: number, output: number, cacheRead: number, cacheWrite = input): Price => ({
  ...price(input, output, cacheRead, cacheWrite),
  long: { above: 272_000, input: 2 * input, output: 1.5 * output, cacheRead: 2 * cacheRead, cacheWrite: 2 * cacheWrite },
});

export const LIST_PRICES: Readonly<Record<string, Price>> = {
  "anthropic:claude-fable-5-1": price(10, 50, 0.25, 12.5),
  "anthropic:claude-mythos-5-1": price(10, 50, 0.25, 12.5),
  "anthropic:claude-fable-5": price(10, 50, 1, 12.5),
  "anthropic:claude-mythos-5": price(10, 50, 1, 12.5),
  "anthropic:claude-opus-5-5": price(4, 20, 0.2, 5),
  "anthropic:claude-opus-5": price(5, 25, 0.5, 6.25),
  "anthropic:claude-opus-4-8": price(5, 25, 0.5, 6.25),
  "anthropic:claude-opus-4-7": price(5, 25, 0.5, 6.25),
  "anthropic:claude-opus-4-6": price(5, 25, 0.5, 6.25),
  "anthropic:claude-opus-4-5": price(5, 25, 0.5, 6.25),
  "anthropic:claude-opus-4-1": price(15, 75, 1.5, 18.75),
  "anthropic:claude-sonnet-5-5": price(2, 10, 0.1, 2.5),
  "anthropic:claude-sonnet-5": price(2, 10, 0.2, 2.5),
  "anthropic:claude-sonnet-4-6": price(3, 15, 0.3, 3.75),
  "anthropic:claude-sonnet-4-5": price(3, 15, 0.3, 3.75),
  "anthropic:claude-haiku-5-5": {
    ...price(0.1, 0.5, 0.01, 0.125),
    long: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
  },
  "anthropic:claude-haiku-4-5": price(1, 5, 0.1, 1.25),
  "openai:gpt-6-astra": gpt(10, 50, 1, 12.5),
  "openai:gpt-6-sol": gpt(2, 10, 0.2, 2.5),
  "openai:gpt-6-luna": gpt(0.1, 0.5, 0.01, 0.125),
  "openai:gpt-6.1-sol": gpt(2, 10, 0.1, 2.5),
  "openai:gpt-6.1-terra": gpt(1, 5, 0.05, 1.25),
  "openai:gpt-5.6-sol": gpt(4, 20, 0.4, 5),
  "openai:gpt-5.6-terra": gpt(2, 12, 0.2, 2.5),
  "openai:gpt-5.6-luna": gpt(0.2, 1.2, 0.02, 0.25),
  "openai:gpt-5.5": gpt(5, 30, 0.5),
  "openai:gpt-5.4": gpt(2.5, 15, 0.25),
  "openai:gpt-5.4-mini": price(0.75, 4.5, 0.075),
  "openai:gpt-5.4-nano": price(0.2, 1.25, 0.02),
  "openai:gpt-5.2": price(1.75, 14, 0.175),
  "openai:gpt-5.1": price(1.25, 10, 0.125),
  "openai:gpt-5": price(1.25, 10, 0.125),
  "openai:gpt-5-mini": price(0.25, 2, 0.025),
  "openai:gpt-5-nano": price(0.05, 0.4, 0.005),
  "openai:gpt-4.1": price(2, 8, 0.5),
  "openai:gpt-4.1-mini": price(0.4, 1.6, 0.1),
  "openai:gpt-4.1-nano": price(0.1, 0.4, 0.025),
  "openai:gpt-4o": price(2.5, 10, 1.25),
  "openai:gpt-4o-mini": price(0.15, 0.6, 0.075),
  "openai:o3": price(2, 8, 0.5),
  "openai:o4-mini": price(1.1, 4.4, 0.275),
  // Runs on the user's own machine.
  "ollama:*": price(0, 0, 0),
};
