import type { Crq, Status } from "../model.ts";
import { readHistory } from "../parse/sections/history.ts";
import { approvalHash, approvalState } from "./approval.ts";

/** States shown by `status`: the stored ones and those worked out from runs and reports, which are never stored. */
export type State = Status | "in-progress" | "verified" | "stale" | "blocked";

/** What is known of the runs of one CRQ, read from session journals and reports by the caller. */
export interface RunFacts {
  /** Tree hash of the target as it is now (tracked files without the CRQ folder); undefined where it has none, so that nothing is current. */
  readonly tree: string | undefined;
  /** The newest report about this tree and these criteria; where there is none, the newest of all (docs/decisions/0008). */
  readonly report?: {
    readonly ok: boolean;
    /** Approval hash of the CRQ that was verified. */
    readonly hash: string | null;
    readonly tree: string;
  };
  /** The last `apply` run, if it ended. */
  readonly lastApply?: {
    readonly ok: boolean;
    /** In one line. */
    readonly outcome: string;
    /** Of the checkout when it began, and of the criteria it worked for; undefined: the journal does not say. */
    readonly tree: string | undefined;
    readonly hash: string | undefined;
    /** Branch or patch that holds the result, while this checkout does not. */
    readonly handedOver?: string;
  };
  /** Whether any run of this CRQ was started, and what the unended one needs: `runs in another process`, `was interrupted; …`. */
  readonly started?: boolean;
  readonly unended?: string;
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
  const { report, lastApply, tree, unended } = runs;
  if (report?.ok === true && report.hash === hash && report.tree === tree) return { state: "verified" };
  const forThis = lastApply !== undefined && (lastApply.hash === undefined || lastApply.hash === hash);
  // The proof is about the branch that was handed over, and this checkout is still what the run began with.
  if (forThis && lastApply.handedOver !== undefined && isSame(lastApply.tree, tree))
    return { state: "in-progress", reason: `handed over as ${lastApply.handedOver}, which is not merged here` };
  if (report?.ok === true)
    return {
      state: "stale",
      reason: report.hash === hash ? "the files changed since the report" : "the criteria changed since the report",
    };
  if (unended !== undefined) return { state: "in-progress", reason: unended };
  if (forThis && !lastApply.ok && isSame(lastApply.tree, tree)) return { state: "blocked", reason: lastApply.outcome };
  return runs.started === true || report !== undefined || lastApply !== undefined
    ? { state: "in-progress" }
    : { state: "approved" };
}

const isSame = (left: string | undefined, right: string | undefined): boolean => left !== undefined && left === right;

/** What a stored status asks for and the document lacks, because somebody edited it by hand (crq-format.md §5). One sentence each. */
export function unmetGuards(crq: Crq): readonly string[] {
  const { metadata } = crq;
  switch (metadata?.status) {
    case "rejected":
    case "deferred":
      return givesReason(crq, metadata.status) ? [] : [`${metadata.status} without a reason in section 11`];
    case "superseded":
      return (metadata.supersededBy ?? []).length > 0 ? [] : ["superseded without `superseded-by`"];
    case "closed":
      return metadata.evidence === undefined ? ["closed without `evidence`"] : [];
    case "draft":
    case "proposed":
    case "approved":
    case "withdrawn":
      return [];
    case undefined:
      return [`no status can be read from the document; run crq-agent lint ${crq.path}`];
  }
}

/** Whether an item of the history names the status and says more than that. */
const givesReason = (crq: Crq, status: Status): boolean =>
  readHistory(crq).some((item) => new RegExp(`\\b${status}\\b[^\\p{L}]*\\p{L}.*\\p{L}`, "iu").test(item));
