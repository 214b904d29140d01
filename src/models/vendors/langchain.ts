import type { AIMessageChunk, MessageFieldWithRole } from "@langchain/core/messages";
import type { ConfigurableModel } from "langchain/chat_models/universal";
import { z } from "zod";
import type { Ask, AssistantMessage, Message, Model, Stop, ToolCall, Usage } from "../../agent/messages.ts";
import { UnusableReply } from "../attempt.ts";
import { priced, promptTokens, textTokens } from "../prices.ts";
import type { Provider } from "../providers.ts";
import { argumentsObject, bound, counted, distinctCalls, request, sentName, type VendorSettings } from "./vendor.ts";

export interface LangChainSettings extends VendorSettings {
  /** Key of PROVIDERS. */
  readonly providerName: string;
  readonly provider: Provider;
  /** LangChain takes it when the model is made. */
  readonly maxOutputTokens: number;
}

/** The provider's npm package is not installed. */
export class MissingPackage extends Error {
  override readonly name = "MissingPackage";
}

/** Any provider that LangChain knows, through `initChatModel`. */
export class LangChainModel implements Model {
  readonly name: string;
  readonly #model: ConfigurableModel;
  readonly #settings: LangChainSettings;

  private constructor(model: ConfigurableModel, settings: LangChainSettings) {
    this.name = settings.name;
    this.#model = model;
    this.#settings = settings;
  }

  /** @throws MissingPackage with the command that installs it */
  static async create(settings: LangChainSettings): Promise<LangChainModel> {
    const { initChatModel } = await import("langchain/chat_models/universal");
    try {
      return new LangChainModel(await initChatModel(settings.model, constructorOptions(settings)), settings);
    } catch (error) {
      if (!(error instanceof Error && /unable to import|cannot find (?:package|module)/iu.test(error.message))) throw error;
      const { provider } = settings;
      throw new MissingPackage(
        `${settings.name} needs the package ${provider.package}: npm install ${provider.package} (with -g where crq-agent was installed with -g)`,
      );
    }
  }

  worstCase(ask: Ask): Usage {
    return bound(ask, this.#settings);
  }

  complete(ask: Ask): Promise<AssistantMessage> {
    const { timeouts, maxRetries } = this.#settings;
    const send = async (signal: AbortSignal, alive: () => void): Promise<AssistantMessage> => {
      const asked = toRequest(ask, this.#settings);
      const stream = await this.#model.bindTools(asked.tools).stream(asked.messages, { signal });
      let reply: AIMessageChunk | undefined;
      for await (const chunk of stream) {
        alive();
        reply = reply === undefined ? chunk : reply.concat(chunk);
      }
      if (reply === undefined) throw new Error("the stream ended before the reply did");
      return fromReply(chatReply.parse(reply), ask, this.#settings);
    };
    return request(ask, this.#settings, send, timeouts.response * (maxRetries + 1));
  }
}

/** What `initChatModel` hands to the provider's class; classes ignore what they do not know. */
export function constructorOptions(settings: LangChainSettings): Record<string, unknown> {
  const { provider, baseUrl } = settings;
  const moved =
    provider.baseUrlOption === "configuration"
      ? { configuration: { baseURL: baseUrl } }
      : { [provider.baseUrlOption ?? ""]: baseUrl };
  return {
    modelProvider: settings.providerName,
    maxRetries: settings.maxRetries,
    [provider.maxTokensOption ?? "maxTokens"]: settings.maxOutputTokens,
    ...(settings.key !== "" && { apiKey: settings.key }),
    ...(baseUrl !== undefined && provider.baseUrlOption !== undefined && moved),
  };
}

/** Messages as LangChain coerces them, tools in the form of OpenAI, which every provider class takes. */
export interface LangChainRequest {
  readonly messages: MessageFieldWithRole[];
  readonly tools: Record<string, unknown>[];
}

export function toRequest(ask: Ask, settings: Pick<VendorSettings, "name">): LangChainRequest {
  return {
    messages: [{ role: "system", content: ask.system }, ...ask.messages.flatMap((message) => toMessage(message, settings.name))],
    tools: ask.tools.map(({ name, about, parameters }) => ({
      type: "function",
      function: { name, description: about, parameters },
    })),
  };
}

function toMessage(message: Message, name: string): LangChainRequest["messages"] {
  switch (message.role) {
    case "user":
      return [{ role: "human", content: message.text }];
    case "tool":
      return [
        {
          role: "tool",
          content: message.text,
          tool_call_id: message.callId,
          name: message.tool,
          status: message.isError ? "error" : "success",
        },
      ];
    case "assistant": {
      if (message.text === "" && message.calls.length === 0) return [];
      const own = message.model === name ? rawParts.safeParse(message.raw).data : undefined;
      const calls = message.calls.map((call) => ({
        id: call.id,
        name: sentName(call.tool),
        args: argumentsObject(call.arguments),
        type: "tool_call",
      }));
      return [
        {
          role: "ai",
          content: own?.content ?? message.text,
          additional_kwargs: own?.additional_kwargs ?? {},
          tool_calls: calls,
        },
      ];
    }
  }
}

const content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]);
const kwargs = z.record(z.string(), z.unknown());

/** What a provider needs back (thought signatures, reasoning) stands in the content's blocks and in additional_kwargs. */
const rawParts = z.object({ content, additional_kwargs: kwargs });

const chatReply = z.object({
  content,
  additional_kwargs: kwargs.default({}),
  response_metadata: kwargs.default({}),
  tool_calls: z.array(z.object({ id: z.string().nullish(), name: z.string(), args: kwargs })).default([]),
  invalid_tool_calls: z
    .array(z.object({ id: z.string().nullish(), name: z.string().nullish(), args: z.string().nullish() }))
    .default([]),
  tool_call_chunks: z
    .array(
      z.object({
        id: z.string().nullish(),
        name: z.string().nullish(),
        args: z.string().nullish(),
        index: z.unknown().optional(),
      }),
    )
    .default([]),
  usage_metadata: z
    .object({
      input_tokens: z.unknown().optional(),
      output_tokens: z.unknown().optional(),
      input_token_details: z.object({ cache_read: z.unknown().optional(), cache_creation: z.unknown().optional() }).nullish(),
    })
    .nullish(),
});
export type ChatReply = z.infer<typeof chatReply>;

export function fromReply(reply: ChatReply, ask: Ask, settings: Pick<VendorSettings, "name" | "price">): AssistantMessage {
  const calls = distinctCalls(callsOf(reply), ask);
  const reason = reasonOf(reply.response_metadata);
  // The last piece of a stream brings one of the two; LangChain itself does not mind a stream that ends early.
  if (reason === undefined && (reply.usage_metadata ?? undefined) === undefined)
    throw new Error("the stream ended before the reply did");
  return {
    role: "assistant",
    text: textOf(reply.content),
    calls,
    usage: usageOf(reply, ask, settings.price),
    stop: stopOf(reason, calls.length > 0),
    model: settings.name,
    raw: { content: withoutCalls(reply.content), additional_kwargs: withoutKey(reply.additional_kwargs, "tool_calls") },
  };
}

/** Streamed pieces hold the arguments as the provider sent them; without them, what LangChain parsed and what it could not. */
function callsOf(reply: ChatReply): readonly ToolCall[] {
  const pieces = reply.tool_call_chunks.filter(({ name }) => (name ?? "") !== "");
  if (pieces.length > 0) return pieces.map(({ id, name, args }) => ({ id: id ?? "", tool: name ?? "", arguments: args ?? "" }));
  return [
    ...reply.tool_calls.map(({ id, name, args }) => ({ id: id ?? "", tool: name, arguments: JSON.stringify(args) })),
    ...reply.invalid_tool_calls.map(({ id, name, args }) => ({ id: id ?? "", tool: name ?? "", arguments: args ?? "" })),
  ];
}

const textOf = (parts: ChatReply["content"]): string =>
  typeof parts === "string"
    ? parts
    : parts.flatMap((part) => (part.type === "text" && typeof part.text === "string" ? [part.text] : [])).join("");

/** Calls travel as `tool_calls`; their copies in the content hold half-parsed input. */
const withoutCalls = (parts: ChatReply["content"]): ChatReply["content"] =>
  typeof parts === "string"
    ? parts
    : parts.filter(({ type }) => type !== "tool_use" && type !== "input_json_delta" && type !== "functionCall");

const withoutKey = (record: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

/** Each provider has its own name and words for it. */
const reasonOf = (metadata: Readonly<Record<string, unknown>>): string | undefined =>
  ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"]
    .map((key) => metadata[key])
    .find((value) => typeof value === "string");

function stopOf(reason: string | undefined, called: boolean): Stop {
  if (/context_window|model_length/iu.test(reason ?? ""))
    throw new UnusableReply(
      `the conversation no longer fits into the model's context window (${reason}); another model may have a larger one`,
    );
  if (/length|max_?tokens/iu.test(reason ?? "")) return "length";
  // Gemini: the model's call did not come through at all.
  if (/malformed_function_call/iu.test(reason ?? ""))
    throw new UnusableReply(
      `the provider could not read the model's call (${reason}); resume to ask again, or take another model`,
    );
  if (/content_?filter|safety|refusal|guardrail|prohibited|blocklist|spii/iu.test(reason ?? "")) {
    throw new UnusableReply(`the provider stopped the reply (${reason}); another model may answer`);
  }
  return called ? "tools" : "end";
}

/** `input_tokens` includes the cached ones. A provider that counts nothing, or in what is no count, is booked at the upper bound. */
function usageOf(
  { usage_metadata: usage, content: parts, tool_calls: calls }: ChatReply,
  ask: Ask,
  price: VendorSettings["price"],
): Usage {
  const [prompt, output] = [counted(usage?.input_tokens), counted(usage?.output_tokens)];
  if (prompt === undefined || output === undefined) {
    return priced(
      { input: promptTokens(ask), output: textTokens(JSON.stringify([parts, calls])), cacheRead: 0, cacheWrite: 0 },
      price,
    );
  }
  const cacheRead = counted(usage?.input_token_details?.cache_read) ?? 0;
  const cacheWrite = counted(usage?.input_token_details?.cache_creation) ?? 0;
  const input = Math.max(0, prompt - cacheRead - cacheWrite);
  return priced({ input, output, cacheRead, cacheWrite }, price);
}
