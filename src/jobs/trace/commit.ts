import { isSameId } from "../../crq/catalogue/catalogue.ts";
import { type Explanation, explainer, isBelow, isExplained } from "../../crq/criteria/report/changes/explained.ts";
import type { Verdict } from "../../crq/model.ts";
import { type Commit, readCommits } from "../../repo/commits.ts";
import {
  entriesOf,
  findEntry,
  historyNotes,
  type TracedCommit,
  type TracedCrq,
  type TracePlace,
  tracedCommit,
  tracedCrq,
  tracedReports,
  verdictIn,
} from "./trace.ts";

/** What a commit was made for, by its trailers, and whether its files are those that its CRQs ask for. */

export interface CommitTrace extends TracedCommit {
  readonly kind: "commit";
  readonly parents: readonly string[];
  readonly reasons: readonly CommitReason[];
  /** Its files; none of a merge. */
  readonly files: readonly CommitFile[];
  /** Of a merge: what it brought, newest first. */
  readonly merged: readonly TracedCommit[];
  /** Whether its trailers, or those of a commit that it merged, name a CRQ of this repository. */
  readonly explained: boolean;
  readonly notes: readonly string[];
}

export interface CommitReason extends TracedCrq {
  readonly criteria: readonly {
    readonly id: string;
    /** null: the CRQ has no such criterion. */
    readonly text: string | null;
    /** By the report in the tree. */
    readonly verdict: Verdict | null;
  }[];
  readonly report: { readonly path: string; readonly ok: boolean } | null;
}

export interface CommitFile {
  readonly status: string;
  readonly path: string;
  readonly from: string | null;
  /** It lies in the CRQ folder, which crq-agent itself writes to. */
  readonly own: boolean;
  /** CRQs that ask for it: those of the commit, or all of them where it names none. */
  readonly asked: readonly ({ readonly id: string } & Explanation)[];
}

/** More merged commits than anybody reads. */
const MOST_MERGED = 100;

export async function traceCommit(place: TracePlace, id: string): Promise<CommitTrace> {
  const { root, catalogue } = place;
  const [commit] = (await readCommits(root, ["--no-walk", id])).commits;
  if (commit === undefined) throw new Error(`git log told nothing of ${id}`);
  const merged = await mergedBy(place, commit);
  const commits = [commit, ...merged.commits];
  const named = [...new Set(commits.flatMap(({ crqs }) => crqs))].filter(
    (one) => place.only === undefined || isSameId(place.only.id ?? "", one),
  );
  const [notes, found] = await Promise.all([
    historyNotes(place),
    tracedReports(place, (of) => named.some((one) => isSameId(one, of))),
  ]);
  const traced = tracedCommit(commit);
  return {
    ...traced,
    kind: "commit",
    parents: commit.parents,
    reasons: named.map((one) => {
      const entry = findEntry(place, one);
      const report = found.reports.get(entry?.id ?? one);
      const criteria = new Set(commits.filter(({ crqs }) => crqs.includes(one)).flatMap((each) => each.criteria));
      return {
        ...tracedCrq(one, entry),
        criteria: [...criteria].map((ac) => ({
          id: ac,
          text: entry?.crq.criteria.find((criterion) => criterion.id === ac)?.text ?? null,
          verdict: report ? verdictIn(report.report, ac) : null,
        })),
        report: report ? { path: report.path, ok: report.ok } : null,
      };
    }),
    files: commit.changes.map(({ status, path, from }) => ({
      status,
      path,
      from: from ?? null,
      own: isBelow(path, catalogue.folder),
      asked: askedBy(place, named, path),
    })),
    merged: merged.commits.map(tracedCommit),
    explained: named.some((one) => findEntry(place, one) !== undefined),
    notes: [
      ...notes,
      ...(traced.mentions.length > 0 && named.length === 0
        ? [
            `its message speaks of ${traced.mentions.join(", ")}, but not in a trailer, which is the last paragraph alone: a squashed merge loses them`,
          ]
        : []),
      ...(merged.more ? [`it merged more than ${MOST_MERGED} commits; the rest is left out`] : []),
      ...found.notes,
    ],
  };
}

async function mergedBy({ root }: TracePlace, { commit, parents }: Commit) {
  const [first, ...others] = parents;
  if (first === undefined || others.length === 0) return { commits: [], more: false };
  return readCommits(root, [...others, `^${first}`], MOST_MERGED).then((found) => ({
    ...found,
    commits: found.commits.filter((one) => one.commit !== commit),
  }));
}

function askedBy(place: TracePlace, named: readonly string[], path: string): CommitFile["asked"] {
  const entries = entriesOf(place).filter(({ id }) => named.length === 0 || named.some((one) => isSameId(one, id ?? "")));
  return entries.flatMap(({ id, crq }) => {
    const asks = explainer(crq)(path);
    return id !== undefined && isExplained(asks) ? [{ id, ...asks }] : [];
  });
}
