import type { Model } from "../../src/agent/messages.ts";
import { createModel, isModelProblem, type ModelOptions } from "../../src/models/select.ts";
import type { ServerEvent } from "./provider-server.ts";

/** The wire formats that the makers speak, as a server writes them. */
export interface Dialect {
  readonly name: string;
  /** What the user writes. */
  readonly spec: string;
  readonly path: string;
  readonly options: Partial<ModelOptions>;
  /** Base URL of a server at this address. */
  readonly base: (url: string) => string;
  readonly reply: (said: Said) => readonly ServerEvent[];
  /** An error in the middle of a stream. */
  readonly failure: ServerEvent;
}

export interface Said {
  readonly text?: string;
  /** Arguments as they are, in pieces. */
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly pieces: readonly string[] }[];
  readonly cut?: boolean;
}

export const KEY = "sk-test-0123456789abcdefXYZ";

export async function connect(dialect: Dialect, url: string, part: Partial<ModelOptions> = {}): Promise<Model> {
  const made = await createModel(dialect.spec, {
    env: { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY },
    aliases: {},
    prices: { "openai:*": PRICE, "anthropic:*": PRICE, "langchain:*": PRICE },
    baseUrl: dialect.base(url),
    maxRetries: 1,
    ...dialect.options,
    ...part,
  });
  if (isModelProblem(made)) throw new Error(made.problem);
  return made;
}

/** One dollar a token, so that sums can be read. */
export const PRICE = { input: 1_000_000, output: 1_000_000, cacheRead: 1_000_000, cacheWrite: 1_000_000 };

const responses: Dialect = {
  name: "OpenAI Responses",
  spec: "openai:test",
  path: "/v1/responses",
  options: {},
  base: (url) => `${url}/v1`,
  reply: ({ text, calls = [], cut = false }) => {
    const output = [
      { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "opaque" },
      ...(text === undefined
        ? []
        : [
            {
              type: "message",
              id: "msg_1",
              role: "assistant",
              status: "completed",
              content: [{ type: "output_text", text, annotations: [] }],
            },
          ]),
      ...calls.map(({ id, name, pieces }, i) => ({
        type: "function_call",
        id: `fc_${i}`,
        call_id: id,
        name,
        arguments: pieces.join(""),
        status: "completed",
      })),
    ];
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 120,
    };
    const whole = {
      id: "resp_1",
      object: "response",
      model: "test",
      status: cut ? "incomplete" : "completed",
      incomplete_details: cut ? { reason: "max_output_tokens" } : null,
      output,
      usage,
    };
    const event = (type: string, rest: object): ServerEvent => ({ event: type, data: { type, sequence_number: 0, ...rest } });
    return [
      event("response.created", { response: { ...whole, status: "in_progress", output: [], usage: null } }),
      ...output.flatMap((item, output_index) => [
        event("response.output_item.added", { output_index, item }),
        event("response.output_item.done", { output_index, item }),
      ]),
      event(cut ? "response.incomplete" : "response.completed", { response: whole }),
    ];
  },
  failure: {
    event: "error",
    data: { type: "error", code: "server_error", message: "the engine is on fire", param: null, sequence_number: 3 },
  },
};

const chatReply: Dialect["reply"] = ({ text, calls = [], cut = false }) => {
  const chunk = (choices: unknown, usage: unknown = null): ServerEvent => ({
    data: { id: "chatcmpl-1", object: "chat.completion.chunk", created: 0, model: "test", choices, usage },
  });
  const delta = (part: object): ServerEvent => chunk([{ index: 0, delta: part, finish_reason: null }]);
  return [
    delta({ role: "assistant", content: "" }),
    ...(text === undefined ? [] : [...text].map((content) => delta({ content }))),
    ...calls.flatMap(({ id, name, pieces }, index) => [
      delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
      ...pieces.map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
    chunk([{ index: 0, delta: {}, finish_reason: cut ? "length" : calls.length > 0 ? "tool_calls" : "stop" }]),
    chunk([], {
      prompt_tokens: 100,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      completion_tokens: 20,
      total_tokens: 120,
    }),
    { data: "[DONE]" },
  ];
};

const chat: Dialect = {
  name: "OpenAI Chat Completions",
  spec: "openai:test",
  path: "/v1/chat/completions",
  options: { api: "chat" },
  base: (url) => `${url}/v1`,
  reply: chatReply,
  failure: { data: { error: { message: "the engine is on fire", type: "server_error" } } },
};

const anthropic: Dialect = {
  name: "Anthropic Messages",
  spec: "anthropic:test",
  path: "/v1/messages",
  options: {},
  base: (url) => url,
  reply: ({ text, calls = [], cut = false }) => {
    const event = (type: string, rest: object): ServerEvent => ({ event: type, data: { type, ...rest } });
    const blocks = [
      {
        start: { type: "thinking", thinking: "", signature: "" },
        deltas: [
          { type: "thinking_delta", thinking: "Hm." },
          { type: "signature_delta", signature: "signed" },
        ],
      },
      ...(text === undefined
        ? []
        : [{ start: { type: "text", text: "" }, deltas: [...text].map((letter) => ({ type: "text_delta", text: letter })) }]),
      ...calls.map(({ id, name, pieces }) => ({
        start: { type: "tool_use", id, name, input: {} },
        deltas: pieces.map((partial_json) => ({ type: "input_json_delta", partial_json })),
      })),
    ];
    const usage = { input_tokens: 30, cache_read_input_tokens: 60, cache_creation_input_tokens: 10, output_tokens: 1 };
    return [
      event("message_start", {
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "test",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage,
        },
      }),
      { event: "ping", data: { type: "ping" } },
      ...blocks.flatMap(({ start, deltas }, index) => [
        event("content_block_start", { index, content_block: start }),
        ...deltas.map((delta) => event("content_block_delta", { index, delta })),
        event("content_block_stop", { index }),
      ]),
      event("message_delta", {
        delta: { stop_reason: cut ? "max_tokens" : calls.length > 0 ? "tool_use" : "end_turn", stop_sequence: null },
        usage: { output_tokens: 20 },
      }),
      event("message_stop", {}),
    ];
  },
  failure: { event: "error", data: { type: "error", error: { type: "overloaded_error", message: "the engine is on fire" } } },
};

const langchain: Dialect = { ...chat, name: "LangChain (its OpenAI package)", spec: "langchain:openai:test", options: {} };

export const DIALECTS: readonly Dialect[] = [responses, chat, anthropic, langchain];
