import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages/messages";
import { describe, expect, it } from "vitest";
import type { Ask, AssistantMessage, Message } from "../../../src/agent/messages.ts";
import { toRequest } from "../../../src/models/vendors/anthropic.ts";
import { fromReply, NOTHING_YET, withEvent } from "../../../src/models/vendors/anthropic-reply.ts";
import { reply } from "../../agent/play.ts";

const SETTINGS = { name: "anthropic:claude", model: "claude", price: undefined };
const CACHED = { type: "ephemeral" };

const ask = (messages: Ask["messages"]): Ask => ({
  system: "You mend things.",
  messages,
  tools: [
    { name: "look", about: "Looks.", parameters: { type: "object", properties: {} } },
    { name: "write", about: "Writes.", parameters: { type: "object", properties: {} } },
  ],
  maxOutputTokens: 1000,
  signal: new AbortController().signal,
});

const raw = [
  { type: "thinking", thinking: "Hm.", signature: "signed" },
  { type: "text", text: "I look.", citations: null },
  { type: "tool_use", id: "c1", name: "look", input: { at: "x" }, caller: { type: "direct" } },
];
const own = (part: Partial<AssistantMessage> = {}): AssistantMessage =>
  reply({ text: "I look.", calls: [{ id: "c1", tool: "look", arguments: '{"at":"x"}' }], model: SETTINGS.name, raw, ...part });
const result = (callId: string, part: object = {}): Message => ({
  role: "tool",
  callId,
  tool: "look",
  text: `saw ${callId}`,
  isError: false,
  ...part,
});

const breakpoints = (value: unknown): number => JSON.stringify(value).split('"cache_control"').length - 1;

describe("toRequest", () => {
  it("marks the end of tools, of the system text and of the last two user turns for the cache", () => {
    const request = toRequest(
      ask([
        { role: "user", text: "Mend." },
        own(),
        result("c1"),
        own({ raw: undefined }),
        result("c1", { text: "", isError: true }),
      ]),
      { ...SETTINGS, effort: "max" },
    );
    expect(request).toEqual({
      model: "claude",
      max_tokens: 1000,
      stream: true,
      output_config: { effort: "max" },
      system: [{ type: "text", text: "You mend things.", cache_control: CACHED }],
      tools: [
        { name: "look", description: "Looks.", input_schema: { type: "object", properties: {} } },
        { name: "write", description: "Writes.", input_schema: { type: "object", properties: {} }, cache_control: CACHED },
      ],
      messages: [
        { role: "user", content: [{ type: "text", text: "Mend." }] },
        { role: "assistant", content: raw },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "saw c1", cache_control: CACHED }] },
        {
          role: "assistant",
          content: [
            { type: "text", text: "I look." },
            { type: "tool_use", id: "c1", name: "look", input: { at: "x" } },
          ],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "c1", content: "(no output)", is_error: true, cache_control: CACHED }],
        },
      ],
    });
    expect(breakpoints(request)).toBe(4);
  });

  it("puts all results of one reply and what the host adds into one user turn", () => {
    const two = own({ raw: undefined, text: "", calls: ["c1", "c2"].map((id) => ({ id, tool: "look", arguments: "{}" })) });
    const { messages } = toRequest(
      ask([{ role: "user", text: "Mend." }, two, result("c1"), result("c2"), { role: "user", text: "AC-1 fails." }]),
      SETTINGS,
    );
    expect(
      messages.map(({ role, content }) => [role, Array.isArray(content) ? content.map(({ type }) => type) : content]),
    ).toEqual([
      ["user", ["text"]],
      ["assistant", ["tool_use", "tool_use"]],
      ["user", ["tool_result", "tool_result", "text"]],
    ]);
  });

  it("leaves an empty reply out, and the turns still alternate", () => {
    const { messages } = toRequest(
      ask([{ role: "user", text: "Mend." }, own({ text: "", calls: [], raw: [] }), { role: "user", text: "Go on." }]),
      SETTINGS,
    );
    expect(messages.map(({ role }) => role)).toEqual(["user"]);
  });

  it("gives another model's reply in its own words, without its raw form, with ids that are allowed here", () => {
    const foreign = own({
      model: "openai:gpt-5",
      raw: [{ type: "reasoning" }],
      calls: [{ id: "functions.look:0", tool: "look", arguments: '{"at": x' }],
    });
    const { messages } = toRequest(ask([foreign, result("functions.look:0")]), SETTINGS);
    expect(messages[0]?.content).toEqual([
      { type: "text", text: "I look." },
      { type: "tool_use", id: "functions_look_0", name: "look", input: { "not-json": '{"at": x' } },
    ]);
    expect(messages[1]?.content).toMatchObject([{ tool_use_id: "functions_look_0" }]);
  });

  it("sends no text of blanks alone, which the API refuses, and only names that it takes", () => {
    const blank = { type: "text", text: "\n\n", citations: null };
    const foreign = own({ model: "openai:gpt-5", text: " \n", calls: [{ id: "c1", tool: "functions.look", arguments: "{}" }] });
    const { messages } = toRequest(
      ask([own({ raw: [blank, ...raw] }), result("c1", { text: "\n" }), foreign, result("c1")]),
      SETTINGS,
    );
    expect(messages).toMatchObject([
      { content: raw },
      { content: [{ content: "(no output)" }] },
      { content: [{ type: "tool_use", name: "functions_look" }] },
      {},
    ]);
    expect(messages[2]?.content).toHaveLength(1);
  });

  it.each<[string, object[]]>([
    ["thinking that was cut before its signature", [{ type: "thinking", thinking: "Hm", signature: "" }, raw[1] ?? {}]],
    ["thinking at the end of a reply", [raw[1] ?? {}, { type: "thinking", thinking: "Hm", signature: "signed" }]],
  ])("leaves out %s, which the API refuses", (_, blocks) => {
    expect(toRequest(ask([own({ raw: blocks })]), SETTINGS).messages).toEqual([{ role: "assistant", content: [raw[1]] }]);
  });
});

describe("a reply from its events", () => {
  /** The fields that are read, as the API sends them. */
  const event = (part: object): RawMessageStreamEvent => part as RawMessageStreamEvent;
  const start = event({
    type: "message_start",
    message: { usage: { input_tokens: 30, cache_read_input_tokens: 60, cache_creation_input_tokens: 10, output_tokens: 1 } },
  });
  const end = (stop_reason: string, more: object = {}): RawMessageStreamEvent =>
    event({ type: "message_delta", delta: { stop_reason, ...more }, usage: { output_tokens: 20 } });

  it("keeps thinking and signature whole, and arguments as they were sent", () => {
    const events = [
      start,
      event({ type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } }),
      event({ type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "H" } }),
      event({ type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "m." } }),
      event({ type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "signed" } }),
      event({ type: "content_block_start", index: 1, content_block: { type: "text", text: "" } }),
      event({ type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "\n\n" } }),
      event({ type: "content_block_start", index: 2, content_block: { type: "tool_use", id: "c1", name: "look", input: {} } }),
      event({ type: "content_block_start", index: 3, content_block: { type: "tool_use", id: "c2", name: "look", input: {} } }),
      event({ type: "content_block_delta", index: 3, delta: { type: "input_json_delta", partial_json: '{"at": "a' } }),
      event({ type: "content_block_delta", index: 3, delta: { type: "input_json_delta", partial_json: '"b"}' } }),
      end("tool_use"),
      event({ type: "message_stop" }),
    ];
    expect(fromReply(events.reduce(withEvent, NOTHING_YET), ask([]), SETTINGS)).toEqual({
      role: "assistant",
      text: "\n\n",
      calls: [
        { id: "c1", tool: "look", arguments: "{}" },
        { id: "c2", tool: "look", arguments: '{"at": "a"b"}' },
      ],
      usage: { input: 30, output: 20, cacheRead: 60, cacheWrite: 10 },
      stop: "tools",
      model: "anthropic:claude",
      raw: [
        { type: "thinking", thinking: "Hm.", signature: "signed" },
        { type: "tool_use", id: "c1", name: "look", input: {} },
        { type: "tool_use", id: "c2", name: "look", input: { "not-json": '{"at": "a"b"}' } },
      ],
    });
  });

  it.each([
    ["end_turn", "end"],
    ["stop_sequence", "end"],
    ["pause_turn", "end"],
    ["max_tokens", "length"],
  ])("%s is %s", (reason, stop) => {
    expect(fromReply([start, end(reason)].reduce(withEvent, NOTHING_YET), ask([]), SETTINGS).stop).toBe(stop);
  });

  it.each([
    ["refusal", { stop_details: { type: "refusal", category: "cyber", explanation: "not that" } }, "refusal (not that)"],
    ["model_context_window_exceeded", {}, "context window"],
  ])("%s is no usable reply", (reason, more, words) => {
    expect(() => fromReply([start, end(reason, more)].reduce(withEvent, NOTHING_YET), ask([]), SETTINGS)).toThrow(words);
  });
});
