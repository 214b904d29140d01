import { LOOP_PHASE, openCalls } from "../../src/agent/conversation/state.ts";
import { signals } from "../../src/agent/conversation/streaks.ts";
import type { Event, EventBody } from "../../src/agent/events.ts";
import { NO_TALLY, type Tally } from "../../src/agent/limits.ts";
import { addUsage, type Message, type Usage } from "../../src/agent/messages.ts";
import type { Outcome } from "../../src/agent/outcome.ts";
import type { SessionState } from "../../src/session/fold.ts";
import { RESUME_PHASE } from "../../src/session/journal.ts";

/**
 * The fold of a journal as it is meant: every event makes a new value of the one before. It takes the square of a journal's length, so the
 * program grows one value in place; what comes out must be the same.
 */

interface PlainStreaks {
  readonly failures: ReadonlyMap<string, number>;
  readonly known: ReadonlySet<string>;
  readonly idle: number;
  readonly best: number | undefined;
  readonly stuck: ReadonlyMap<string, number>;
  readonly met: ReadonlySet<string>;
}

interface PlainState {
  readonly messages: readonly Message[];
  readonly tally: Tally;
  readonly streaks: PlainStreaks;
  readonly started: ReadonlySet<string>;
  readonly asked: { readonly turn: number; readonly worstCase?: Usage } | undefined;
  readonly ended: Outcome | undefined;
}

interface PlainSession extends Omit<SessionState, "conversations"> {
  readonly conversations: readonly { readonly name: string; readonly state: PlainState }[];
}

const NO_STREAKS: PlainStreaks = {
  failures: new Map(),
  known: new Set(),
  idle: 0,
  best: undefined,
  stuck: new Map(),
  met: new Set(),
};

const NEW_STATE: PlainState = {
  messages: [],
  tally: NO_TALLY,
  streaks: NO_STREAKS,
  started: new Set(),
  asked: undefined,
  ended: undefined,
};

export function plainFold(events: readonly Event[]): PlainSession {
  const [first, ...rest] = events;
  if (first?.type !== "session") throw new TypeError("a journal begins with its session header");
  const { seq: _, at, ...header } = first;
  const start: PlainSession = {
    header,
    conversations: [],
    phases: [],
    acceptances: [],
    snapshot: undefined,
    mechanics: [],
    outcome: undefined,
    resumes: 0,
    startedAt: at,
    lastAt: at,
    talking: false,
  };
  return rest.reduce(step, start);
}

function step(before: PlainSession, event: Event): PlainSession {
  const resumed = event.type === "phase" && event.phase === RESUME_PHASE;
  const worked = before.talking && !resumed ? workedUntil(event, before.lastAt) : 0;
  const state = { ...withEvent(before, event, worked), lastAt: event.at };
  switch (event.type) {
    case "phase":
      if (resumed) return { ...withPatience(state), outcome: undefined, resumes: state.resumes + 1 };
      if (event.phase === LOOP_PHASE) return { ...state, talking: true };
      return {
        ...state,
        talking: false,
        phases: [...state.phases, { phase: event.phase, ...(event.detail !== undefined && { detail: event.detail }) }],
      };
    // A resumed conversation goes on without a phase of its own.
    case "ask":
    case "call":
    case "result":
      return { ...state, talking: true };
    case "acceptance":
      return { ...state, acceptances: [...state.acceptances, { stage: event.stage, report: event.report }] };
    case "snapshot":
      return { ...state, snapshot: event.tree };
    case "mechanic":
      return { ...state, mechanics: [...state.mechanics, { name: event.name, detail: event.detail, paths: event.paths }] };
    case "outcome":
      return { ...state, outcome: event.outcome, talking: false };
    default:
      return state;
  }
}

/** Milliseconds of work since the event before. */
function workedUntil(event: Event, before: number): number {
  const waited = event.type === "reply" || event.type === "lost" ? (event.waitedMs ?? 0) : 0;
  return Math.max(0, event.at - before - waited);
}

/** The event's part in the conversation at hand, with the time since the event before. */
function withEvent(state: PlainSession, event: Event, worked: number): PlainSession {
  const current = state.conversations.at(-1);
  if (event.type === "phase" && event.phase === LOOP_PHASE) {
    const opened = advance(current?.state ?? NEW_STATE, event);
    return { ...state, conversations: [...state.conversations, { name: event.detail ?? "", state: opened }] };
  }
  if (current === undefined) return state;
  const advanced = advance(current.state, event);
  const tally = { ...advanced.tally, wallMs: advanced.tally.wallMs + worked };
  return {
    ...state,
    conversations: [...state.conversations.slice(0, -1), { name: current.name, state: { ...advanced, tally } }],
  };
}

/** Whoever resumes a session that ended for going in circles wants it to try again, with another model perhaps: the counts begin anew. */
function withPatience(state: PlainSession): PlainSession {
  const { outcome } = state;
  const current = state.conversations.at(-1);
  if (current === undefined || outcome?.kind !== "limit" || (outcome.limit !== "repeats" && outcome.limit !== "stagnation"))
    return state;
  const tally = { ...current.state.tally, repeats: 0, stagnation: 0 };
  return {
    ...state,
    conversations: [
      ...state.conversations.slice(0, -1),
      { name: current.name, state: { ...current.state, streaks: NO_STREAKS, tally } },
    ],
  };
}

function advance(state: PlainState, event: EventBody): PlainState {
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
        { ...state, tally, asked: undefined, messages: [...state.messages, message], started: new Set() },
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

const withStreaks = (state: PlainState, streaks: PlainStreaks): PlainState => ({
  ...state,
  streaks,
  tally: { ...state.tally, repeats: repeats(streaks), stagnation: stagnation(streaks) },
});

const afterReply = (streaks: PlainStreaks, calledTools: boolean): PlainStreaks => ({
  ...streaks,
  idle: calledTools ? 0 : streaks.idle + 1,
  met: new Set(),
});

function afterResult(
  streaks: PlainStreaks,
  call: { readonly tool: string; readonly arguments: string },
  result: { readonly text: string; readonly isError: boolean; readonly details?: unknown },
  writes = true,
): PlainStreaks {
  const key = `${call.tool}\u0000${call.arguments}`;
  const { fingerprint, progress } = signals(result.details);
  const seen = afterFingerprint(streaks, result.isError && writes ? fingerprint : undefined, progress);
  if (result.isError) return { ...seen, failures: counted(seen.failures, `${key}\u0000${fingerprint ?? result.text}`) };
  if (seen.known.has(key)) return seen;
  return { ...seen, known: new Set([...seen.known, key]), failures: new Map() };
}

function afterAcceptance(streaks: PlainStreaks, report: unknown): PlainStreaks {
  const { fingerprint, progress } = signals(report);
  return afterFingerprint(streaks, fingerprint, progress);
}

function afterFingerprint(streaks: PlainStreaks, fingerprint: string | undefined, progress: number | undefined): PlainStreaks {
  const better = progress !== undefined && (streaks.best === undefined || progress > streaks.best);
  const fresh = better ? { ...streaks, best: progress, stuck: new Map<string, number>() } : streaks;
  if (fingerprint === undefined || fresh.met.has(fingerprint)) return fresh;
  return { ...fresh, stuck: counted(fresh.stuck, fingerprint), met: new Set([...fresh.met, fingerprint]) };
}

const counted = (counts: ReadonlyMap<string, number>, key: string): ReadonlyMap<string, number> =>
  new Map(counts).set(key, (counts.get(key) ?? 0) + 1);

/** The longest run of identical failures, or of replies without a call. */
const repeats = (streaks: PlainStreaks): number => Math.max(streaks.idle, ...streaks.failures.values());

const stagnation = (streaks: PlainStreaks): number => Math.max(0, ...streaks.stuck.values());
