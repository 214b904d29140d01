import type { Event } from "../../agent/events.ts";
import type { Outcome } from "../../agent/outcome.ts";
import { RESUME_PHASE, type SessionHeader } from "../../session/journal.ts";

/** Which session it was, how long it took and how it ended. */
export interface Summary {
  readonly header: SessionHeader;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly resumes: number;
  readonly builds: number;
  /** undefined: not ended; a resume takes an earlier outcome back. */
  readonly outcome: Outcome | undefined;
}

/**
 * One pass over a journal; `fold` of the session room keeps whole conversations, which a page of thousands of turns has no use for.
 * @throws TypeError when the first event is no session header; the reader has refused such a file already
 */
export function summaryOf(events: readonly Event[]): Summary {
  const [first] = events;
  if (first?.type !== "session") throw new TypeError("a journal begins with its session header");
  const { seq: _, at, ...header } = first;
  const isResume = (event: Event): boolean => event.type === "phase" && event.phase === RESUME_PHASE;
  const ended = events.findLastIndex(({ type }) => type === "outcome");
  const outcome = events[ended];
  return {
    header,
    startedAt: at,
    lastAt: events.at(-1)?.at ?? at,
    resumes: events.filter(isResume).length,
    builds: events.filter(({ type }) => type === "build").length,
    outcome: outcome?.type === "outcome" && events.findLastIndex(isResume) < ended ? outcome.outcome : undefined,
  };
}
