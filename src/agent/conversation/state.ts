import type { EventBody } from "../events.ts";
import { NO_TALLY, type Tally } from "../limits.ts";
import { addUsage, type Message, type ToolCall, type Usage } from "../messages.ts";
import type { Outcome } from "../outcome.ts";
import { hearAcceptance, hearReply, hearResult, newStreaks, ownStreaks, repeats, type Streaks, stagnation } from "./streaks.ts";

/**
 * The state of a conversation is a fold of its events: the loop advances it by each event it yields, and resume folds the same events
 * from the journal, so that the two cannot differ.
 */
export interface LoopState {
  readonly messages: readonly Message[];
  readonly tally: Tally;
  readonly streaks: Streaks;
  /** Ids of the last reply's calls that were started; one without a result was cut by a crash. */
  readonly started: ReadonlySet<string>;
  /** A request without a reply. */
  readonly asked: { readonly turn: number; readonly worstCase?: Usage } | undefined;
  /** Set by the result of a tool that ends the run. */
  readonly ended: Outcome | undefined;
}

/** A state that grows in place: a copy of thousands of messages for each event would make a long journal take its square of time. */
export interface OwnState extends LoopState {
  messages: Message[];
  tally: Tally;
  streaks: ReturnType<typeof newStreaks>;
  started: Set<string>;
  asked: LoopState["asked"];
  ended: LoopState["ended"];
}

/** A conversation that begins: what was spent goes on. */
export const newState = (spent: Tally = NO_TALLY): OwnState => ({
  messages: [],
  tally: { ...spent, repeats: 0, stagnation: 0 },
  streaks: newStreaks(),
  started: new Set(),
  asked: undefined,
  ended: undefined,
});

/** One to grow, without the one that it is taken from. */
export const ownState = (state: LoopState): OwnState => ({
  ...state,
  messages: [...state.messages],
  streaks: ownStreaks(state.streaks),
  started: new Set(state.started),
});

/** The phase that opens a conversation: messages and streaks begin anew, what was spent goes on. */
export const LOOP_PHASE = "loop";

/** Takes the event into the state. */
export function advance(state: OwnState, event: EventBody): void {
  const { tally } = state;
  switch (event.type) {
    case "phase":
      if (event.phase === LOOP_PHASE) Object.assign(state, newState(tally));
      return;
    case "user":
      state.messages.push({ role: "user", text: event.text });
      return;
    case "ask":
      state.asked = { turn: event.turn, ...(event.worstCase && { worstCase: event.worstCase }) };
      return;
    case "reply": {
      const { message } = event;
      const usable = message.stop !== "error" && message.stop !== "aborted";
      // A failed reply costs what it costs, but it is no turn: a resume after an outage begins where the outage did.
      state.tally = { ...tally, turns: tally.turns + (usable ? 1 : 0), usage: addUsage(tally.usage, message.usage) };
      state.asked = undefined;
      if (!usable) return;
      state.messages.push(message);
      // Some providers count the calls of each reply from the start, so that an id tells only within one.
      state.started.clear();
      hearReply(state.streaks, message.calls.length > 0);
      countStreaks(state);
      return;
    }
    case "lost": {
      const { requests, usage } = tally.lost;
      // Without a worst case the price is unknown; the tokens of a request nobody priced are not known either.
      const booked = event.usage ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
      state.asked = undefined;
      state.tally = { ...tally, lost: { requests: requests + 1, usage: addUsage(usage, booked) } };
      return;
    }
    case "call":
      state.started.add(event.call.id);
      return;
    case "result": {
      const { callId, tool, text, isError, details } = event;
      const call = openCalls(state.messages).find((open) => open.id === callId);
      const message: Message = { role: "tool", callId, tool, text, isError, ...(details !== undefined && { details }) };
      state.messages.push(message);
      state.ended ??= event.outcome;
      if (call === undefined) return;
      hearResult(state.streaks, call, message, event.writes ?? true);
      countStreaks(state);
      return;
    }
    case "build":
      state.tally = { ...tally, builds: tally.builds + 1 };
      return;
    case "acceptance":
      if (event.stage !== "loop") return;
      hearAcceptance(state.streaks, event.report);
      countStreaks(state);
      return;
    case "session":
    case "mechanic":
    case "progress":
    case "snapshot":
    case "warning":
    case "outcome":
      return;
  }
}

function countStreaks(state: OwnState): void {
  state.tally = { ...state.tally, repeats: repeats(state.streaks), stagnation: stagnation(state.streaks) };
}

/** Calls of the last reply that have no result yet, in their order. */
export function openCalls(messages: readonly Message[]): readonly ToolCall[] {
  const at = messages.findLastIndex((message) => message.role === "assistant");
  const reply = messages[at];
  if (reply?.role !== "assistant") return [];
  const answered = new Set(messages.slice(at + 1).map((message) => (message.role === "tool" ? message.callId : "")));
  return reply.calls.filter((call) => !answered.has(call.id));
}

/** What a request that never came back is booked as. */
export const bookLost = (asked: NonNullable<LoopState["asked"]>): Extract<EventBody, { type: "lost" }> => ({
  type: "lost",
  turn: asked.turn,
  ...(asked.worstCase && { usage: asked.worstCase }),
});
