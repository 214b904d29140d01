import { join } from "node:path";
import { z } from "zod";
import type { Catalogue, CatalogueEntry } from "../../../crq/catalogue/catalogue.ts";
import type { CrqReport } from "../../../crq/criteria/report/evidence.ts";
import { numberOf, readFileName } from "../../../crq/ids.ts";
import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { RunFacts } from "../../../crq/lifecycle/state.ts";
import type { CrqDiagnostic } from "../../../crq/model.ts";
import { readBriefs, type SessionBrief } from "../../../session/brief.ts";
import { outcomeText } from "../../../session/show.ts";
import { isWhole, readReport, reportsInTree } from "./reports.ts";

/** Which runs and reports there are of each CRQ: in the sessions of this machine, and in the tree, which everybody has. One pass over both. */

export interface FoundReport {
  readonly report: CrqReport;
  /** In the tree relative to the repository, in a session's folder absolute. */
  readonly path: string;
  readonly from: "session" | "tree";
  readonly sha256: string;
  /** UTC milliseconds: when its run ended, or when it was committed. */
  readonly at: number;
  /** Whether it is about the criteria and about the files as they are now. */
  readonly current: { readonly criteria: boolean; readonly files: boolean };
}

export interface RunsOfCrq {
  readonly report: FoundReport | undefined;
  /** Newest first; apply and verify. */
  readonly sessions: readonly SessionBrief[];
  readonly facts: RunFacts;
}

/** What apply and verify keep of the CRQ they run for; older journals lack some of it. */
const request = z.object({
  crq: z.string(),
  id: z.string().exactOptional(),
  tree: z.string().nullable().exactOptional(),
  hash: z.string().nullable().exactOptional(),
  baselineOnly: z.boolean().exactOptional(),
});
const handOver = z.object({ handOver: z.object({ branch: z.string() }).or(z.object({ path: z.string() })) });

export interface RunsOfRepository {
  of(entry: CatalogueEntry): RunsOfCrq;
  /** Damaged journals and reports; all are known once every entry was asked for. */
  readonly problems: readonly CrqDiagnostic[];
}

/** @param place `sessions` is the folder of this repository's sessions; `tree` is the present one */
export async function readRuns(place: {
  readonly root: string;
  readonly catalogue: Catalogue;
  readonly sessions: string;
  readonly tree: string | undefined;
}): Promise<RunsOfRepository> {
  const { sessions, damaged } = readBriefs(place.sessions);
  const inTree = await reportsInTree(place.root, place.catalogue.folder);
  const problems: CrqDiagnostic[] = damaged.map(({ file, problem }) =>
    warning(file, `damaged journal: ${problem}; the state is worked out without it`),
  );
  const byCrq = sessionsByCrq(sessions, place.catalogue);
  return {
    problems,
    of(entry) {
      const own = byCrq.get(entry.crq.path) ?? [];
      const report = newestReport(entry, own);
      return { report, sessions: own, facts: factsOf(own, report, (session) => isMerged(entry, session), place.tree) };
    },
  };

  /** Whether the tree carries a report about the files that this run handed over. */
  function isMerged({ id }: CatalogueEntry, { folder }: SessionBrief): boolean {
    const carried = id === undefined ? undefined : inTree.get(id);
    if (carried === undefined) return false;
    const [there, own] = [join(place.root, carried.path), join(folder, "report", "report.json")].map(readReport);
    return there?.kind === "ok" && own?.kind === "ok" && there.report.subject.tree === own.report.subject.tree;
  }

  function newestReport({ crq, id }: CatalogueEntry, own: readonly SessionBrief[]): FoundReport | undefined {
    const hash = approvalHash(crq);
    const carried = id === undefined ? undefined : inTree.get(id);
    const candidates = [
      ...own.map(({ folder, startedAt, end }) => ({
        path: join(folder, "report", "report.json"),
        file: join(folder, "report", "report.json"),
        from: "session" as const,
        at: end.kind === "ended" ? end.at : startedAt,
      })),
      ...(carried ? [{ path: carried.path, file: join(place.root, carried.path), from: "tree" as const, at: carried.at }] : []),
    ].sort((a, b) => b.at - a.at);
    let newest: FoundReport | undefined;
    for (const { file, ...candidate } of candidates) {
      const read = readReport(file);
      if (read.kind === "damaged")
        problems.push(warning(candidate.path, `damaged report: it ${read.problem}; the state is worked out without it`));
      if (read.kind !== "ok" || !isWhole(read.report)) continue;
      const { report, sha256 } = read;
      const current = { criteria: report.crq.hash === (hash ?? null), files: report.subject.tree === place.tree };
      const found: FoundReport = { report, sha256, current, ...candidate };
      if (current.criteria && current.files) return found;
      newest ??= found;
    }
    return newest;
  }
}

/** By path of the document. One that was renamed since is known by its number. */
function sessionsByCrq(sessions: readonly SessionBrief[], { entries }: Catalogue): ReadonlyMap<string, readonly SessionBrief[]> {
  const byCrq = new Map<string, SessionBrief[]>(entries.map(({ crq }) => [crq.path, []]));
  const byNumber = new Map(entries.map(({ id, crq }) => [numberOf(id ?? ""), crq.path]));
  for (const session of sessions) {
    const about = request.safeParse(session.header.request).data;
    // The base alone says nothing about how far the work is.
    if (about === undefined || about.baselineOnly) continue;
    if (session.header.verb !== "apply" && session.header.verb !== "verify") continue;
    const number = numberOf(about.id ?? readFileName(about.crq.split("/").at(-1) ?? "")?.id ?? "");
    const path = byCrq.has(about.crq) || number === undefined ? about.crq : byNumber.get(number);
    byCrq.get(path ?? "")?.push(session);
  }
  return byCrq;
}

function factsOf(
  sessions: readonly SessionBrief[],
  found: FoundReport | undefined,
  isMerged: (session: SessionBrief) => boolean,
  tree: string | undefined,
): RunFacts {
  const last = sessions.find(({ header }) => header.verb === "apply");
  const unended = last && unendedText(last);
  return {
    tree,
    started: sessions.length > 0,
    ...(found && { report: { ok: found.report.gate.ok, hash: found.report.crq.hash, tree: found.report.subject.tree } }),
    ...(unended === undefined && last?.end.kind === "ended" && { lastApply: lastApplyOf(last, last.end, isMerged) }),
    ...(unended !== undefined && { unended }),
  };
}

function unendedText({ id, end }: SessionBrief): string | undefined {
  switch (end.kind) {
    case "running":
      return "is being applied by another process";
    case "open":
      return `an apply was interrupted; go on with crq-agent sessions resume ${id}`;
    case "ended":
      return end.outcome.kind === "interrupted"
        ? `an apply was interrupted; go on with crq-agent sessions resume ${id}`
        : undefined;
  }
}

function lastApplyOf(
  session: SessionBrief,
  { outcome, detail }: Extract<SessionBrief["end"], { kind: "ended" }>,
  isMerged: (session: SessionBrief) => boolean,
): NonNullable<RunFacts["lastApply"]> {
  const { id, header } = session;
  const about = request.safeParse(header.request).data;
  const given = handOver.safeParse(detail).data?.handOver;
  return {
    ok: outcome.kind === "done" || outcome.kind === "nothing-to-do",
    outcome:
      outcome.kind === "question" ? `${outcomeText(outcome)}; take it with crq-agent sessions take ${id}` : outcomeText(outcome),
    tree: about?.tree ?? undefined,
    hash: about?.hash ?? undefined,
    ...(given && !isMerged(session) && { handedOver: "branch" in given ? `branch ${given.branch}` : given.path }),
  };
}

const warning = (file: string, message: string): CrqDiagnostic => ({
  severity: "warning",
  rule: "lifecycle/damaged",
  message,
  file,
  line: 1,
  column: 1,
});
