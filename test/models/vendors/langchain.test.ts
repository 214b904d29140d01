import { describe, expect, it } from "vitest";
import type { Ask } from "../../../src/agent/messages.ts";
import { PROVIDERS } from "../../../src/models/providers.ts";
import {
  type ChatReply,
  constructorOptions,
  fromReply,
  LangChainModel,
  toRequest,
} from "../../../src/models/vendors/langchain.ts";
import { reply } from "../../agent/play.ts";

const ask = (messages: Ask["messages"]): Ask => ({
  system: "You mend things.",
  messages,
  tools: [{ name: "look", about: "Looks.", parameters: { type: "object" } }],
  maxOutputTokens: 1000,
  signal: new AbortController().signal,
});
const SETTINGS = { name: "google-genai:gemini", price: undefined };
const said = (part: Partial<ChatReply>): ChatReply => ({
  content: "",
  additional_kwargs: {},
  response_metadata: { finishReason: "STOP" },
  tool_calls: [],
  invalid_tool_calls: [],
  tool_call_chunks: [],
  ...part,
});

describe("the table of providers", () => {
  it("knows the same providers and packages as LangChain itself, but for its own gateway", async () => {
    const { MODEL_PROVIDER_CONFIG } = await import("langchain/chat_models/universal");
    const { langsmith: _, ...theirs } = MODEL_PROVIDER_CONFIG;
    const packages = Object.fromEntries(Object.entries(theirs).map(([name, config]) => [name, config.package]));
    expect(Object.fromEntries(Object.entries(PROVIDERS).map(([name, provider]) => [name, provider.package]))).toEqual(packages);
  });
});

describe("toRequest", () => {
  it("is messages and tools in forms that every provider class takes, with what the provider needs back", () => {
    const raw = { content: [{ type: "text", text: "I look.", thoughtSignature: "s" }], additional_kwargs: { signature: "t" } };
    const own = reply({
      text: "I look.",
      calls: [{ id: "c1", tool: "look", arguments: '{"at":"x"}' }],
      model: SETTINGS.name,
      raw,
    });
    const messages: Ask["messages"] = [
      { role: "user", text: "Mend." },
      own,
      { role: "tool", callId: "c1", tool: "look", text: "saw", isError: true },
      { ...own, model: "openai:gpt-5" },
    ];
    const calls = [{ id: "c1", name: "look", args: { at: "x" }, type: "tool_call" }];
    expect(toRequest(ask(messages), SETTINGS)).toEqual({
      messages: [
        { role: "system", content: "You mend things." },
        { role: "human", content: "Mend." },
        { role: "ai", content: raw.content, additional_kwargs: raw.additional_kwargs, tool_calls: calls },
        { role: "tool", content: "saw", tool_call_id: "c1", name: "look", status: "error" },
        { role: "ai", content: "I look.", additional_kwargs: {}, tool_calls: calls },
      ],
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: { type: "object" } } }],
    });
  });
});

describe("fromReply", () => {
  it("takes parsed calls and those that did not parse", () => {
    const content = [
      { type: "text", text: "I look." },
      { type: "functionCall", functionCall: {} },
    ];
    expect(
      fromReply(
        said({
          content,
          tool_calls: [{ id: "c1", name: "look", args: { at: "x" } }],
          invalid_tool_calls: [{ id: "c2", name: "look", args: '{"at": x}' }],
          usage_metadata: { input_tokens: 10, output_tokens: 5, input_token_details: { cache_read: 4 } },
        }),
        ask([]),
        SETTINGS,
      ),
    ).toEqual({
      role: "assistant",
      text: "I look.",
      calls: [
        { id: "c1", tool: "look", arguments: '{"at":"x"}' },
        { id: "c2", tool: "look", arguments: '{"at": x}' },
      ],
      usage: { input: 6, output: 5, cacheRead: 4, cacheWrite: 0 },
      stop: "tools",
      model: SETTINGS.name,
      raw: { content: [{ type: "text", text: "I look." }], additional_kwargs: {} },
    });
  });

  it.each([
    [{ finish_reason: "length" }, "length"],
    [{ finishReason: "MAX_TOKENS" }, "length"],
    [{ stop_reason: "max_tokens" }, "length"],
    [{ done_reason: "length" }, "length"],
    [{ finish_reason: "stop" }, "end"],
  ])("%j is %s", (response_metadata, stop) => {
    expect(fromReply(said({ response_metadata }), ask([]), SETTINGS).stop).toBe(stop);
  });

  it("is no usable reply behind a safety filter, nor without any end", () => {
    expect(() => fromReply(said({ response_metadata: { finishReason: "SAFETY" } }), ask([]), SETTINGS)).toThrow("SAFETY");
    expect(() => fromReply(said({ response_metadata: {} }), ask([]), SETTINGS)).toThrow("ended before the reply did");
  });

  it.each([
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "model_context_window_exceeded",
    "model_length",
    "MALFORMED_FUNCTION_CALL",
  ])("is no usable reply after %s", (finishReason) => {
    expect(() => fromReply(said({ response_metadata: { finishReason } }), ask([]), SETTINGS)).toThrow(finishReason);
  });

  it("names calls without ids, and the same id given twice", () => {
    const calls = [
      { id: null, name: "look", args: {} },
      { id: "x", name: "look", args: {} },
      { id: "x", name: "look", args: {} },
    ];
    const ids = fromReply(said({ tool_calls: calls }), ask([]), SETTINGS).calls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain("");
  });
});

describe("the provider's package", () => {
  const settings = {
    ...SETTINGS,
    model: "gemini",
    key: "k",
    secrets: [],
    maxRetries: 3,
    timeouts: { response: 1, silence: 1, total: 1 },
    maxOutputTokens: 7,
  };

  it.each([
    ["openai", { modelProvider: "openai", maxRetries: 3, maxTokens: 7, apiKey: "k", configuration: { baseURL: "http://x" } }],
    ["google-genai", { modelProvider: "google-genai", maxRetries: 3, maxOutputTokens: 7, apiKey: "k", baseUrl: "http://x" }],
    ["cohere", { modelProvider: "cohere", maxRetries: 3, maxTokens: 7, apiKey: "k" }],
  ])("%s is set up in its own words", (providerName, expected) => {
    const provider = PROVIDERS[providerName];
    if (provider === undefined) throw new Error(providerName);
    expect(constructorOptions({ ...settings, providerName, provider, baseUrl: "http://x" })).toEqual(expected);
  });

  it("is asked for by name when it is missing", async () => {
    const provider = PROVIDERS.cohere;
    if (provider === undefined) throw new Error("cohere");
    await expect(
      LangChainModel.create({ ...settings, name: "cohere:command", providerName: "cohere", provider }),
    ).rejects.toThrow(
      "cohere:command needs the package @langchain/cohere: npm install @langchain/cohere (with -g where crq-agent was installed with -g)",
    );
  });
});
