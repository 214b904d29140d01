import type { Ask, Message, Usage } from "../agent/messages.ts";
import { LIST_PRICES } from "./list-prices.ts";
import type { Price, Rates } from "./price.ts";

export type Tokens = Omit<Usage, "usd">;

/**
 * The price of a model: the user's own word first, then the list price of the vendor's own endpoint.
 * @param spec `PROVIDER:NAME`; a dated name (`gpt-5-2025-08-07`, `claude-opus-4-5-20251101`) costs what its family costs
 * @param own prices of crq-agent.toml; a key is `PROVIDER:NAME` or `PROVIDER:*`
 * @param ownEndpoint false where the request goes to another server than the vendor's: its list price says nothing there
 * @returns undefined when unknown; unknown is never zero
 */
export function priceOf(spec: string, own: Readonly<Record<string, Price>>, ownEndpoint: boolean): Price | undefined {
  return lookUp(spec, own) ?? (ownEndpoint ? lookUp(spec, LIST_PRICES) : undefined);
}

function lookUp(spec: string, table: Readonly<Record<string, Price>>): Price | undefined {
  const provider = spec.slice(0, spec.indexOf(":"));
  const keys = [spec, spec.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8})$/u, ""), `${provider}:*`];
  const key = keys.find((candidate) => Object.hasOwn(table, candidate));
  return key === undefined ? undefined : table[key];
}

/** Tokens with what they cost; without `usd` when the price is unknown. */
export function priced(tokens: Tokens, price: Price | undefined): Usage {
  if (price === undefined) return tokens;
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const rates: Rates = price.long !== undefined && prompt > price.long.above ? price.long : price;
  const dollars =
    tokens.input * rates.input +
    tokens.output * rates.output +
    tokens.cacheRead * (rates.cacheRead ?? rates.input) +
    tokens.cacheWrite * (rates.cacheWrite ?? rates.input);
  return { ...tokens, usd: dollars / 1_000_000 };
}

/**
 * Below what tokenizers make of what is sent: 3.5 to 4 bytes a token for code and prose, 2.5 for lock files, which are full of hashes (o200k_base);
 * newer ones of other vendors take up to a third more tokens. Hashes alone come to 1.5, and are never all of a request.
 */
const BYTES_PER_TOKEN = 2;

/** The most a request can cost: every byte half a token, all of it written to the cache, the whole output limit used. */
export function worstCase(ask: Ask, price: Price | undefined): Usage {
  const tokens: Tokens = { input: promptTokens(ask), output: ask.maxOutputTokens, cacheRead: 0, cacheWrite: 0 };
  return priced(tokens, price && dearest(price));
}

const dearest = (price: Price): Price => ({
  ...price,
  input: Math.max(price.input, price.cacheWrite ?? 0),
  ...(price.long && { long: { ...price.long, input: Math.max(price.long.input, price.long.cacheWrite ?? 0) } }),
});

/** Upper bound of a request's prompt tokens. */
export function promptTokens(ask: Ask): number {
  const sent = { system: ask.system, tools: ask.tools, messages: ask.messages.map(travelling) };
  return textTokens(JSON.stringify(sent));
}

/** Upper bound of a text's tokens. */
export const textTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

function travelling(message: Message): unknown {
  switch (message.role) {
    case "user":
      return message;
    case "assistant":
      return message.raw ?? { text: message.text, calls: message.calls };
    case "tool":
      return { callId: message.callId, text: message.text };
  }
}
