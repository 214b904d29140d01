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

  it("is no reply without an end, nor behind a content filter", () => {
    expect(() => fromReply(NOTHING_YET, ask([]), { name: "m", price: undefined })).toThrow("ended before the reply did");
    expect(() => fromReply({ ...NOTHING_YET, finish: "content_filter" }, ask([]), { name: "m", price: undefined })).toThrow(
      "content filter",
    );
  });
});
