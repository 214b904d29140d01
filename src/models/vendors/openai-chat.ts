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
import { argumentsObject, bound, distinctCalls, request, type VendorSettings } from "./vendor.ts";

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

function toMessages(message: Message): ChatCompletionMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return [{ role: "tool", tool_call_id: message.callId, content: message.text }];
    case "assistant":
      if (message.text === "" && message.calls.length === 0) return [];
      return [
        {
          role: "assistant",
          content: message.text === "" ? null : message.text,
          ...(message.calls.length > 0 && {
            tool_calls: message.calls.map((call) => ({
              id: call.id,
              type: "function" as const,
              // Servers that render the conversation through a template parse these and refuse what is not JSON.
              function: { name: call.tool, arguments: JSON.stringify(argumentsObject(call.arguments)) },
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

function withCall(calls: ChatReply["calls"], delta: ChatCompletionChunk.Choice.Delta.ToolCall): ChatReply["calls"] {
  const known = calls.find(({ index }) => index === delta.index);
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

/** `prompt_tokens` includes the cached ones. A server that counts nothing is booked at the upper bound. */
function usageOf({ usage, text, calls }: ChatReply, ask: Ask, price: VendorSettings["price"]): Usage {
  if (usage === undefined) {
    return priced(
      { input: promptTokens(ask), output: textTokens(text + JSON.stringify(calls)), cacheRead: 0, cacheWrite: 0 },
      price,
    );
  }
  const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const cacheWrite = usage.prompt_tokens_details?.cache_write_tokens ?? 0;
  const input = Math.max(0, usage.prompt_tokens - cacheRead - cacheWrite);
  return priced({ input, output: usage.completion_tokens, cacheRead, cacheWrite }, price);
}
