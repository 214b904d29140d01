import { resolve } from "node:path";
import type { CatalogueEntry } from "../../crq/catalogue/catalogue.ts";
import { isSameId } from "../../crq/catalogue/catalogue.ts";
import { changesByCriterion } from "../../crq/criteria/report/changes/by-criterion.ts";
import { isNeverChecked } from "../../crq/criteria/report/formats/checked.ts";
import type { PlanStep, Verdict } from "../../crq/model.ts";
import { speakingOf } from "../../repo/commits.ts";
import { readReport } from "../facts/runs/reports.ts";
import { historyNotes, historyOf, type TracedCommit, type TracePlace, tracedCommit } from "./trace.ts";

/** The forward trace: from a criterion to its steps, files, commits and evidence. */

export interface CriterionTrace {
  readonly steps: readonly Pick<PlanStep, "number" | "text">[];
  /** By the newest report, and of the commits below. */
  readonly files: readonly string[];
  /** Of this history, whose trailers name the CRQ and the criterion, newest first. */
  readonly commits: readonly TracedCommit[];
  readonly evidence: {
    /** The report's own path: relative in the tree, absolute in a session's folder. */
    readonly path: string;
    readonly verdict: Verdict | null;
    readonly checked: boolean;
    readonly logs: readonly { readonly path: string; readonly sha256: string }[];
  } | null;
  readonly notes: readonly string[];
}

/** @param report the newest one of the CRQ, as its status names it */
export async function traceCriterion(
  place: TracePlace,
  { crq, id }: CatalogueEntry,
  criterion: string,
  report: { readonly path: string } | null,
): Promise<CriterionTrace> {
  const { commits, more } = await historyOf(place, [...speakingOf(id ?? ""), "HEAD"]);
  const own = commits.filter(({ crqs, criteria }) => crqs.some((one) => isSameId(one, id ?? "")) && criteria.includes(criterion));
  const read = report === null ? undefined : readReport(resolve(place.root, report.path));
  const evidence = read?.kind === "ok" ? read.report.criteria.find((one) => one.id === criterion) : undefined;
  const touched = [...new Set(own.flatMap(({ changes }) => changes.map(({ path }) => path)))].sort();
  const trailed = own.map(({ commit, criteria, changes }) => ({
    commit,
    crqs: [crq.metadata?.id ?? crq.title?.id ?? ""],
    criteria,
    paths: changes.map(({ path }) => path),
  }));
  const byCommits = changesByCriterion(crq, touched, trailed, place.catalogue.folder)[criterion]?.files ?? [];
  return {
    steps: crq.steps.filter((step) => step.criteria.includes(criterion)).map(({ number, text }) => ({ number, text })),
    files: [...new Set([...(evidence?.changedFiles ?? []), ...byCommits])].sort(),
    commits: own.map(tracedCommit),
    evidence:
      report === null || evidence === undefined
        ? null
        : {
            path: report.path,
            verdict: evidence.verdict,
            checked: !isNeverChecked(evidence.verdict),
            logs: evidence.checks.map(({ log }) => ({ path: log.path, sha256: log.sha256 })),
          },
    notes: [
      ...(await historyNotes(place)),
      ...(more ? ["more commits speak of it than were looked at; the oldest are left out"] : []),
    ],
  };
}
