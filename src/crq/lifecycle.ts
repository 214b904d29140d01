import { approvalHash, approvalState } from "./approval.ts";
import type { Crq, Status } from "./model.ts";

/** States shown by `status`: the stored ones and those worked out from runs and reports, which are never stored. */
export type State = Status | "in-progress" | "verified" | "stale" | "blocked";

/** What is known of the runs of one CRQ, read from session journals and reports by the caller. */
export interface RunFacts {
  /** Tree hash of the target as it is now (tracked files without the CRQ folder). */
  readonly tree: string;
  /** The newest report. */
  readonly report?: {
    readonly ok: boolean;
    /** Approval hash of the CRQ that was verified. */
    readonly hash: string;
    readonly tree: string;
  };
  /** The last `apply` run that ended. */
  readonly lastApply?: { readonly ok: boolean; readonly outcome: string; readonly tree: string };
  /** Whether any run of this CRQ was started. */
  readonly started?: boolean;
}

export interface StateOf {
  readonly state: State;
  /** Why it is not what the document says, or the outcome of the run that ended without success. */
  readonly reason?: string;
}

/**
 * The state of a CRQ; the first rule that fits counts. An approval that no longer covers the text, or was not given by a person, is void
 * and the CRQ counts as `proposed`.
 */
export function stateOf(crq: Crq, runs: RunFacts | undefined): StateOf {
  const status = crq.metadata?.status ?? "draft";
  if (status !== "approved") return { state: status };
  const approval = approvalState(crq);
  switch (approval.state) {
    case "none":
      return { state: "proposed", reason: "approved without an approval" };
    case "void":
      return { state: "proposed", reason: "Scope or Acceptance Criteria changed since the approval" };
    case "by-agent":
      return { state: "proposed", reason: `approved by ${approval.by}, which is no person` };
    case "valid":
      return derived(approvalHash(crq), runs);
  }
}

function derived(hash: string | undefined, runs: RunFacts | undefined): StateOf {
  if (runs === undefined) return { state: "approved" };
  const { report, lastApply, tree } = runs;
  if (report?.ok === true) {
    if (report.hash === hash && report.tree === tree) return { state: "verified" };
    return {
      state: "stale",
      reason: report.hash === hash ? "the files changed since the report" : "the criteria changed since the report",
    };
  }
  if (lastApply !== undefined && !lastApply.ok && lastApply.tree === tree) return { state: "blocked", reason: lastApply.outcome };
  return runs.started === true || report !== undefined || lastApply !== undefined
    ? { state: "in-progress" }
    : { state: "approved" };
}
