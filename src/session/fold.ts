import { advance, LOOP_PHASE, type LoopState, NEW_STATE, openCalls } from "../agent/conversation/state.ts";
import { NO_STREAKS } from "../agent/conversation/streaks.ts";
import type { Event } from "../agent/events.ts";
import type { ToolCall } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import { RESUME_PHASE, type SessionHeader } from "./journal.ts";

/** One conversation of a session: `apply --task` has two, the draft and the change. */
export interface Conversation {
  readonly name: string;
  /** As the loop left it; give it to `runLoop` as `resume` to go on. Its tally counts the whole session. */
  readonly state: LoopState;
}

/** What a journal says, and all that resume needs. */
export interface SessionState {
  readonly header: SessionHeader;
  /** In order; the last one is the current one. */
  readonly conversations: readonly Conversation[];
  /** The job's phases in order, without `loop` and `resume`. */
  readonly phases: readonly { readonly phase: string; readonly detail?: string }[];
  readonly acceptances: readonly { readonly stage: "baseline" | "loop" | "verify"; readonly report: unknown }[];
  /** Git tree of the worktree after the last tool that wrote. */
  readonly snapshot: string | undefined;
  readonly mechanics: readonly { readonly name: string; readonly detail: string; readonly paths: readonly string[] }[];
  /** Undefined while the session can be resumed as a matter of course; a resume takes an earlier outcome back. */
  readonly outcome: Outcome | undefined;
  readonly resumes: number;
  readonly startedAt: number;
  readonly lastAt: number;
  /** Whether the current conversation is what happens at the moment; only then does time count as wall time. */
  readonly talking: boolean;
}

/**
 * Pure fold of a journal.
 * @throws TypeError when the first event is no session header; the reader has refused such a file already
 */
export function fold(events: readonly Event[]): SessionState {
  const [first, ...rest] = events;
  if (first?.type !== "session") throw new TypeError("a journal begins with its session header");
  const { seq: _, at, ...header } = first;
  const start: SessionState = {
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

/** The next state; `--events` readers and the terminal use it live. */
export function step(before: SessionState, event: Event): SessionState {
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
function withEvent(state: SessionState, event: Event, worked: number): SessionState {
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
function withPatience(state: SessionState): SessionState {
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

/** The conversation of that name, for a job that asks whether there is something to go on with. */
export const conversation = (state: SessionState, name: string): LoopState | undefined =>
  state.conversations.findLast((candidate) => candidate.name === name)?.state;

/** Calls that have no result yet. */
export const pendingCalls = (state: SessionState): readonly ToolCall[] =>
  openCalls(state.conversations.at(-1)?.state.messages ?? []);
