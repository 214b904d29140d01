import { branchOf, slugOf } from "../../crq/ids.ts";
import { approvalState } from "../../crq/lifecycle/approval.ts";
import {
  approvalHindrances,
  approve,
  blockingProblems,
  type Hindrance,
  proposalHindrances,
  propose,
} from "../../crq/lifecycle/transitions.ts";
import type { Approval, Crq, CrqDiagnostic } from "../../crq/model.ts";
import { parseCrq } from "../../crq/parse.ts";
import { ForeseenError } from "../../system/errors/foreseen.ts";

/** A CRQ that may not be applied, with the exit code that says so (crq-format.md §10: 1 findings, 2 unusable, 5 approval or answer missing). */
export class NotApplicable extends ForeseenError {
  override readonly name = "NotApplicable";
}

/**
 * What must hold before any criterion can be run: the document parses and has criteria, each with a block.
 * @throws NotApplicable with file, line and next move
 */
export function requireCheckable(crq: Crq): void {
  const problems = blockingProblems(crq).filter(({ severity }) => severity === "error");
  const first = problems[0];
  if (first)
    throw new NotApplicable(
      "bad-crq",
      `${first.file}:${first.line}:${first.column}: ${first.message} (${first.rule}); ${lintHint(crq)}`,
      problems,
    );
  if (crq.metadata === undefined)
    throw new NotApplicable("bad-crq", `${crq.path}:1:1: there is no \`toml crq\` block; is this a CRQ? ${lintHint(crq)}`);
  const living = crq.criteria.filter(({ withdrawn }) => withdrawn === undefined);
  if (living.length === 0)
    throw new NotApplicable(
      "no-criteria",
      `${crq.path}: has no acceptance criteria, so nothing could be proven; add \`**AC-1**: …\` with a check block to section 5`,
    );
  const empty = living.find(({ checks }) => checks.length === 0);
  if (empty)
    throw new NotApplicable(
      "no-criteria",
      `${crq.path}:${empty.place.line}:${empty.place.column}: ${empty.id} has no check that could be run, so it cannot fail; add a block or withdraw it`,
    );
}

const lintHint = (crq: Crq): string => `run \`crq-agent lint ${crq.path}\``;

/** What an approval given now puts right: it must not stand in its own way. */
const MENDED_BY_APPROVAL: ReadonlySet<string> = new Set(["lifecycle/approval-outdated", "lifecycle/approval-by-agent"]);

/**
 * The CRQ as it can be approved: checkable, and from draft to proposed when the guards of the standard profile hold (crq-format.md §5).
 * @param diagnostics of the linter at the standard profile
 * @throws NotApplicable with file, line and next move
 */
export function readyToApprove(crq: Crq, diagnostics: readonly CrqDiagnostic[]): Crq {
  requireCheckable(crq);
  const proposed = crq.metadata?.status === "draft" ? toProposed(crq, diagnostics) : crq;
  refuse(proposed, approvalHindrances(proposed), []);
  const errors = diagnostics.filter(({ severity, rule }) => severity === "error" && !MENDED_BY_APPROVAL.has(rule));
  if (errors[0])
    refuse(proposed, [{ kind: "form", message: `${errors[0].rule}: ${errors[0].message}`, place: errors[0] }], errors);
  return proposed;
}

/**
 * From draft to proposed, with a branch if it has none.
 * @throws NotApplicable when a guard of the standard profile does not hold
 */
export function toProposed(crq: Crq, diagnostics: readonly CrqDiagnostic[]): Crq {
  const branch = branchOf(crq.metadata?.id ?? "CRQ-XXX", slugOf(crq.metadata?.title ?? "change"));
  const hindrances = proposalHindrances(crq, diagnostics).filter(({ kind }) => kind !== "branch");
  refuse(crq, hindrances, diagnostics);
  const written = propose(crq, branch);
  if ("problem" in written) throw new NotApplicable("move-refused", written.problem);
  return parseCrq(crq.path, written.source);
}

function refuse(crq: Crq, hindrances: readonly Hindrance[], diagnostics: readonly CrqDiagnostic[]): void {
  const first = hindrances[0];
  if (first === undefined) return;
  const more = hindrances.length > 1 ? ` (and ${hindrances.length - 1} more)` : "";
  throw new NotApplicable(
    "not-ready",
    `${crq.path}:${first.place.line}:${first.place.column}: ${first.message}${more}; ${lintHint(crq)}`,
    diagnostics,
    exitOf(first),
  );
}

function exitOf({ kind, message }: Hindrance): 1 | 2 | 5 {
  switch (kind) {
    case "question":
      return 5;
    case "criterion":
      return message.includes("suggested") ? 5 : 2;
    case "form":
      return 1;
    case "number":
    case "branch":
    case "status":
    case "approver":
      return 2;
  }
}

export type Approver =
  /** Somebody said yes just now. */
  | { readonly kind: "person"; readonly name: string; readonly via: "prompt" | "approve" }
  /** `--yes`: recorded as unattended. */
  | { readonly kind: "unattended" };

/**
 * The approved CRQ: as it is when its approval holds, else with one given now.
 * @param crq as `readyToApprove` gave it
 * @param ask shows what is to be approved and returns who approved it, or undefined for no
 * @throws NotApplicable (exit 5) when nobody approves
 */
export async function approved(
  crq: Crq,
  now: Date,
  ask: (why: string) => Promise<Approver | undefined>,
): Promise<{ readonly crq: Crq; readonly fresh: boolean }> {
  const state = approvalState(crq);
  if (state.state === "valid" && crq.metadata?.status === "approved") return { crq, fresh: false };
  const why = whyNot(state);
  const approver = await ask(why);
  if (approver === undefined) {
    throw new NotApplicable(
      "not-approved",
      `${crq.path}: ${why}; read it and run \`crq-agent approve ${crq.path}\`, or pass --yes to approve it unattended`,
    );
  }
  const at = now.toISOString().replace(/\.\d+Z$/u, "Z");
  const approval: Omit<Approval, "hash"> =
    approver.kind === "unattended"
      ? { by: "unattended", at, via: "yes-flag" }
      : { by: `human:${approver.name}`, at, via: approver.via };
  const written = approve(crq, approval);
  if ("problem" in written) throw new NotApplicable("move-refused", written.problem);
  return { crq: parseCrq(crq.path, written.source), fresh: true };
}

/** What an approval lacks, to follow the document's path. */
export function whyNot(state: ReturnType<typeof approvalState>): string {
  switch (state.state) {
    case "none":
      return "is not approved";
    case "valid":
      return "holds an approval but its status is not approved";
    case "void":
      return `was approved, but its scope or criteria changed since (hash ${state.recorded.slice(0, 18)}… then, ${state.now?.slice(0, 18) ?? "none"}… now)`;
    case "by-agent":
      return `names ${state.by} as approver, and an agent cannot approve`;
  }
}
