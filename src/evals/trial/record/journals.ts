import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Event } from "../../../agent/events.ts";
import { JOURNAL_FILE } from "../../../session/journal.ts";
import { readJournal } from "../../../session/read-journal.ts";
import { MISSES_FILE } from "../../../session/store.ts";
import { errorCode } from "../../../system/error.ts";
import type { TrialRow } from "../../results/trial-row.ts";

/** What the sessions of one trial left: a draft and a change have one each. */
export interface Journals {
  /** In the order in which they were written; each session begins with its header. */
  readonly events: readonly Event[];
  readonly misses: TrialRow["worldMisses"];
}

const missSchema = z.strictObject({ method: z.string(), url: z.string(), status: z.int(), at: z.string() });

/**
 * @param state the trial's XDG_STATE_HOME
 * @throws JournalError for a damaged one
 */
export async function readJournals(state: string): Promise<Journals> {
  const root = join(state, "crq-agent", "sessions");
  const folders: string[] = [];
  for (const key of await names(root)) for (const id of await names(join(root, key))) folders.push(join(root, key, id));
  const sessions: { readonly events: readonly Event[]; readonly misses: TrialRow["worldMisses"] }[] = [];
  for (const folder of folders) {
    // One that died before its first line has nothing to tell.
    if (!(await names(folder)).includes(JOURNAL_FILE)) continue;
    sessions.push({
      events: readJournal(join(folder, JOURNAL_FILE)).events,
      misses: await readMisses(join(folder, MISSES_FILE)),
    });
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

async function readMisses(file: string): Promise<TrialRow["worldMisses"]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => missSchema.parse(JSON.parse(line)));
}
