import { describe, expect, it } from "vitest";
import { requestHash } from "../../../src/agent/conversation/request-hash.ts";
import type { Ask } from "../../../src/agent/messages.ts";
import { call, reply } from "../play.ts";

const ask: Ask = {
  system: "You mend things.",
  messages: [
    { role: "user", text: "Mend this." },
    reply({ calls: [call("a", "look", { at: "x" })], raw: [{ type: "reasoning" }] }),
    { role: "tool", callId: "a", tool: "look", text: "saw x", isError: false, details: { n: 1 } },
  ],
  tools: [{ name: "look", about: "Looks.", parameters: { type: "object" } }],
  maxOutputTokens: 100,
  signal: new AbortController().signal,
};

describe("requestHash", () => {
  it("is the same for what no model is sent: details, raw replies, usage", async () => {
    const bare: Ask = {
      ...ask,
      messages: [
        { role: "user", text: "Mend this." },
        reply({ calls: [call("a", "look", { at: "x" })], usage: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 } }),
        { role: "tool", callId: "a", tool: "look", text: "saw x", isError: false },
      ],
    };
    expect(await requestHash(bare)).toBe(await requestHash(ask));
    expect(await requestHash(ask)).toMatch(/^sha256:[0-9a-f]{64}$/u);
  });

  it.each<[string, Partial<Ask>]>([
    ["the system text", { system: "You break things." }],
    ["a tool", { tools: [{ name: "look", about: "Looks well.", parameters: { type: "object" } }] }],
    ["a message", { messages: ask.messages.slice(0, 2) }],
    ["the output limit", { maxOutputTokens: 101 }],
  ])("changes with %s", async (_, part) => {
    expect(await requestHash({ ...ask, ...part })).not.toBe(await requestHash(ask));
  });
});
