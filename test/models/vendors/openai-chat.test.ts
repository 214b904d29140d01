import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import type { Ask } from "../../../src/agent/messages.ts";
import { fromReply, NOTHING_YET, toRequest, withChunk } from "../../../src/models/vendors/openai-chat.ts";
import { reply } from "../../agent/play.ts";

const ask = (messages: Ask["messages"], tools: Ask["tools"] = []): Ask => ({
  system: "You mend things.",
  messages,
  tools,
  maxOutputTokens: 1000,
  signal: new AbortController().signal,
});

describe("toRequest", () => {
  it("is one conversation with the system text first, in the words of OpenAI's own endpoint", () => {
    const messages: Ask["messages"] = [
      { role: "user", text: "Mend." },
      reply({ text: "I look.", calls: [{ id: "c1", tool: "look", arguments: '{"at": "x"}' }] }),
      { role: "tool", callId: "c1", tool: "look", text: "saw x", isError: true },
      reply({ text: "" }),
      reply({ text: "Done." }),
    ];
    expect(
      toRequest(ask(messages, [{ name: "look", about: "Looks.", parameters: { type: "object" } }]), {
        model: "m",
        effort: "low",
      }),
    ).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "You mend things." },
        { role: "user", content: "Mend." },
        {
          role: "assistant",
          content: "I look.",
          tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at":"x"}' } }],
        },
        { role: "tool", tool_call_id: "c1", content: "saw x" },
        { role: "assistant", content: "Done." },
      ],
      tools: [{ type: "function", function: { name: "look", description: "Looks.", parameters: { type: "object" } } }],
      max_completion_tokens: 1000,
      stream: true,
      stream_options: { include_usage: true },
      reasoning_effort: "low",
    });
  });

  it("limits the output in the old words for another server, and offers no empty list of tools", () => {
    const request = toRequest(ask([]), { model: "m", baseUrl: "http://127.0.0.1:11434/v1" });
    expect(request).toMatchObject({ max_tokens: 1000 });
    expect(Object.keys(request)).not.toEqual(expect.arrayContaining(["tools"]));
  });

  it("sends back a tool's name only in the form that every provider takes", () => {
    const odd = reply({
      calls: ["functions.look", "", "sieh nach", "x".repeat(80)].map((tool, at) => ({ id: `c${at}`, tool, arguments: "{}" })),
    });
    expect(JSON.stringify(toRequest(ask([odd]), { model: "m" }).messages[1]).match(/"name":"[^"]*"/gu)).toEqual([
      '"name":"functions_look"',
      '"name":"unnamed"',
      '"name":"sieh_nach"',
      `"name":"${"x".repeat(64)}"`,
    ]);
  });

  it("shortens ids of other providers that OpenAI refuses, in the call as in its result", () => {
    const id = "chatcmpl-tool-0123456789abcdef0123456789abcdef";
    const conversation = ask([
      reply({ calls: [{ id, tool: "look", arguments: "{}" }] }),
      { role: "tool", callId: id, tool: "look", text: "saw", isError: false },
    ]);
    const [, asked, answered] = toRequest(conversation, { model: "m" }).messages;
    const sent = answered?.role === "tool" ? answered.tool_call_id : "";
    expect([sent.length <= 40, asked]).toMatchObject([true, { tool_calls: [{ id: sent }] }]);
  });

  it("sends back as JSON what the model wrote wrongly", () => {
    const broken = reply({ calls: [{ id: "c1", tool: "look", arguments: '{"at": x' }] });
    expect(toRequest(ask([broken]), { model: "m" }).messages[1]).toMatchObject({
      content: null,
      tool_calls: [{ function: { arguments: JSON.stringify({ "not-json": '{"at": x' }) } }],
    });
  });
});

describe("a reply from its chunks", () => {
  const chunk = (part: object): ChatCompletionChunk => part as ChatCompletionChunk;

  it("takes what servers leave out as it comes", () => {
    const chunks = [
      chunk({ choices: [{ delta: { content: "He" } }] }),
      chunk({ choices: [{ index: 0, delta: { content: "y" }, finish_reason: null }] }),
      chunk({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: "look", arguments: '{"a' } }] } }] }),
      chunk({
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                { index: 1, id: "c2", function: { name: "write", arguments: "{}" } },
                { index: 0, function: { arguments: '":1}' } },
              ],
            },
          },
        ],
      }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] }),
      chunk({}),
    ];
    const collected = chunks.reduce(withChunk, NOTHING_YET);
    expect(collected).toEqual({
      text: "Hey",
      calls: [
        { index: 0, id: "", name: "look", arguments: '{"a":1}' },
        { index: 1, id: "c2", name: "write", arguments: "{}" },
      ],
      finish: "tool_calls",
      usage: undefined,
    });
    const { calls, usage, ...rest } = fromReply(collected, ask([]), { name: "openai:m", price: undefined });
    expect(rest).toEqual({ role: "assistant", text: "Hey", stop: "tools", model: "openai:m" });
    expect(calls).toEqual([
      { id: expect.stringMatching(/^call_[0-9a-f]{24}$/u), tool: "look", arguments: '{"a":1}' },
      { id: "c2", tool: "write", arguments: "{}" },
    ]);
    expect(usage.usd).toBeUndefined();
    expect(usage.output).toBeGreaterThan(10);
  });

  it("tells calls apart where every one has the index 0, or none: a new id is a new call (ollama#15457, ollama#7881)", () => {
    const calls = (deltas: readonly object[]): readonly object[] =>
      deltas
        .map((delta) => chunk({ choices: [{ index: 0, delta: { tool_calls: [delta] } }] }))
        .reduce(withChunk, NOTHING_YET)
        .calls.map(({ id, name, arguments: args }) => ({ id, name, args }));
    const two = [
      { id: "c1", name: "look", args: '{"at":"x"}' },
      { id: "c2", name: "look", args: '{"at":"y"}' },
    ];
    for (const index of [{ index: 0 }, {}])
      expect(
        calls([
          { ...index, id: "c1", function: { name: "look", arguments: '{"at":' } },
          { ...index, function: { arguments: '"x"}' } },
          { ...index, id: "c2", function: { name: "look", arguments: '{"at":' } },
          { ...index, id: "c2", function: { arguments: '"y"}' } },
        ]),
      ).toEqual(two);
  });

  it.each(["insufficient_system_resource", "abort", "error"])("is no reply where the server broke it off: %s", (finish) => {
    const broken = [chunk({ choices: [{ index: 0, delta: { content: "I wi" }, finish_reason: finish }] })].reduce(
      withChunk,
      NOTHING_YET,
    );
    expect(() => fromReply(broken, ask([]), { name: "m", price: undefined })).toThrow(`broke the reply off (${finish})`);
  });

  it("books at the upper bound what a server counts in numbers that are none", () => {
    const counted = (usage: object) =>
      fromReply(
        [chunk({ choices: [{ index: 0, delta: { content: "Hey" }, finish_reason: "stop" }], usage })].reduce(
          withChunk,
          NOTHING_YET,
        ),
        ask([]),
        {
          name: "m",
          price: undefined,
        },
      ).usage;
    const bound = counted({});
    expect(bound.input).toBeGreaterThan(10);
    expect(counted({ prompt_tokens: null, completion_tokens: "3" })).toEqual(bound);
    expect(counted({ prompt_tokens: 7.5, completion_tokens: -1 })).toEqual(bound);
    expect(counted({ prompt_tokens: 7, completion_tokens: 3, prompt_tokens_details: { cached_tokens: null } })).toEqual({
      input: 7,
      output: 3,
      cacheRead: 0,
      cacheWrite: 0,
    });
  });

  it("is no reply without an end, nor behind a content filter", () => {
    expect(() => fromReply(NOTHING_YET, ask([]), { name: "m", price: undefined })).toThrow("ended before the reply did");
    expect(() => fromReply({ ...NOTHING_YET, finish: "content_filter" }, ask([]), { name: "m", price: undefined })).toThrow(
      "content filter",
    );
  });
});
