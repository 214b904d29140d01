import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { type Event, eventBody, eventEnvelope } from "../agent/events.ts";
import type { Outcome } from "../agent/outcome.ts";
import { errorCode, errorText } from "../system/error.ts";
import { JOURNAL_FILE, type SessionHeader } from "./journal.ts";
import { isLocked } from "./lock.ts";

/**
 * What the first and the last line of a journal say: enough to know which run it was and how it ended, without reading the megabytes
 * between them. `status` looks at every session of a repository.
 */
export interface SessionBrief {
  readonly id: string;
  readonly folder: string;
  readonly header: SessionHeader;
  /** UTC milliseconds. */
  readonly startedAt: number;
  readonly end:
    | { readonly kind: "running" }
    /** Killed, or still to be resumed. */
    | { readonly kind: "open" }
    | {
        readonly kind: "ended";
        readonly outcome: Outcome;
        readonly detail: Readonly<Record<string, unknown>>;
        readonly at: number;
      };
}

export interface SessionBriefs {
  /** Newest first. */
  readonly sessions: readonly SessionBrief[];
  /** Journals that cannot be read; nothing is guessed about them. */
  readonly damaged: readonly { readonly file: string; readonly problem: string }[];
}

/** @param folder of one repository's sessions; one that does not exist holds none */
export function readBriefs(folder: string): SessionBriefs {
  const sessions: SessionBrief[] = [];
  const damaged: { file: string; problem: string }[] = [];
  for (const id of folders(folder)) {
    const file = join(folder, id, JOURNAL_FILE);
    try {
      const { first, last } = endsOf(file);
      const header = eventOf(first, 1);
      if (header.type !== "session") throw new Error(`line 1 is "${header.type}", not the session header`);
      const { seq: _, at: startedAt, ...rest } = header;
      sessions.push({ id, folder: join(folder, id), header: rest, startedAt, end: endOf(last, join(folder, id)) });
    } catch (error) {
      damaged.push({ file, problem: errorText(error) });
    }
  }
  return { sessions: sessions.sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1)), damaged };
}

function endOf(last: string, folder: string): SessionBrief["end"] {
  const event = eventOf(last, "last");
  if (event.type === "outcome") return { kind: "ended", outcome: event.outcome, detail: event.detail ?? {}, at: event.at };
  return isLocked(folder) ? { kind: "running" } : { kind: "open" };
}

function eventOf(line: string, number: number | "last"): Event {
  const where = number === "last" ? "its last line" : `line ${number}`;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`${where} is not JSON`);
  }
  const envelope = eventEnvelope.safeParse(json);
  const body = eventBody.safeParse(json);
  if (!envelope.success || !body.success) throw new Error(`${where} is no event of this version`);
  return { ...envelope.data, ...body.data };
}

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

/** The first and the last whole line; a torn one at the end is as if it had never been written. */
function endsOf(file: string): { readonly first: string; readonly last: string } {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const read = (from: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, from));
    };
    let head = read(0, Math.min(CHUNK, size));
    while (head.indexOf(NEWLINE) < 0 && head.length < size) head = read(0, Math.min(head.length * 4, size));
    const firstEnd = head.indexOf(NEWLINE);
    if (firstEnd < 0) throw new Error("it holds no whole line");
    for (let length = Math.min(CHUNK, size); ; length = Math.min(length * 4, size)) {
      const tail = read(size - length, length);
      const end = tail.lastIndexOf(NEWLINE);
      const start = end <= 0 ? -1 : tail.lastIndexOf(NEWLINE, end - 1);
      if (end >= 0 && (start >= 0 || length === size))
        return { first: head.toString("utf8", 0, firstEnd), last: tail.toString("utf8", start + 1, end) };
    }
  } finally {
    closeSync(descriptor);
  }
}

function folders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, JOURNAL_FILE)))
      .map((entry) => entry.name);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
