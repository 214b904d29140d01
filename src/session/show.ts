import type { Event } from "../agent/events.ts";
import type { Usage } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import { plainText } from "../agent/plain-text.ts";
import { fold } from "./fold.ts";

/** A journal as plain text: one line an event with the time since the start, then what it used. For `sessions show`. */
export function showSession(events: readonly Event[]): string {
  const state = fold(events);
  const { header } = state;
  const head = [
    `session ${header.id}`,
    `${header.verb} with ${header.model}, crq-agent ${header.agent}, ${new Date(state.startedAt).toISOString()}`,
    "",
  ];
  const lines = events.slice(1).map((event) => `${since(event.at - state.startedAt)}  ${oneLine(describe(event))}`);
  const tally = state.conversations.at(-1)?.state.tally;
  const used =
    tally === undefined
      ? []
      : [
          `${tally.turns} turns, ${tally.builds} builds, ${Math.round(tally.wallMs / 1000)} s of work`,
          usageText("replies", tally.usage),
          ...(tally.lost.requests > 0
            ? [usageText(`${tally.lost.requests} lost requests, booked at their worst case`, tally.lost.usage)]
            : []),
        ];
  const ending =
    state.outcome === undefined
      ? `not ended; resume it with: crq-agent sessions resume ${header.id}`
      : outcomeText(state.outcome);
  return [...head, ...lines, "", ...used, ending, ""].join("\n");
}

function describe(event: Event): string {
  switch (event.type) {
    case "session":
      return `session ${event.id}`;
    case "phase":
      return `── ${event.phase}${event.detail === undefined ? "" : `: ${event.detail}`}`;
    case "user":
      return `user     ${event.text}`;
    case "ask":
      return `ask      turn ${event.turn}`;
    case "reply":
      return `reply    ${replyText(event.message)} (${event.message.usage.output} tokens out, ${seconds(event.ms)})`;
    case "lost":
      return `lost     the request of turn ${event.turn} was in flight when the process ended`;
    case "call":
      return `call     ${event.call.tool} ${event.call.arguments}`;
    case "result":
      return `${event.isError ? "error   " : "result  "} ${event.tool}: ${event.text} (${seconds(event.ms)})`;
    case "mechanic":
      return `mechanic ${event.name}: ${event.detail}${event.paths.length > 0 ? ` [${event.paths.join(", ")}]` : ""}`;
    case "build":
      return `build    ${event.installable} ${event.ok ? "ok" : "failed"} (${event.seconds.toFixed(1)} s)`;
    case "progress":
      return `progress ${event.text}`;
    case "snapshot":
      return `snapshot ${event.tree}`;
    case "acceptance":
      return `criteria ${event.stage}`;
    case "warning":
      return `warning  ${event.text}`;
    case "outcome":
      return `outcome  ${outcomeText(event.outcome)}`;
  }
}

function replyText(message: Extract<Event, { type: "reply" }>["message"]): string {
  const calls = message.calls.map(({ tool }) => tool).join(", ");
  const stop = message.stop === "end" || message.stop === "tools" ? "" : `[${message.stop}] `;
  return `${stop}${message.text}${calls === "" ? "" : `${message.text === "" ? "" : " "}→ ${calls}`}`;
}

/** An outcome in one line, for people: a detail may be a model's own words. */
export const outcomeText = (outcome: Outcome): string => plainText(wordsOf(outcome)).replace(/\s+/gu, " ").trim();

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "done":
      return "done";
    case "interrupted":
      return "interrupted";
    case "limit":
      return `limit:${outcome.limit}: ${outcome.detail}`;
    case "gave-up":
      return `gave up (${outcome.reason}): ${outcome.detail}`;
    case "partly":
      return `partly${outcome.reason === undefined ? "" : ` (${outcome.reason})`}: ${outcome.detail}`;
    case "question":
      return `question${outcome.reason === undefined ? "" : ` (${outcome.reason})`}: ${outcome.detail}`;
    default:
      return `${outcome.kind}: ${outcome.detail}`;
  }
}

const usageText = (what: string, usage: Usage): string =>
  `${what}: ${usage.input} in, ${usage.cacheRead} from cache, ${usage.cacheWrite} to cache, ${usage.output} out, ${usage.usd === undefined ? "price unknown" : `$${usage.usd.toFixed(4)}`}`;

const WIDTH = 160;

function oneLine(text: string): string {
  const flat = plainText(text).replaceAll(/\s*\n\s*/gu, " ⏎ ");
  return flat.length > WIDTH ? `${flat.slice(0, WIDTH - 1).replace(/[\ud800-\udbff]$/u, "")}…` : flat;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function since(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
