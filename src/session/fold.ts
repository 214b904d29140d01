import { advance, LOOP_PHASE, type LoopState, newState, type OwnState, openCalls } from "../agent/conversation/state.ts";
import { newStreaks } from "../agent/conversation/streaks.ts";
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

/** What the fold grows in place, so that a journal is read in one pass. */
interface Growing extends SessionState {
  conversations: { readonly name: string; readonly state: OwnState }[];
  phases: SessionState["phases"][number][];
  acceptances: SessionState["acceptances"][number][];
  mechanics: SessionState["mechanics"][number][];
  snapshot: string | undefined;
  outcome: Outcome | undefined;
  resumes: number;
  lastAt: number;
  talking: boolean;
}

/**
 * Pure fold of a journal.
 * @throws TypeError when the first event is no session header; the reader has refused such a file already
 */
export function fold(events: readonly Event[]): SessionState {
  const [first, ...rest] = events;
  if (first?.type !== "session") throw new TypeError("a journal begins with its session header");
  const { seq: _, at, ...header } = first;
  const state: Growing = {
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
  for (const event of rest) {
    converse(state, event);
    take(state, event);
    state.lastAt = event.at;
  }
  return state;
}

const isResume = (event: Event): boolean => event.type === "phase" && event.phase === RESUME_PHASE;

function take(state: Growing, event: Event): void {
  switch (event.type) {
    case "phase":
      if (isResume(event)) {
        forgive(state);
        state.outcome = undefined;
        state.resumes += 1;
        return;
      }
      state.talking = event.phase === LOOP_PHASE;
      if (!state.talking) state.phases.push({ phase: event.phase, ...(event.detail !== undefined && { detail: event.detail }) });
      return;
    // A resumed conversation goes on without a phase of its own.
    case "ask":
    case "call":
    case "result":
      state.talking = true;
      return;
    case "acceptance":
      state.acceptances.push({ stage: event.stage, report: event.report });
      return;
    case "snapshot":
      state.snapshot = event.tree;
      return;
    case "mechanic":
      state.mechanics.push({ name: event.name, detail: event.detail, paths: event.paths });
      return;
    case "outcome":
      state.outcome = event.outcome;
      state.talking = false;
      return;
    case "session":
    case "user":
    case "reply":
    case "lost":
    case "build":
    case "progress":
    case "warning":
      return;
  }
}

/** The event's part in the conversation at hand, with the time since the event before. */
function converse(state: Growing, event: Event): void {
  const current = state.conversations.at(-1)?.state;
  if (event.type === "phase" && event.phase === LOOP_PHASE) {
    state.conversations.push({ name: event.detail ?? "", state: newState(current?.tally) });
    return;
  }
  if (current === undefined) return;
  advance(current, event);
  const worked = state.talking && !isResume(event) ? workedUntil(event, state.lastAt) : 0;
  current.tally = { ...current.tally, wallMs: current.tally.wallMs + worked };
}

/** Milliseconds of work since the event before. */
function workedUntil(event: Event, before: number): number {
  const waited = event.type === "reply" || event.type === "lost" ? (event.waitedMs ?? 0) : 0;
  return Math.max(0, event.at - before - waited);
}

/** Whoever resumes a session that ended for going in circles wants it to try again, with another model perhaps: the counts begin anew. */
function forgive({ outcome, conversations }: Growing): void {
  const current = conversations.at(-1)?.state;
  if (current === undefined || outcome?.kind !== "limit" || (outcome.limit !== "repeats" && outcome.limit !== "stagnation"))
    return;
  current.streaks = newStreaks();
  current.tally = { ...current.tally, repeats: 0, stagnation: 0 };
}

/** The conversation of that name, for a job that asks whether there is something to go on with. */
export const conversation = (state: SessionState, name: string): LoopState | undefined =>
  state.conversations.findLast((candidate) => candidate.name === name)?.state;

/** Calls that have no result yet. */
export const pendingCalls = (state: SessionState): readonly ToolCall[] =>
  openCalls(state.conversations.at(-1)?.state.messages ?? []);
