import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Outcome } from "../agent/outcome.ts";
import { didYouMean } from "../agent/text/nearest.ts";
import { fold } from "./fold.ts";
import { JOURNAL_FILE } from "./journal.ts";
import { isLocked } from "./lock.ts";
import { readJournal } from "./read-journal.ts";

/** The folder of all sessions: `<root>/<repository key>/<session id>/events.jsonl`, outside of every checkout. */

/** In a session's folder: what an offline world had no answer for. */
export const MISSES_FILE = "misses.jsonl";

/** UTC time to the second and six random characters: sorts by time, and a few characters name one. */
export function newSessionId(now: Date = new Date(), random: Uint8Array = randomBytes(3)): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/gu, "");
  return `${time}-${Buffer.from(random).toString("hex").slice(0, 6)}`;
}

/**
 * Key of a repository: its folder's name for people and a hash of its path for uniqueness.
 * @param directory absolute, with links resolved
 */
export function repositoryKey(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-|-$/gu, "")
    .slice(0, 40);
  return `${name === "" ? "root" : name}-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}

/** @param root the sessions folder, such as `$XDG_STATE_HOME/crq-agent/sessions` */
export const sessionFolder = (root: string, key: string, id: string): string => join(root, key, id);

export interface SessionSummary {
  readonly id: string;
  readonly key: string;
  readonly folder: string;
  readonly verb: string;
  readonly model: string;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly state:
    | { readonly kind: "running" }
    | { readonly kind: "interrupted" }
    | { readonly kind: "ended"; readonly outcome: Outcome }
    /** The journal cannot be read; nothing is guessed about it. */
    | { readonly kind: "damaged"; readonly problem: string };
}

/** All sessions, newest first; of one repository when `key` is given. */
export function listSessions(root: string, key?: string): readonly SessionSummary[] {
  const keys = key === undefined ? names(root) : [key];
  return keys
    .flatMap((name) => names(join(root, name)).map((id) => summarize(root, name, id)))
    .sort((a, b) => compare(secondOf(b), secondOf(a)) || b.startedAt - a.startedAt || compare(b.id, a.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `20260101T000000Z`: a damaged session has no other time. Within one second the journals tell which was later. */
const secondOf = ({ id }: SessionSummary): string => id.slice(0, 16);

export type FoundSession =
  | { readonly kind: "found"; readonly session: SessionSummary }
  | { readonly kind: "none"; readonly problem: string }
  | { readonly kind: "ambiguous"; readonly problem: string; readonly candidates: readonly SessionSummary[] };

/** The session whose id begins with, or whose random part is, `prefix`; `last` is the newest. */
export function findSession(root: string, prefix: string, key?: string): FoundSession {
  const all = listSessions(root, key);
  const candidates =
    prefix === "last" ? all.slice(0, 1) : all.filter(({ id }) => id.startsWith(prefix) || id.endsWith(`-${prefix}`));
  const [session, second] = candidates;
  if (session === undefined) {
    const known = all.slice(0, 3).map(({ id }) => id);
    const hint = known.length === 0 ? `there are no sessions in ${root}` : `the newest are ${known.join(", ")}`;
    const names = all.flatMap(({ id }) => [id, id.split("-")[1] ?? ""]);
    return { kind: "none", problem: `no session "${prefix}": ${hint}${didYouMean(prefix, names)}` };
  }
  if (second === undefined) return { kind: "found", session };
  return {
    kind: "ambiguous",
    candidates,
    problem: `"${prefix}" names ${candidates.length} sessions: ${candidates.map(({ id }) => id).join(", ")}; give more of the id`,
  };
}

function summarize(root: string, key: string, id: string): SessionSummary {
  const folder = sessionFolder(root, key, id);
  const unknown = { id, key, folder, verb: "", model: "", startedAt: 0, lastAt: 0 };
  try {
    const { events } = readJournal(join(folder, JOURNAL_FILE));
    const { header, startedAt, lastAt, outcome } = fold(events);
    const known = { ...unknown, verb: header.verb, model: header.model, startedAt, lastAt };
    if (isLocked(folder)) return { ...known, state: { kind: "running" } };
    return { ...known, state: outcome === undefined ? { kind: "interrupted" } : { kind: "ended", outcome } };
  } catch (error) {
    return { ...unknown, state: { kind: "damaged", problem: error instanceof Error ? error.message : String(error) } };
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
