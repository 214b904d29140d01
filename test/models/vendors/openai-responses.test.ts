import type { Response } from "openai/resources/responses/responses";
import { describe, expect, it } from "vitest";
import type { Ask, AssistantMessage } from "../../../src/agent/messages.ts";
import { fromResponse, toRequest } from "../../../src/models/vendors/openai-responses.ts";
import { reply } from "../../agent/play.ts";

const SETTINGS = { name: "openai:gpt-5", model: "gpt-5", price: undefined };
const USAGE = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };

const ask = (messages: Ask["messages"]): Ask => ({
  system: "You mend things.",
  messages,
  tools: [{ name: "look", about: "Looks.", parameters: { type: "object", properties: {} } }],
  maxOutputTokens: 1000,
  signal: new AbortController().signal,
});

const output: Response["output"] = [
  { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "opaque" },
  {
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    phase: "commentary",
    content: [{ type: "output_text", text: "I look.", annotations: [] }],
  },
  { type: "function_call", id: "fc_1", call_id: "c1", name: "look", arguments: '{"at":"x"}', status: "completed" },
];

const assistant = (part: Partial<AssistantMessage>): AssistantMessage => ({
  role: "assistant",
  text: "I look.",
  calls: [{ id: "c1", tool: "look", arguments: '{"at":"x"}' }],
  usage: USAGE,
  stop: "tools",
  model: "openai:gpt-5",
  ...part,
});

describe("toRequest", () => {
  it("is stateless and streamed, with tools that are not strict", () => {
    const { input: _, prompt_cache_key: key, ...rest } = toRequest(ask([]), { ...SETTINGS, effort: "high" });
    expect(rest).toEqual({
      model: "gpt-5",
      instructions: "You mend things.",
      tools: [
        { type: "function", name: "look", description: "Looks.", parameters: { type: "object", properties: {} }, strict: false },
      ],
      max_output_tokens: 1000,
      store: false,
      stream: true,
      reasoning: { effort: "high" },
    });
    expect(key).toBe(toRequest(ask([{ role: "user", text: "other" }]), SETTINGS).prompt_cache_key);
  });

  it("sends the vendor's own items back unchanged to the model that made them", () => {
    const result = { role: "tool", callId: "c1", tool: "look", text: "saw x", isError: false, details: { n: 1 } } as const;
    expect(toRequest(ask([{ role: "user", text: "Mend." }, assistant({ raw: output }), result]), SETTINGS).input).toEqual([
      { role: "user", content: "Mend." },
      ...output,
      { type: "function_call_output", call_id: "c1", output: "saw x" },
    ]);
  });

  it("says the same in its own words to any other model", () => {
    expect(toRequest(ask([assistant({ raw: output, model: "openai:gpt-6" })]), SETTINGS).input).toEqual([
      { role: "assistant", content: "I look." },
      { type: "function_call", call_id: "c1", name: "look", arguments: '{"at":"x"}' },
    ]);
    expect(toRequest(ask([assistant({ raw: [{ type: "text" }, "?"] })]), SETTINGS).input).toEqual([
      { role: "assistant", content: "I look." },
      { type: "function_call", call_id: "c1", name: "look", arguments: '{"at":"x"}' },
    ]);
  });

  it.each<[string, unknown[]]>([
    ["an id that nobody stored", [{ type: "reasoning", id: "rs_1", summary: [] }, output[1]]],
    ["reasoning that nothing follows", [output[1], output[0]]],
  ])("leaves out %s, which the API refuses", (_, raw) => {
    expect(toRequest(ask([assistant({ raw })]), SETTINGS).input).toEqual([output[1]]);
  });

  it("shortens ids of other providers that OpenAI refuses, and leaves those of another server", () => {
    const id = "x".repeat(116);
    const conversation = ask([
      reply({ calls: [{ id, tool: "look", arguments: "{}" }] }),
      { role: "tool", callId: id, tool: "look", text: "saw", isError: false },
    ]);
    const ids = (baseUrl: object): readonly unknown[] =>
      [toRequest(conversation, { ...SETTINGS, ...baseUrl }).input].flat().map((item) => Object(item).call_id);
    const [asked, answered] = ids({});
    expect([String(asked).length <= 64, answered]).toEqual([true, asked]);
    expect(ids({ baseUrl: "http://127.0.0.1/v1" })).toEqual([id, id]);
  });

  it("keeps plain reasoning that a compatible server gave", () => {
    const plain = { type: "reasoning", id: "rs_1", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] };
    expect(toRequest(ask([assistant({ raw: [plain, output[1]] })]), SETTINGS).input).toEqual([plain, output[1]]);
  });
});

describe("fromResponse", () => {
  /** As the API sends it; the fields that are read, and some that are not. */
  const response = (part: object): Response =>
    ({
      id: "resp_1",
      object: "response",
      status: "completed",
      incomplete_details: null,
      error: null,
      output,
      ...part,
    }) as Response;

  it("takes text, calls and the parts of usage", () => {
    const usage = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 5 },
      total_tokens: 120,
    };
    expect(fromResponse(response({ usage }), ask([]), SETTINGS)).toEqual({
      role: "assistant",
      text: "I look.",
      calls: [{ id: "c1", tool: "look", arguments: '{"at":"x"}' }],
      usage: { input: 10, output: 20, cacheRead: 60, cacheWrite: 30 },
      stop: "tools",
      model: "openai:gpt-5",
      raw: output,
    });
  });

  it("copes with a compatible server that counts without details, or not at all", () => {
    expect(fromResponse(response({ usage: { input_tokens: 7, output_tokens: 3 } }), ask([]), SETTINGS).usage).toEqual({
      input: 7,
      output: 3,
      cacheRead: 0,
      cacheWrite: 0,
    });
    const guessed = fromResponse(response({ usage: null }), ask([]), SETTINGS).usage;
    expect(fromResponse(response({ usage: { input_tokens: 1.5, output_tokens: null } }), ask([]), SETTINGS).usage).toEqual(
      guessed,
    );
    expect(guessed.input).toBeGreaterThan(20);
    expect(guessed.output).toBeGreaterThan(50);
  });

  it("tells why a reply ended early", () => {
    const cut = response({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
    expect(fromResponse(cut, ask([]), SETTINGS).stop).toBe("length");
    const filtered = response({ status: "incomplete", incomplete_details: { reason: "content_filter" } });
    expect(() => fromResponse(filtered, ask([]), SETTINGS)).toThrow("content filter");
    const failed = response({ status: "failed", error: { code: "server_error", message: "out of memory" } });
    expect(() => fromResponse(failed, ask([]), SETTINGS)).toThrow("the reply failed (out of memory)");
  });

  it("shows a refusal as what the model said", () => {
    const refused = [
      {
        type: "message",
        id: "m",
        role: "assistant",
        status: "completed",
        content: [{ type: "refusal", refusal: "I will not." }],
      },
    ];
    expect(fromResponse(response({ output: refused }), ask([]), SETTINGS)).toMatchObject({ text: "I will not.", stop: "end" });
  });

  it("names a call anew whose id the conversation has already, and keeps nothing raw that would not fit", () => {
    const reply = fromResponse(response({}), ask([assistant({})]), SETTINGS);
    expect(reply.calls[0]?.id).toMatch(/^call_[0-9a-f]{24}$/u);
    expect(reply.raw).toBeUndefined();
  });
});
