import { z } from "zod";
import type { EventBody } from "../../src/agent/events.ts";
import { type LoopEnd, type LoopInput, runLoop } from "../../src/agent/loop.ts";
import type { Ask, AssistantMessage, Message, Model, Stop, ToolCall, Usage } from "../../src/agent/messages.ts";
import { defineTool, type Tool } from "../../src/agent/tool.ts";

/** A model whose n-th reply depends on nothing but how many replies the conversation holds, so that it goes on after a resume. */
export function playing(
  replies: readonly (Partial<AssistantMessage> | ((ask: Ask) => Partial<AssistantMessage>))[],
): Model & { asks: Ask[] } {
  const asks: Ask[] = [];
  return {
    name: "test:play",
    asks,
    worstCase: () => PRICED,
    complete: async (ask) => {
      asks.push(ask);
      const at = ask.messages.filter((message) => message.role === "assistant").length;
      const entry = replies[at] ?? { stop: "error" as const, text: `no reply ${at}` };
      return reply(typeof entry === "function" ? entry(ask) : entry);
    },
  };
}

export const PRICED: Usage = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, usd: 0.01 };

export function reply(part: Partial<AssistantMessage>): AssistantMessage {
  const calls = part.calls ?? [];
  const stop: Stop = part.stop ?? (calls.length > 0 ? "tools" : "end");
  return { role: "assistant", text: "", usage: PRICED, model: "test:play", ...part, calls, stop };
}

export const call = (id: string, tool: string, args: unknown): ToolCall => ({
  id,
  tool,
  arguments: typeof args === "string" ? args : JSON.stringify(args),
});

/** Tools that look, write, end, break, and say what they were given. */
export function toolbox(log: string[] = []): readonly Tool[] {
  return [
    defineTool({
      name: "look",
      about: "Looks.",
      args: z.strictObject({ at: z.string() }),
      writes: false,
      run: async ({ at }) => {
        log.push(`look ${at}`);
        return { text: `saw ${at}` };
      },
    }),
    defineTool({
      name: "write",
      about: "Writes.",
      args: z.strictObject({ text: z.string() }),
      writes: true,
      run: async ({ text }, { note }) => {
        log.push(`write ${text}`);
        note({ note: "mechanic", name: "stage", detail: "intent to add", paths: [text] });
        return { text: `wrote ${text}`, details: { progress: text.length } };
      },
    }),
    defineTool({
      name: "build",
      about: "Builds.",
      args: z.strictObject({ attribute: z.string() }),
      writes: true,
      run: async ({ attribute }, { note }) => {
        log.push(`build ${attribute}`);
        note({ note: "build", installable: attribute, ok: false, seconds: 1, fingerprint: "f" });
        return { text: `${attribute} failed`, isError: true, details: { diagnoses: [{ fingerprint: "f" }] } };
      },
    }),
    defineTool({
      name: "finish",
      about: "Ends the run.",
      args: z.strictObject({ detail: z.string() }),
      writes: false,
      run: async ({ detail }) => ({ text: "The run ends here.", outcome: { kind: "gave-up", reason: "no-known-fix", detail } }),
    }),
    defineTool({
      name: "crash",
      about: "Has a bug.",
      args: z.strictObject({}),
      writes: false,
      run: async () => {
        throw new TypeError("x is not a function");
      },
    }),
  ];
}

export const input = (part: Partial<LoopInput> & Pick<LoopInput, "model">): LoopInput => ({
  system: "You mend things.",
  opening: "Mend this.",
  name: "apply",
  tools: toolbox(),
  limits: {},
  maxOutputTokens: 100,
  signal: new AbortController().signal,
  texts: { nudge: "Call finish.", goOn: "Go on." },
  now: () => 0,
  ...part,
});

export interface Played {
  readonly events: readonly EventBody[];
  readonly end: LoopEnd;
}

export async function play(loop: LoopInput, onEvent: (event: EventBody) => void = () => {}): Promise<Played> {
  const events: EventBody[] = [];
  const running = runLoop(loop);
  let step = await running.next();
  for (; !step.done; step = await running.next()) {
    // Events travel as JSON lines; what does not survive that must not be relied on.
    events.push(JSON.parse(JSON.stringify(step.value)));
    onEvent(step.value);
  }
  return { events, end: step.value };
}

/** One line an event, for whole-run comparisons. */
export const brief = (events: readonly EventBody[]): readonly string[] =>
  events.map((event) => {
    switch (event.type) {
      case "user":
        return `user: ${event.text}`;
      case "ask":
        return `ask ${event.turn}`;
      case "reply":
        return `reply ${event.turn}: ${event.message.stop}`;
      case "call":
        return `call ${event.call.id} ${event.call.tool}`;
      case "result":
        return `result ${event.callId} ${event.isError ? "error" : "ok"}: ${event.text}`;
      case "phase":
        return `phase ${event.phase} ${event.detail ?? ""}`;
      default:
        return event.type;
    }
  });

/** Every call of every reply has exactly one result, and in order. */
export function callsAndResults(messages: readonly Message[]): {
  readonly calls: readonly string[];
  readonly results: readonly string[];
} {
  return {
    calls: messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : [])),
    results: messages.flatMap((message) => (message.role === "tool" ? [message.callId] : [])),
  };
}
