import { createHash } from "node:crypto";
import type OpenAI from "openai";
import type {
  Response,
  ResponseCreateParamsStreaming,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
  ResponseUsage,
} from "openai/resources/responses/responses";
import type { Ask, AssistantMessage, Message, Model, ToolCall, Usage } from "../../agent/messages.ts";
import { UnusableReply } from "../attempt.ts";
import { priced, promptTokens, type Tokens, textTokens } from "../prices.ts";
import { openaiClient } from "./openai-client.ts";
import { bound, counted, distinctCalls, request, sameIds, sentId, sentName, type VendorSettings } from "./vendor.ts";

/** OpenAI's Responses API, stateless: nothing is stored with the provider, reasoning comes back encrypted and is sent again. */
export class OpenAIResponses implements Model {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #settings: VendorSettings;

  private constructor(client: OpenAI, settings: VendorSettings) {
    this.name = settings.name;
    this.#client = client;
    this.#settings = settings;
  }

  static async create(settings: VendorSettings): Promise<OpenAIResponses> {
    return new OpenAIResponses(await openaiClient(settings), settings);
  }

  worstCase(ask: Ask): Usage {
    return bound(ask, this.#settings);
  }

  complete(ask: Ask): Promise<AssistantMessage> {
    return request(ask, this.#settings, async (signal, alive) => {
      const stream = await this.#client.responses.create(toRequest(ask, this.#settings), { signal });
      alive();
      let response: Response | undefined;
      for await (const event of stream) {
        alive();
        response = finalResponse(event) ?? response;
      }
      if (response === undefined) throw new Error("the stream ended before the reply did");
      return fromResponse(response, ask, this.#settings);
    });
  }
}

/** Each of the three last events carries the whole response, so no delta needs to be put together. */
function finalResponse(event: ResponseStreamEvent): Response | undefined {
  switch (event.type) {
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return event.response;
    case "error":
      throw new UnusableReply(`the provider broke the reply off (${event.message})`);
    default:
      return undefined;
  }
}

export function toRequest(
  ask: Ask,
  settings: Pick<VendorSettings, "name" | "model" | "effort" | "baseUrl">,
): ResponseCreateParamsStreaming {
  return {
    model: settings.model,
    instructions: ask.system,
    input: ask.messages.flatMap((message) => toItems(message, settings)),
    // `strict` would refuse schemas with optional properties; arguments are validated here anyway.
    tools: ask.tools.map(({ name, about, parameters }) => ({
      type: "function",
      name,
      description: about,
      parameters: { ...parameters },
      strict: false,
    })),
    max_output_tokens: ask.maxOutputTokens,
    store: false,
    stream: true,
    // Requests with the same beginning meet the same cache (prompt caching guide; needed from GPT-5.6 on).
    prompt_cache_key: createHash("sha256")
      .update(JSON.stringify([ask.system, ask.tools]))
      .digest("hex")
      .slice(0, 32),
    ...(settings.effort && { reasoning: { effort: settings.effort } }),
  };
}

/** "Expected a string with maximum length 64"; another server gets back what it may have given itself. */
const LONGEST_ID = 64;

function toItems(message: Message, { name, baseUrl }: Pick<VendorSettings, "name" | "baseUrl">): ResponseInputItem[] {
  const idOf = (id: string): string => (baseUrl === undefined ? sentId(id, LONGEST_ID) : id);
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return [{ type: "function_call_output", call_id: idOf(message.callId), output: message.text }];
    case "assistant":
      if (message.model === name && isOutput(message.raw)) return whole(message.raw);
      return [
        ...(message.text === "" ? [] : [{ role: "assistant" as const, content: message.text }]),
        ...message.calls.map((call) => ({
          type: "function_call" as const,
          call_id: idOf(call.id),
          name: sentName(call.tool),
          arguments: call.arguments,
        })),
      ];
  }
}

/** The vendor's own items are opaque to us: what has the shape of a list of items is sent back unchanged. */
const isOutput = (raw: unknown): raw is ResponseInputItem[] =>
  Array.isArray(raw) && raw.every((item: unknown) => item instanceof Object && "type" in item && typeof item.type === "string");

/**
 * Reasoning that cannot go back: an item with neither encrypted nor plain content is an id that the provider has not stored, and one that
 * nothing follows, because the reply was cut while the model reasoned, is refused.
 */
function whole(items: readonly ResponseInputItem[]): ResponseInputItem[] {
  const known = items.filter(
    (item) => item.type !== "reasoning" || (item.encrypted_content ?? "") !== "" || (item.content ?? []).length > 0,
  );
  return known.slice(0, known.findLastIndex((item) => item.type !== "reasoning") + 1);
}

export function fromResponse(response: Response, ask: Ask, settings: Pick<VendorSettings, "name" | "price">): AssistantMessage {
  if (response.status === "failed") throw new UnusableReply(`the reply failed (${response.error?.message ?? "no reason given"})`);
  const reason = response.incomplete_details?.reason;
  if (reason === "content_filter")
    throw new UnusableReply("the provider's content filter stopped the reply; another model may answer");
  const text = response.output.flatMap(textOf).join("");
  const calls = response.output.flatMap(callOf);
  const distinct = distinctCalls(calls, ask);
  return {
    role: "assistant",
    text,
    calls: distinct,
    usage: usageOf(response.usage, ask, response.output, settings.price),
    stop: response.status === "incomplete" ? "length" : calls.length > 0 ? "tools" : "end",
    model: settings.name,
    // Items whose calls had to be named anew no longer fit their results.
    ...(sameIds(calls, distinct) && { raw: response.output }),
  };
}

function textOf(item: ResponseOutputItem): readonly string[] {
  if (item.type !== "message") return [];
  return item.content.map((part) => (part.type === "output_text" ? part.text : part.refusal));
}

const callOf = (item: ResponseOutputItem): readonly ToolCall[] =>
  item.type === "function_call" ? [{ id: item.call_id, tool: item.name, arguments: item.arguments }] : [];

/** `input_tokens` includes what was read from and written to the cache. A compatible server that counts nothing, or in what is no count, is booked at the upper bound. */
function usageOf(usage: ResponseUsage | undefined, ask: Ask, output: unknown, price: VendorSettings["price"]): Usage {
  const [prompt, written] = [counted(usage?.input_tokens), counted(usage?.output_tokens)];
  if (prompt === undefined || written === undefined) {
    return priced({ input: promptTokens(ask), output: textTokens(JSON.stringify(output)), cacheRead: 0, cacheWrite: 0 }, price);
  }
  // Compatible servers leave the details out.
  const details: Partial<ResponseUsage.InputTokensDetails> = usage?.input_tokens_details ?? {};
  const cacheRead = counted(details.cached_tokens) ?? 0;
  const cacheWrite = counted(details.cache_write_tokens) ?? 0;
  const tokens: Tokens = {
    input: Math.max(0, prompt - cacheRead - cacheWrite),
    output: written,
    cacheRead,
    cacheWrite,
  };
  return priced(tokens, price);
}
