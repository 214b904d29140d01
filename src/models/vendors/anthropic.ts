import type Anthropic from "@anthropic-ai/sdk";
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { z } from "zod";
import type { Ask, AssistantMessage, Message, Model, Usage } from "../../agent/messages.ts";
import { type CollectedReply, fromReply, NOTHING_YET, withEvent } from "./anthropic-reply.ts";
import { argumentsObject, bound, isBlank, request, sentName, type VendorSettings } from "./vendor.ts";

/** Anthropic's Messages API, always streamed: the SDK refuses long requests that are not, and proxies cut idle connections. */
export class AnthropicMessages implements Model {
  readonly name: string;
  readonly #client: Anthropic;
  readonly #settings: VendorSettings;

  private constructor(client: Anthropic, settings: VendorSettings) {
    this.name = settings.name;
    this.#client = client;
    this.#settings = settings;
  }

  /** Loads the official client when it is first needed; nothing is logged, no other key of the environment is read. */
  static async create(settings: VendorSettings): Promise<AnthropicMessages> {
    const { default: Client } = await import("@anthropic-ai/sdk");
    const client = new Client({
      apiKey: settings.key,
      authToken: null,
      baseURL: settings.baseUrl ?? "https://api.anthropic.com",
      maxRetries: settings.maxRetries,
      timeout: settings.timeouts.response,
      logLevel: "off",
    });
    return new AnthropicMessages(client, settings);
  }

  worstCase(ask: Ask): Usage {
    return bound(ask, this.#settings);
  }

  complete(ask: Ask): Promise<AssistantMessage> {
    return request(ask, this.#settings, async (signal, alive) => {
      const events: AsyncIterable<RawMessageStreamEvent> = await this.#client.messages.create(toRequest(ask, this.#settings), {
        signal,
      });
      alive();
      let reply: CollectedReply = NOTHING_YET;
      for await (const event of events) {
        alive();
        reply = withEvent(reply, event);
      }
      return fromReply(reply, ask, this.#settings);
    });
  }
}

const CACHED = { type: "ephemeral" } as const;

/**
 * Four breakpoints, the most there may be: after the tools, after the system text, and after each of the last two user turns, so that
 * every request reads the prefix that the one before has written and writes its own.
 */
export function toRequest(ask: Ask, settings: Pick<VendorSettings, "name" | "model" | "effort">): MessageCreateParamsStreaming {
  const lastTool = ask.tools.length - 1;
  return {
    model: settings.model,
    max_tokens: ask.maxOutputTokens,
    system: [{ type: "text", text: ask.system, cache_control: CACHED }],
    tools: ask.tools.map(({ name, about, parameters }, at) => ({
      name,
      description: about,
      input_schema: { ...parameters, type: "object" as const },
      ...(at === lastTool && { cache_control: CACHED }),
    })),
    messages: withBreakpoints(merged(ask.messages.map((message) => toTurn(message, settings.name)))),
    stream: true,
    ...(settings.effort && { output_config: { effort: settings.effort } }),
  };
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: readonly ContentBlockParam[];
}

function toTurn(message: Message, name: string): Turn {
  switch (message.role) {
    case "user":
      return { role: "user", content: [{ type: "text", text: message.text }] };
    case "tool":
      return {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: toolId(message.callId),
            content: isBlank(message.text) ? "(no output)" : message.text,
            ...(message.isError && { is_error: true }),
          },
        ],
      };
    case "assistant":
      return {
        role: "assistant",
        content: message.model === name && isContent(message.raw) ? whole(message.raw) : rebuilt(message),
      };
  }
}

/** The vendor's own blocks (signed thinking above all) are opaque to us: what has their shape is sent back unchanged. */
const isContent = (raw: unknown): raw is ContentBlockParam[] =>
  z.array(z.looseObject({ type: z.string() })).safeParse(raw).success;

/** A reply that was cut while the model thought: thinking without its signature, or at the end of a turn, is refused, and so is text of blanks alone. */
function whole(content: readonly ContentBlockParam[]): readonly ContentBlockParam[] {
  const signed = content.filter((block) =>
    block.type === "text" ? !isBlank(block.text) : block.type !== "thinking" || block.signature !== "",
  );
  const last = signed.findLastIndex((block) => block.type !== "thinking" && block.type !== "redacted_thinking");
  return signed.slice(0, last + 1);
}

const rebuilt = (message: AssistantMessage): readonly ContentBlockParam[] => [
  ...(isBlank(message.text) ? [] : [{ type: "text" as const, text: message.text }]),
  ...message.calls.map((call) => ({
    type: "tool_use" as const,
    id: toolId(call.id),
    name: sentName(call.tool),
    input: argumentsObject(call.arguments),
  })),
];

/** Ids of other providers may hold characters that are refused here. */
const toolId = (id: string): string => id.replaceAll(/[^a-zA-Z0-9_-]/gu, "_");

/** Roles must alternate, and all results of one reply stand in one turn; a reply that held nothing is left out. */
function merged(turns: readonly Turn[]): readonly Turn[] {
  const done: { role: Turn["role"]; content: ContentBlockParam[] }[] = [];
  for (const { role, content } of turns) {
    const last = done.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) last.content.push(...content);
    else done.push({ role, content: [...content] });
  }
  return done;
}

function withBreakpoints(turns: readonly Turn[]): MessageParam[] {
  const marked = new Set(turns.flatMap(({ role }, at) => (role === "user" ? [at] : [])).slice(-2));
  return turns.map(({ role, content }, at) => ({
    role,
    content: marked.has(at) ? [...content.slice(0, -1), ...content.slice(-1).map(cached)] : [...content],
  }));
}

function cached(block: ContentBlockParam): ContentBlockParam {
  return block.type === "text" || block.type === "tool_result" ? { ...block, cache_control: CACHED } : block;
}
