import type { Ask, Message } from "../messages.ts";
import { withoutMeasured } from "./measured.ts";

/**
 * `sha256:` and 64 hex digits over what a model is asked: system text, tools, messages and the output limit. Left out is what no model is
 * sent (details), what only the same vendor gets back (raw) and what was measured (usage; times and process numbers in logs), so that a
 * journal can answer the same conversation later, for another machine and without the vendor.
 */
export async function requestHash(ask: Ask): Promise<string> {
  const asked = {
    system: ask.system,
    tools: ask.tools.map(({ name, about, parameters }) => ({ name, about, parameters })),
    messages: ask.messages.map(essence),
    maxOutputTokens: ask.maxOutputTokens,
  };
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(asked)));
  return `sha256:${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function essence(message: Message): unknown {
  switch (message.role) {
    case "user":
      return { role: "user", text: withoutMeasured(message.text) };
    case "assistant":
      return { role: "assistant", text: message.text, calls: message.calls.map((call) => [call.id, call.tool, call.arguments]) };
    case "tool":
      return { role: "tool", callId: message.callId, text: withoutMeasured(message.text), isError: message.isError };
  }
}
