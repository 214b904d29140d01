import type OpenAI from "openai";
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import type { CompletionUsage } from "openai/resources/completions";
import type { Ask, AssistantMessage, Message, Model, Usage } from "../../agent/messages.ts";
import { UnusableReply } from "../attempt.ts";
import { priced, promptTokens, textTokens } from "../prices.ts";
import { openaiClient } from "./openai-client.ts";
import { argumentsObject, bound, counted, distinctCalls, request, sentId, sentName, type VendorSettings } from "./vendor.ts";

/** OpenAI's Chat Completions API, for the many servers that speak it: Ollama, vLLM, llama.cpp, OpenRouter and others. */
export class OpenAIChat implements Model {
  readonly name: string;
  readonly #client: OpenAI;
  readonly #settings: VendorSettings;

  private constructor(client: OpenAI, settings: VendorSettings) {
    this.name = settings.name;
    this.#client = client;
    this.#settings = settings;
  }

  static async create(settings: VendorSettings): Promise<OpenAIChat> {
    return new OpenAIChat(await openaiClient(settings), settings);
  }

  worstCase(ask: Ask): Usage {
    return bound(ask, this.#settings);
  }

  complete(ask: Ask): Promise<AssistantMessage> {
    return request(ask, this.#settings, async (signal, alive) => {
      const stream = await this.#client.chat.completions.create(toRequest(ask, this.#settings), { signal });
      alive();
      let reply = NOTHING_YET;
      for await (const chunk of stream) {
        alive();
        reply = withChunk(reply, chunk);
      }
      return fromReply(reply, ask, this.#settings);
    });
  }
}

export function toRequest(
  ask: Ask,
  settings: Pick<VendorSettings, "model" | "baseUrl" | "effort">,
): ChatCompletionCreateParamsStreaming {
  return {
    model: settings.model,
    messages: [{ role: "system", content: ask.system }, ...ask.messages.flatMap(toMessages)],
    ...(ask.tools.length > 0 && {
      tools: ask.tools.map(({ name, about, parameters }) => ({
        type: "function" as const,
        function: { name, description: about, parameters: { ...parameters } },
      })),
    }),
    // OpenAI's reasoning models take the new name alone, most compatible servers know the old one alone.
    ...(settings.baseUrl === undefined ? { max_completion_tokens: ask.maxOutputTokens } : { max_tokens: ask.maxOutputTokens }),
    stream: true,
    stream_options: { include_usage: true },
    ...(settings.effort && { reasoning_effort: settings.effort }),
  };
}

/** "Expected a string with maximum length 40": vLLM's ids have 46. */
const LONGEST_ID = 40;

function toMessages(message: Message): ChatCompletionMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return [{ role: "tool", tool_call_id: sentId(message.callId, LONGEST_ID), content: message.text }];
    case "assistant":
      if (message.text === "" && message.calls.length === 0) return [];
      return [
        {
          role: "assistant",
          content: message.text === "" ? null : message.text,
          ...(message.calls.length > 0 && {
            tool_calls: message.calls.map((call) => ({
              id: sentId(call.id, LONGEST_ID),
              type: "function" as const,
              // Servers that render the conversation through a template parse these and refuse what is not JSON.
              function: { name: sentName(call.tool), arguments: JSON.stringify(argumentsObject(call.arguments)) },
            })),
          }),
        },
      ];
  }
}

/** A reply as far as its chunks have come. */
export interface ChatReply {
  readonly text: string;
  readonly calls: readonly { readonly index: number; readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finish: ChatCompletionChunk.Choice["finish_reason"];
  readonly usage: CompletionUsage | undefined;
}

export const NOTHING_YET: ChatReply = { text: "", calls: [], finish: null, usage: undefined };

/** Servers leave out what they do not need: type, role, later ids and names, sometimes the choice. */
export function withChunk(reply: ChatReply, chunk: ChatCompletionChunk): ChatReply {
  const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
  const delta: Partial<ChatCompletionChunk.Choice.Delta> = choice?.delta ?? {};
  return {
    text: reply.text + (delta.content ?? "") + (delta.refusal ?? ""),
    calls: (delta.tool_calls ?? []).reduce(withCall, reply.calls),
    finish: choice?.finish_reason ?? reply.finish,
    usage: chunk.usage ?? reply.usage,
  };
}

/** The index tells to which call a part belongs, but for servers that give all of them the same one, or none: there a new id begins a new call. */
function withCall(calls: ChatReply["calls"], delta: ChatCompletionChunk.Choice.Delta.ToolCall): ChatReply["calls"] {
  const last = calls.findLast(({ index }) => index === delta.index);
  const known = last && (delta.id ?? "") !== "" && last.id !== "" && last.id !== delta.id ? undefined : last;
  const part = { id: delta.id ?? "", name: delta.function?.name ?? "", arguments: delta.function?.arguments ?? "" };
  if (known === undefined) return [...calls, { index: delta.index, ...part }];
  const grown = { ...known, id: known.id || part.id, name: known.name || part.name, arguments: known.arguments + part.arguments };
  return calls.map((call) => (call === known ? grown : call));
}

export function fromReply(reply: ChatReply, ask: Ask, settings: Pick<VendorSettings, "name" | "price">): AssistantMessage {
  if (reply.finish === null) throw new Error("the stream ended before the reply did");
  if (reply.finish === "content_filter") {
    throw new UnusableReply("the provider's content filter stopped the reply; another model may answer");
  }
  if (BROKEN_OFF.has(reply.finish)) throw new Error(`the provider broke the reply off (${reply.finish})`);
  const calls = reply.calls.map(({ id, name, arguments: args }) => ({ id, tool: name, arguments: args }));
  return {
    role: "assistant",
    text: reply.text,
    calls: distinctCalls(calls, ask),
    usage: usageOf(reply, ask, settings.price),
    stop: reply.finish === "length" ? "length" : calls.length > 0 ? "tools" : "end",
    model: settings.name,
  };
}

/** Of servers that end a reply so when they cannot go on: DeepSeek, vLLM, OpenRouter. */
const BROKEN_OFF: ReadonlySet<string> = new Set(["insufficient_system_resource", "abort", "error"]);

/** `prompt_tokens` includes the cached ones. A server that counts nothing, or in what is no count, is booked at the upper bound. */
function usageOf({ usage, text, calls }: ChatReply, ask: Ask, price: VendorSettings["price"]): Usage {
  const [prompt, output] = [counted(usage?.prompt_tokens), counted(usage?.completion_tokens)];
  if (prompt === undefined || output === undefined) {
    return priced(
      { input: promptTokens(ask), output: textTokens(text + JSON.stringify(calls)), cacheRead: 0, cacheWrite: 0 },
      price,
    );
  }
  const cacheRead = counted(usage?.prompt_tokens_details?.cached_tokens) ?? 0;
  const cacheWrite = counted(usage?.prompt_tokens_details?.cache_write_tokens) ?? 0;
  const input = Math.max(0, prompt - cacheRead - cacheWrite);
  return priced({ input, output, cacheRead, cacheWrite }, price);
}
