import type { ContentBlock, RawMessageStreamEvent, StopReason } from "@anthropic-ai/sdk/resources/messages/messages";
import type { Ask, AssistantMessage, Stop } from "../../agent/messages.ts";
import { UnusableReply } from "../attempt.ts";
import { priced, type Tokens } from "../prices.ts";
import { argumentsObject, counted, distinctCalls, isBlank, sameIds, type VendorSettings } from "./vendor.ts";

/**
 * A reply put together from its stream. The SDK's own helper parses the arguments of a call as they come and throws on those that are not
 * JSON; here they stay text, so that validation can tell the model what was wrong.
 */
export interface CollectedReply {
  readonly blocks: readonly {
    readonly block: ContentBlock /** Arguments of a tool call as they were sent. */;
    readonly json: string;
  }[];
  readonly stop: StopReason | null;
  readonly explanation: string | undefined;
  readonly tokens: Tokens;
}

export const NOTHING_YET: CollectedReply = {
  blocks: [],
  stop: null,
  explanation: undefined,
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
};

export function withEvent(reply: CollectedReply, event: RawMessageStreamEvent): CollectedReply {
  switch (event.type) {
    case "message_start":
      return { ...reply, tokens: withUsage(reply.tokens, event.message.usage) };
    case "content_block_start":
      return { ...reply, blocks: [...reply.blocks, { block: event.content_block, json: "" }] };
    case "content_block_delta":
      return { ...reply, blocks: reply.blocks.map((known, at) => (at === event.index ? withDelta(known, event.delta) : known)) };
    case "message_delta":
      return {
        ...reply,
        stop: event.delta.stop_reason,
        explanation: event.delta.stop_details?.explanation ?? undefined,
        tokens: withUsage(reply.tokens, event.usage),
      };
    case "content_block_stop":
    case "message_stop":
      return reply;
  }
}

type Block = CollectedReply["blocks"][number];
type Delta = Extract<RawMessageStreamEvent, { type: "content_block_delta" }>["delta"];

function withDelta(known: Block, delta: Delta): Block {
  const { block, json } = known;
  switch (delta.type) {
    case "text_delta":
      return block.type === "text" ? { block: { ...block, text: block.text + delta.text }, json } : known;
    case "input_json_delta":
      return { block, json: json + delta.partial_json };
    case "thinking_delta":
      return block.type === "thinking" ? { block: { ...block, thinking: block.thinking + delta.thinking }, json } : known;
    case "signature_delta":
      return block.type === "thinking" ? { block: { ...block, signature: delta.signature }, json } : known;
    case "citations_delta":
      return known;
  }
}

/** Counts are totals of the whole message and left out where they do not apply; input excludes what touched the cache. */
function withUsage(
  tokens: Tokens,
  usage: {
    readonly input_tokens?: number | null;
    readonly output_tokens?: number | null;
    readonly cache_read_input_tokens?: number | null;
    readonly cache_creation_input_tokens?: number | null;
  },
): Tokens {
  return {
    input: counted(usage.input_tokens) ?? tokens.input,
    output: counted(usage.output_tokens) ?? tokens.output,
    cacheRead: counted(usage.cache_read_input_tokens) ?? tokens.cacheRead,
    cacheWrite: counted(usage.cache_creation_input_tokens) ?? tokens.cacheWrite,
  };
}

export function fromReply(reply: CollectedReply, ask: Ask, settings: Pick<VendorSettings, "name" | "price">): AssistantMessage {
  if (reply.stop === null) throw new Error("the stream ended before the reply did");
  const calls = reply.blocks.flatMap(({ block, json }) =>
    block.type === "tool_use"
      ? [{ id: block.id, tool: block.name, arguments: json === "" ? JSON.stringify(block.input ?? {}) : json }]
      : [],
  );
  const distinct = distinctCalls(calls, ask);
  return {
    role: "assistant",
    text: reply.blocks.flatMap(({ block }) => (block.type === "text" ? [block.text] : [])).join(""),
    calls: distinct,
    usage: priced(reply.tokens, settings.price),
    stop: stopOf(reply.stop, calls.length > 0, reply.explanation),
    model: settings.name,
    // Blocks whose calls had to be named anew no longer fit their results.
    ...(sameIds(calls, distinct) && {
      raw: reply.blocks.filter(({ block }) => block.type !== "text" || !isBlank(block.text)).map(returnable),
    }),
  };
}

/** As the API takes it back: a call's input is an object, whatever the model wrote. */
const returnable = ({ block, json }: Block): ContentBlock =>
  block.type === "tool_use" && json !== "" ? { ...block, input: argumentsObject(json) } : block;

function stopOf(reason: StopReason, called: boolean, explanation: string | undefined): Stop {
  switch (reason) {
    case "max_tokens":
      return "length";
    case "model_context_window_exceeded":
      throw new UnusableReply(
        "the conversation no longer fits into the model's context window; another model may have a larger one",
      );
    case "refusal":
      throw new UnusableReply(
        `the provider stopped the reply as a refusal${explanation === undefined ? "" : ` (${explanation})`}; another model may answer`,
      );
    case "end_turn":
    case "stop_sequence":
    case "tool_use":
    case "pause_turn":
      return called ? "tools" : "end";
  }
}
