import { join } from "node:path";
import type { Event } from "../../../src/agent/events.ts";
import type { RecordedSession } from "../../../src/jobs/session-report/page.ts";
import { readSession } from "../../../src/jobs/session-report/read.ts";

/** Two sessions of the rules model on docs/demo/repo, as the program left them: one done, one that its limit of two turns ended. */
export const recorded = (name: "done" | "failed"): RecordedSession =>
  readSession(join(import.meta.dirname, "recorded", name), (text) => text);

export const made = (events: readonly Event[]): RecordedSession => ({
  events,
  running: false,
  report: undefined,
  readLog: () => undefined,
  notes: [],
});
