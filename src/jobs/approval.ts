import { approvalHash, approvalState } from "../crq/approval.ts";
import type { Approval, Crq } from "../crq/model.ts";
import { parseCrq } from "../crq/parse.ts";
import { setMetadata } from "../crq/write/metadata.ts";

/** A CRQ that may not be applied, with the exit code that says so (crq-format.md §10: 1 findings, 2 unusable, 5 approval or answer missing). */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
  readonly exit: 1 | 2 | 5;
  readonly diagnostics: readonly unknown[];

  constructor(exit: 1 | 2 | 5, message: string, diagnostics: readonly unknown[] = []) {
    super(message);
    this.exit = exit;
    this.diagnostics = diagnostics;
  }
}

const where = (crq: Crq, place: { readonly line: number; readonly column: number }): string =>
  `${crq.path}:${place.line}:${place.column}`;

/**
 * What must hold before any criterion can be run: the document parses and has criteria, each with a block.
 * @throws NotApplicable with file, line and next move
 */
export function requireCheckable(crq: Crq): void {
  const errors = crq.problems.filter((problem) => problem.severity === "error");
  const first = errors[0];
  if (first) {
    throw new NotApplicable(
      2,
      `${first.file}:${first.line}:${first.column}: ${first.message} (${first.rule}); run \`crq-agent lint ${crq.path}\``,
      errors,
    );
  }
  if (crq.metadata === undefined)
    throw new NotApplicable(
      2,
      `${crq.path}:1:1: there is no \`toml crq\` block; is this a CRQ? Run \`crq-agent lint ${crq.path}\``,
    );
  const active = crq.criteria.filter((criterion) => criterion.withdrawn === undefined);
  if (active.length === 0)
    throw new NotApplicable(
      2,
      `${crq.path}: has no acceptance criteria, so nothing could be proven; add \`**AC-1**: …\` with a check block to section 5`,
    );
  for (const criterion of active) {
    if (criterion.checks.length === 0)
      throw new NotApplicable(
        2,
        `${where(crq, criterion.place)}: ${criterion.id} has no check block, so it cannot fail; add one or withdraw it`,
      );
  }
}

/**
 * The guards that stand before any approval (crq-format.md §5): checkable, every check meant, no question open, a status that can go on.
 * @throws NotApplicable with file, line and next move
 */
export function requireApplicable(crq: Crq): void {
  requireCheckable(crq);
  const status = crq.metadata?.status;
  if (
    status === "rejected" ||
    status === "deferred" ||
    status === "withdrawn" ||
    status === "superseded" ||
    status === "closed"
  ) {
    throw new NotApplicable(2, `${crq.path}: its status is ${status}; only a draft, proposed or approved CRQ can be applied`);
  }
  for (const criterion of crq.criteria) {
    const suggested = criterion.checks.findIndex((check) => check.suggested);
    if (suggested >= 0) {
      throw new NotApplicable(
        5,
        `${where(crq, criterion.blockPlace ?? criterion.place)}: check ${suggested} of ${criterion.id} is only suggested; read it and remove \`suggested = true\``,
      );
    }
  }
  const open = crq.questions.filter((question) => question.answer === undefined);
  const asked = open[0];
  if (asked) {
    throw new NotApplicable(
      5,
      `${where(crq, asked.place)}: ${open.map(({ id }) => id).join(", ")} ${open.length === 1 ? "is" : "are"} not answered (${asked.id}: ${asked.text}); write a line \`Answer: …\` under each`,
    );
  }
}

/** The CRQ with its approval written in: status approved, who, when, how, and the hash of what was approved. */
export function withApproval(crq: Crq, approval: Omit<Approval, "hash">): Crq {
  const hash = approvalHash(crq);
  if (hash === undefined)
    throw new NotApplicable(2, `${crq.path}: has no Scope or no Acceptance Criteria, so there is nothing to approve`);
  const written = setMetadata(crq, { status: "approved", approval: { ...approval, hash } });
  if ("problem" in written) throw new NotApplicable(2, written.problem);
  return parseCrq(crq.path, written.source);
}

export type Approver =
  /** Somebody said yes just now. */
  | { readonly kind: "person"; readonly name: string; readonly via: "prompt" | "approve" }
  /** `--yes`: recorded as unattended. */
  | { readonly kind: "unattended" };

/**
 * The approved CRQ: as it is when its approval holds, else with one given now.
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
      5,
      `${crq.path}: ${why}; read it and run \`crq-agent approve ${crq.path}\`, or pass --yes to approve it unattended`,
    );
  }
  const at = now.toISOString().replace(/\.\d+Z$/u, "Z");
  const approval =
    approver.kind === "unattended"
      ? ({ by: "unattended", at, via: "yes-flag" } as const)
      : ({ by: `human:${approver.name}`, at, via: approver.via } as const);
  return { crq: withApproval(crq, approval), fresh: true };
}

function whyNot(state: ReturnType<typeof approvalState>): string {
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
