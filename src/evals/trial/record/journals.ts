import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Event } from "../../../agent/events.ts";
import { JOURNAL_FILE } from "../../../session/journal.ts";
import { JournalError, parseJournal } from "../../../session/read-journal.ts";
import { MISSES_FILE } from "../../../session/store.ts";
import { errorCode } from "../../../system/error.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import { readLeft } from "./left-file.ts";

/** What the sessions of one trial left: a draft and a change have one each. */
export interface Journals {
  /** In the order in which they were written; each session begins with its header. */
  readonly events: readonly Event[];
  readonly misses: TrialRow["worldMisses"];
}

const MAX_SESSIONS = 100;
/** Bytes: requests, replies and tool results of the longest trials are a few megabytes. */
const MAX_JOURNAL = 256 * 1024 * 1024;

const missSchema = z.strictObject({ method: z.string(), url: z.string(), status: z.int(), at: z.string() });

/**
 * @param state the trial's XDG_STATE_HOME
 * @throws JournalError for a damaged one
 */
export async function readJournals(state: string): Promise<Journals> {
  const root = join("crq-agent", "sessions");
  const folders: string[] = [];
  for (const key of await names(join(state, root)))
    for (const id of await names(join(state, root, key))) folders.push(join(root, key, id));
  if (folders.length > MAX_SESSIONS)
    throw new JournalError(
      join(state, root),
      0,
      `holds ${folders.length} sessions; a trial has a few, and at most ${MAX_SESSIONS} are read`,
    );
  const sessions: { readonly events: readonly Event[]; readonly misses: TrialRow["worldMisses"] }[] = [];
  for (const folder of folders) {
    const file = join(state, folder, JOURNAL_FILE);
    const journal = await wholeFile(state, join(folder, JOURNAL_FILE));
    // One that died before its first line has nothing to tell.
    if (journal === undefined) continue;
    const { events } = parseJournal(file, journal);
    if (events.length === 0) throw new JournalError(file, 0, "holds no whole line: the session died before it began");
    const lacked = await wholeFile(state, join(folder, MISSES_FILE));
    sessions.push({ events, misses: missesIn(join(state, folder, MISSES_FILE), lacked?.toString("utf8") ?? "") });
  }
  sessions.sort((a, b) => (a.events[0]?.at ?? 0) - (b.events[0]?.at ?? 0));
  return { events: sessions.flatMap(({ events }) => events), misses: sessions.flatMap(({ misses }) => misses) };
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** @throws JournalError for a link, or for more than a session can have written */
async function wholeFile(state: string, path: string): Promise<Buffer | undefined> {
  const left = await readLeft(state, path, MAX_JOURNAL);
  switch (left.kind) {
    case "absent":
      return undefined;
    case "refused":
      throw new JournalError(join(state, path), 0, left.why);
    case "read":
      if (left.whole) return left.bytes;
      throw new JournalError(join(state, path), 0, `is larger than ${MAX_JOURNAL} bytes`);
  }
}

/** A line that was torn when the program was killed is none. @throws JournalError for one that is no miss */
function missesIn(file: string, text: string): TrialRow["worldMisses"] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line, at) => {
      const read = missSchema.safeParse(parsed(line));
      if (!read.success) throw new JournalError(file, at + 1, "is no request that the world lacked");
      return read.data;
    });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
