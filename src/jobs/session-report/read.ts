import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { type Event, eventBody, eventEnvelope } from "../../agent/events.ts";
import { reportSchema } from "../../crq/criteria/report/evidence.ts";
import { JOURNAL_FILE } from "../../session/journal.ts";
import { isLocked } from "../../session/lock.ts";
import { readJournal } from "../../session/read-journal.ts";
import { readReport } from "../facts/runs/reports.ts";
import type { RecordedSession } from "./page.ts";

/**
 * What the page of a session is made of, from its folder.
 * @param clean takes keys out of every text; the journal holds a person's own words too
 * @throws JournalError for a journal that cannot be read
 */
export function readSession(folder: string, clean: (text: string) => string): RecordedSession {
  const { events, warnings } = readJournal(join(folder, JOURNAL_FILE));
  const evidence = join(folder, "report");
  const read = readReport(join(evidence, "report.json"));
  return {
    events: events.map((event): Event => eventSchema.parse(cleaned(event, clean))),
    running: isLocked(folder),
    report: read.kind === "ok" ? reportSchema.parse(cleaned(read.report, clean)) : undefined,
    readLog: (path) => {
      const log = readLog(evidence, path);
      return log === undefined ? undefined : clean(log);
    },
    notes: [...warnings, ...(read.kind === "damaged" ? [`The evidence cannot be shown: report.json ${read.problem}.`] : [])],
  };
}

const eventSchema = eventEnvelope.and(eventBody);

/** The value with each of its texts cleaned. */
function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [clean(key), cleaned(one, clean)]));
}

/** Of one log; a page shows a few kilobytes of each. */
const MOST_BYTES = 1024 * 1024;

/** A log below the folder; a report is a file that anybody may have edited, so a path that leads out is none. */
function readLog(folder: string, path: string): string | undefined {
  try {
    const file = realpathSync(join(folder, path));
    if (!file.startsWith(realpathSync(folder) + sep)) return undefined;
    // A pipe would be waited for.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(descriptor);
      if (!facts.isFile()) return undefined;
      const bytes = Buffer.alloc(Math.min(MOST_BYTES, facts.size));
      return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Not there (any more): the page says so.
    return undefined;
  }
}
