import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalogue, CatalogueEntry } from "../../crq/catalogue/catalogue.ts";
import { isSameId } from "../../crq/catalogue/catalogue.ts";
import type { Explanation } from "../../crq/criteria/report/changes/explained.ts";
import type { CrqReport } from "../../crq/criteria/report/evidence.ts";
import type { Status, Verdict } from "../../crq/model.ts";
import { type Commit, type Commits, readCommits } from "../../repo/commits.ts";
import { tryGit } from "../../system/git.ts";
import { evidenceState, readReport, reportsInTree } from "../facts/runs/reports.ts";

/**
 * What the backward trace is made of. Three kinds of word are kept apart: what a document asks for, what commits say of themselves, and what a
 * report found. Writes nothing.
 */

export interface TracePlace {
  readonly root: string;
  readonly git: boolean;
  readonly catalogue: Catalogue;
  /** Of the CRQs to look at; absent: all. */
  readonly only?: CatalogueEntry;
}

/** A commit in a trace. */
export interface TracedCommit {
  readonly commit: string;
  readonly date: string;
  readonly subject: string;
  readonly crqs: readonly string[];
  readonly criteria: readonly string[];
  readonly assistedBy: readonly string[];
  /** CRQs that the message speaks of outside of its trailers, as the message of a squashed merge does. */
  readonly mentions: readonly string[];
}

/** What is known of a CRQ in a trace. */
export interface TracedCrq {
  readonly id: string;
  /** null: the repository has no CRQ of that id. */
  readonly document: { readonly path: string; readonly title: string; readonly status: Status | null } | null;
}

export interface TracedReport {
  /** Relative to the repository. */
  readonly path: string;
  readonly ok: boolean;
  readonly report: CrqReport;
}

export const NOTHING_ASKED: Explanation = { scope: false, criteria: [], steps: [] };

export function tracedCommit({ commit, date, subject, crqs, criteria, assistedBy, message }: Commit): TracedCommit {
  const spoken = [...message.matchAll(/\bCRQ-\d{3,7}\b/giu)].map(([id]) => id.toUpperCase());
  const mentions = [...new Set(spoken)].filter((id) => !crqs.some((own) => isSameId(own, id)));
  return { commit, date, subject, crqs, criteria, assistedBy, mentions };
}

export const entriesOf = ({ catalogue, only }: TracePlace): readonly CatalogueEntry[] => (only ? [only] : catalogue.entries);

export const findEntry = (place: TracePlace, id: string): CatalogueEntry | undefined =>
  entriesOf(place).find((entry) => entry.id !== undefined && isSameId(entry.id, id));

/** @param entry undefined: the repository has no CRQ of that id */
export function tracedCrq(id: string, entry: CatalogueEntry | undefined): TracedCrq {
  if (entry === undefined) return { id, document: null };
  const { crq } = entry;
  return {
    id: entry.id ?? id,
    document: {
      path: crq.path,
      title: crq.metadata?.title ?? crq.title?.text ?? "",
      status: crq.metadata?.status ?? null,
    },
  };
}

/**
 * The reports of the tree by id of their CRQ, and a sentence for each that cannot be relied on.
 * @param wanted whether a report is of interest, by the id of its CRQ and its text: a repository may hold thousands
 */
export async function tracedReports(
  place: TracePlace,
  wanted: (id: string, text: () => string) => boolean,
): Promise<{ readonly reports: ReadonlyMap<string, TracedReport>; readonly notes: readonly string[] }> {
  const reports = new Map<string, TracedReport>();
  const notes: string[] = [];
  for (const [id, { path }] of await reportsInTree(place.root, place.catalogue.folder)) {
    const entry = findEntry(place, id);
    if (place.only !== undefined && entry === undefined) continue;
    const file = join(place.root, path);
    if (!wanted(id, () => readFileSync(file, "utf8"))) continue;
    const read = readReport(file);
    if (read.kind === "damaged") notes.push(`${path} ${read.problem}; it is left out`);
    if (read.kind !== "ok") continue;
    const closed = entry?.crq.metadata?.evidence;
    if (closed?.report === path && evidenceState(place.root, path, closed.sha256) === "altered")
      notes.push(`${path} was changed after ${id} was closed with it; run crq-agent verify ${id}`);
    reports.set(id, { path, ok: read.report.gate.ok, report: read.report });
  }
  return { reports, notes };
}

export const verdictIn = (report: CrqReport, criterion: string): Verdict | null =>
  report.criteria.find(({ id }) => id === criterion)?.verdict ?? null;

/** Commits of the history of HEAD; none where there is no history. */
export async function historyOf(place: TracePlace, selection: readonly string[], limit?: number): Promise<Commits> {
  return place.git && (await hasHead(place)) ? readCommits(place.root, selection, limit) : { commits: [], more: false };
}

const hasHead = async ({ root }: TracePlace): Promise<boolean> =>
  (await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { cwd: root })).exit === 0;

/** What history cannot tell here. */
export async function historyNotes(place: TracePlace): Promise<readonly string[]> {
  const { root, git } = place;
  if (!git) return [`${root} is no git repository: there are no commits to ask`];
  if (!(await hasHead(place))) return ["there is no commit yet"];
  const shallow = await tryGit(["rev-parse", "--is-shallow-repository"], { cwd: root });
  return shallow.stdout.trim() === "true"
    ? ["the history is cut off (a shallow clone): older commits are not seen; `git fetch --unshallow` brings them"]
    : [];
}
