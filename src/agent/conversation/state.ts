import type { EventBody } from "../events.ts";
import { NO_TALLY, type Tally } from "../limits.ts";
import { addUsage, type Message, type ToolCall, type Usage } from "../messages.ts";
import type { Outcome } from "../outcome.ts";
import { afterAcceptance, afterReply, afterResult, NO_STREAKS, repeats, type Streaks, stagnation } from "./streaks.ts";

/**
 * The state of a conversation is a fold of its events: the loop advances it by each event it yields, and resume folds the same events
 * from the journal, so that the two cannot differ.
 */
export interface LoopState {
  readonly messages: readonly Message[];
  readonly tally: Tally;
  readonly streaks: Streaks;
  /** Ids of calls that were started; one without a result was cut by a crash. */
  readonly started: ReadonlySet<string>;
  /** A request without a reply. */
  readonly asked: { readonly turn: number; readonly worstCase?: Usage } | undefined;
  /** Set by the result of a tool that ends the run. */
  readonly ended: Outcome | undefined;
}

export const NEW_STATE: LoopState = {
  messages: [],
  tally: NO_TALLY,
  streaks: NO_STREAKS,
  started: new Set(),
  asked: undefined,
  ended: undefined,
};

/** The phase that opens a conversation: messages and streaks begin anew, what was spent goes on. */
export const LOOP_PHASE = "loop";

export function advance(state: LoopState, event: EventBody): LoopState {
  switch (event.type) {
    case "phase":
      return event.phase === LOOP_PHASE ? { ...NEW_STATE, tally: { ...state.tally, repeats: 0, stagnation: 0 } } : state;
    case "user":
      return { ...state, messages: [...state.messages, { role: "user", text: event.text }] };
    case "ask":
      return { ...state, asked: { turn: event.turn, ...(event.worstCase && { worstCase: event.worstCase }) } };
    case "reply": {
      const { message } = event;
      const usable = message.stop !== "error" && message.stop !== "aborted";
      // A failed reply costs what it costs, but it is no turn: a resume after an outage begins where the outage did.
      const tally = {
        ...state.tally,
        turns: state.tally.turns + (usable ? 1 : 0),
        usage: addUsage(state.tally.usage, message.usage),
      };
      if (!usable) return { ...state, tally, asked: undefined };
      return withStreaks(
        { ...state, tally, asked: undefined, messages: [...state.messages, message] },
        afterReply(state.streaks, message.calls.length > 0),
      );
    }
    case "lost": {
      const { requests, usage } = state.tally.lost;
      // Without a worst case the price is unknown; the tokens of a request nobody priced are not known either.
      const booked = event.usage ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
      return {
        ...state,
        asked: undefined,
        tally: { ...state.tally, lost: { requests: requests + 1, usage: addUsage(usage, booked) } },
      };
    }
    case "call":
      return { ...state, started: new Set([...state.started, event.call.id]) };
    case "result": {
      const { callId, tool, text, isError, details } = event;
      const call = openCalls(state.messages).find((open) => open.id === callId);
      const message: Message = { role: "tool", callId, tool, text, isError, ...(details !== undefined && { details }) };
      const next = { ...state, messages: [...state.messages, message], ended: state.ended ?? event.outcome };
      return call === undefined ? next : withStreaks(next, afterResult(state.streaks, call, message, event.writes ?? true));
    }
    case "build":
      return { ...state, tally: { ...state.tally, builds: state.tally.builds + 1 } };
    case "acceptance":
      return event.stage === "loop" ? withStreaks(state, afterAcceptance(state.streaks, event.report)) : state;
    case "session":
    case "mechanic":
    case "progress":
    case "snapshot":
    case "warning":
    case "outcome":
      return state;
  }
}

const withStreaks = (state: LoopState, streaks: Streaks): LoopState => ({
  ...state,
  streaks,
  tally: { ...state.tally, repeats: repeats(streaks), stagnation: stagnation(streaks) },
});

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
