import type { Catalogue, CatalogueEntry } from "../crq/catalogue/catalogue.ts";
import { isGiven } from "../crq/criteria/verdicts.ts";
import { approvalState } from "../crq/lifecycle/approval.ts";
import { type State, stateOf, unmetGuards } from "../crq/lifecycle/state.ts";
import type { Approval, CrqDiagnostic, Status, Verdict, Waiver } from "../crq/model.ts";
import { outcomeText } from "../session/show.ts";
import { currentTree } from "./facts/runs/current-tree.ts";
import { type FoundReport, type RunsOfCrq, readRuns } from "./facts/runs/runs.ts";

/** What is known of each CRQ without running anything: what its document says, and what the runs so far prove about the files as they are. */

export interface CrqStatus {
  readonly id: string | null;
  readonly path: string;
  readonly title: string;
  readonly kind: string | null;
  /** As the document says. */
  readonly stored: Status | null;
  readonly state: State;
  readonly reason: string | null;
  readonly approval: (Approval & { readonly state: "valid" | "void" | "by-agent" }) | null;
  /** Given by `--yes`: nobody was asked. */
  readonly unattended: boolean;
  readonly criteria: {
    readonly total: number;
    readonly withCheck: number;
    /** By the report; null: there is none. */
    readonly pass: number | null;
    readonly waived: number | null;
    readonly verdicts: readonly { readonly id: string; readonly verdict: Verdict; readonly reason: string }[];
  };
  readonly report: {
    readonly path: string;
    readonly from: "session" | "tree";
    /** ISO instant, and seconds since then. */
    readonly at: string;
    readonly age: number;
    readonly ok: boolean;
    readonly current: FoundReport["current"];
  } | null;
  readonly lastRun: {
    readonly session: string;
    readonly verb: string;
    readonly at: string;
    /** null: it runs, or was interrupted. */
    readonly outcome: string | null;
  } | null;
  readonly openQuestions: readonly string[];
  readonly waivers: readonly (Waiver & { readonly void: boolean })[];
  readonly supersededBy: readonly string[];
  /** What the stored status asks for and the document lacks. */
  readonly unmetGuards: readonly string[];
}

export interface StatusOfRepository {
  /** The present tree; null where there is none. */
  readonly tree: string | null;
  readonly crqs: readonly CrqStatus[];
  readonly problems: readonly CrqDiagnostic[];
}

/**
 * @param place `sessions` is the folder of this repository's sessions
 * @param entries those that are asked for; the whole catalogue otherwise
 */
export async function statusOf(
  place: { readonly root: string; readonly catalogue: Catalogue; readonly sessions: string; readonly now: number },
  entries: readonly CatalogueEntry[] = place.catalogue.entries,
): Promise<StatusOfRepository> {
  const tree = await currentTree(place.root, place.catalogue.folder);
  const runs = await readRuns({ ...place, tree });
  const crqs = entries.map((entry) => describe(entry, runs.of(entry), place.now));
  return { tree: tree ?? null, crqs, problems: [...place.catalogue.problems, ...runs.problems] };
}

function describe({ crq, id }: CatalogueEntry, runs: RunsOfCrq, now: number): CrqStatus {
  const { metadata } = crq;
  const { state, reason } = stateOf(crq, runs.facts);
  const approval = approvalState(crq);
  const living = crq.criteria.filter(({ withdrawn }) => withdrawn === undefined);
  const today = new Date(now).toISOString().slice(0, 10);
  const [last] = runs.sessions;
  return {
    id: id ?? null,
    path: crq.path,
    title: metadata?.title ?? crq.title?.text ?? "",
    kind: metadata?.kind ?? null,
    stored: metadata?.status ?? null,
    state,
    reason: reason ?? null,
    approval: metadata?.approval && approval.state !== "none" ? { ...metadata.approval, state: approval.state } : null,
    unattended: metadata?.approval?.via === "yes-flag",
    criteria: {
      total: living.length,
      withCheck: living.filter(({ checks }) => checks.length > 0).length,
      pass: runs.report?.report.totals.pass ?? null,
      waived: runs.report?.report.totals.waived ?? null,
      verdicts: runs.report?.report.criteria.map(({ id, verdict, reason }) => ({ id, verdict, reason })) ?? [],
    },
    report: runs.report ? reportOf(runs.report, now) : null,
    lastRun: last
      ? {
          session: last.id,
          verb: last.header.verb,
          at: new Date(last.startedAt).toISOString(),
          outcome: last.end.kind === "ended" ? outcomeText(last.end.outcome) : null,
        }
      : null,
    openQuestions: crq.questions.filter(({ answer }) => answer === undefined).map(({ id }) => id),
    waivers: (metadata?.waivers ?? []).map((waiver) => ({
      ...waiver,
      void: !isGiven(waiver, today),
    })),
    supersededBy: metadata?.supersededBy ?? [],
    unmetGuards: unmetGuards(crq),
  };
}

function reportOf({ path, from, at, report, current }: FoundReport, now: number): NonNullable<CrqStatus["report"]> {
  return {
    path,
    from,
    at: new Date(at).toISOString(),
    age: Math.max(0, Math.round((now - at) / 1000)),
    ok: report.gate.ok,
    current,
  };
}
