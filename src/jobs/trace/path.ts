import { type CatalogueEntry, isSameId } from "../../crq/catalogue/catalogue.ts";
import { type Explanation, explainer, isBelow, isExplained } from "../../crq/criteria/report/changes/explained.ts";
import type { Verdict } from "../../crq/model.ts";
import {
  entriesOf,
  historyNotes,
  historyOf,
  NOTHING_ASKED,
  type TracedCommit,
  type TracedCrq,
  type TracedReport,
  type TracePlace,
  tracedCommit,
  tracedCrq,
  tracedReports,
  verdictIn,
} from "./trace.ts";

/** Why a file is as it is: which CRQs, criteria, steps and commits explain it. */

export interface PathTrace {
  readonly kind: "path";
  /** Relative to the repository. */
  readonly path: string;
  /** `gone`: only earlier commits hold it. `present`: there is no git to ask. */
  readonly state: "tracked" | "folder" | "untracked" | "gone" | "present";
  /** Earlier names of a file that was moved. */
  readonly earlier: readonly string[];
  readonly crqs: readonly PathReason[];
  /** Commits that changed it and whose trailers name no CRQ of this repository. */
  readonly unexplained: readonly TracedCommit[];
  /** Whether a commit or a report says for which CRQ of this repository it was changed; that a document asks for it is not enough. */
  readonly explained: boolean;
  readonly notes: readonly string[];
}

export interface PathReason extends TracedCrq {
  readonly asks: Explanation;
  /** Newest first. */
  readonly commits: readonly TracedCommit[];
  readonly report: {
    readonly path: string;
    readonly ok: boolean;
    /** Criteria that the report counts the file to. */
    readonly criteria: readonly { readonly id: string; readonly verdict: Verdict | null }[];
    /** The report says that nobody asked for the change. */
    readonly unrequested: boolean;
  } | null;
}

/** More commits of one file than anybody reads. */
const MOST_COMMITS = 500;

export async function tracePath(place: TracePlace, path: string, state: PathTrace["state"]): Promise<PathTrace> {
  const history = await changesOf(place, path, state);
  const names = [path, ...history.names];
  const [notes, found] = await Promise.all([historyNotes(place), tracedReports(place, (_, text) => namesOne(text(), names))]);
  const known = entriesOf(place).flatMap((entry) => {
    const { id } = entry;
    if (id === undefined) return [];
    const asks = asksFor(entry, names);
    const commits = history.commits.filter(({ crqs }) => crqs.some((one) => isSameId(one, id)));
    const report = reasonInReport(found.reports.get(id), names, state);
    return isExplained(asks) || commits.length > 0 || report !== null ? [{ ...tracedCrq(id, entry), asks, commits, report }] : [];
  });
  const strangers = place.only
    ? []
    : [...new Set(history.commits.flatMap(({ crqs }) => crqs))].filter((id) => !known.some((one) => isSameId(one.id, id)));
  const crqs: readonly PathReason[] = [
    ...known,
    ...strangers.map((id) => ({
      ...tracedCrq(id, undefined),
      asks: NOTHING_ASKED,
      commits: history.commits.filter((commit) => commit.crqs.includes(id)),
      report: null,
    })),
  ].sort((a, b) => b.commits.length - a.commits.length);
  return {
    kind: "path",
    path,
    state,
    earlier: history.earlier,
    crqs,
    unexplained: history.commits.filter((commit) => commit.crqs.length === 0),
    explained: known.some(({ commits, report }) => commits.length > 0 || (report !== null && report.criteria.length > 0)),
    notes: [
      ...notes,
      ...(state === "untracked" ? ["git does not know it, so no run has looked at it"] : []),
      ...(isBelow(path, place.catalogue.folder) ? ["it lies in the CRQ folder, which crq-agent itself writes to"] : []),
      ...(history.more ? [`more than ${MOST_COMMITS} commits changed it; older ones are left out`] : []),
      ...found.notes,
    ],
  };
}

interface History {
  readonly commits: readonly TracedCommit[];
  readonly earlier: readonly string[];
  /** Of the file through time, or of the files in the folder. */
  readonly names: readonly string[];
  readonly more: boolean;
}

async function changesOf(place: TracePlace, path: string, state: PathTrace["state"]): Promise<History> {
  if (state === "untracked") return { commits: [], earlier: [], names: [], more: false };
  // git follows one file through its names; of a folder it only knows the one name.
  const follow = state === "folder" ? [] : ["--follow"];
  const { commits, more } = await historyOf(place, [...follow, "HEAD", "--", path], MOST_COMMITS);
  const changes = commits.flatMap((commit) => commit.changes);
  return {
    commits: commits.map(tracedCommit),
    earlier: state === "folder" ? [] : [...new Set(changes.flatMap(({ from }) => from ?? []))].filter((name) => name !== path),
    names: [...new Set(changes.flatMap((change) => [change.path, change.from ?? change.path]))].filter((name) => name !== path),
    more,
  };
}

/** Whether a report's text may speak of one of the paths. */
const namesOne = (text: string, paths: readonly string[]): boolean =>
  paths.some((path) => text.includes(JSON.stringify(path).slice(1, -1)));

/** What was asked for under an earlier name, or of something in a folder, was asked for. */
function asksFor({ crq }: CatalogueEntry, names: readonly string[]): Explanation {
  const all = names.map(explainer(crq));
  const criteria = new Map(all.flatMap((one) => one.criteria).map((criterion) => [criterion.id, criterion]));
  const steps = new Map(all.flatMap((one) => one.steps).map((step) => [step.number, step]));
  return { scope: all.some(({ scope }) => scope), criteria: [...criteria.values()], steps: [...steps.values()] };
}

function reasonInReport(
  found: TracedReport | undefined,
  names: readonly string[],
  state: PathTrace["state"],
): PathReason["report"] {
  if (found === undefined) return null;
  const { report } = found;
  const [path = ""] = names;
  const isIt = (file: string): boolean => names.includes(file) || (state === "folder" && isBelow(file, path));
  const criteria = report.criteria
    .filter(({ changedFiles }) => changedFiles.some(isIt))
    .map(({ id }) => ({ id, verdict: verdictIn(report, id) }));
  const unrequested = report.unrequested.some(isIt);
  return criteria.length > 0 || unrequested ? { path: found.path, ok: found.ok, criteria, unrequested } : null;
}
