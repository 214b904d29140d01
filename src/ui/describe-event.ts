import type { Event } from "../agent/events.ts";
import { duration, money, oneLine } from "./text.ts";

/** One line for people about an event, or undefined when it says nothing new. Shared by the terminal, plain output and `sessions show`. */
export function describeEvent(event: Event): string | undefined {
  switch (event.type) {
    case "session":
      return `session ${event.id} (${event.verb}, model ${event.model})`;
    case "phase":
      return `== ${event.phase}${event.detail === undefined ? "" : `: ${oneLine(event.detail, 200)}`}`;
    case "reply":
      return describeReply(event);
    case "result":
      return `   ${event.isError ? "✗" : "✓"} ${event.tool}: ${oneLine(event.text, 160)}`;
    case "mechanic":
      return `   ⚙ ${event.name}: ${oneLine(event.detail, 160)}`;
    case "build":
      return `   ${event.ok ? "✓" : "✗"} build ${event.installable} (${duration(event.seconds * 1000)})`;
    case "lost":
      return `   a request was in flight when the process ended; it is booked at its worst case (${money(event.usage?.usd)})`;
    case "warning":
      return `!  ${oneLine(event.text, 400)}`;
    case "user":
    case "ask":
    case "call":
    case "progress":
    case "acceptance":
    case "snapshot":
    case "outcome":
      return undefined;
  }
}

function describeReply(event: Extract<Event, { type: "reply" }>): string | undefined {
  const { message } = event;
  const calls = message.calls.map((call) => call.tool).join(", ");
  const said = message.text.trim() === "" ? undefined : oneLine(message.text, 160);
  const tokens = message.usage.input + message.usage.cacheRead + message.usage.cacheWrite + message.usage.output;
  const cost = tokens === 0 ? "" : ` [${tokens} tokens, ${money(message.usage.usd)}]`;
  if (message.stop === "error") return `   model error: ${said ?? "no text"}`;
  return `   ${event.turn}. ${calls === "" ? (said ?? "(no call)") : said === undefined ? calls : `${said} → ${calls}`}${cost}`;
}
