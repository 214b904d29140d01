import type { Approval, Crq, CrqDiagnostic, Metadata, Place, Status } from "../model.ts";
import { parseCrq } from "../parse.ts";
import type { Written } from "../write/edits.ts";
import { setMetadata } from "../write/metadata.ts";
import { appendHistory, appendQuestion } from "../write/sections.ts";
import { adoptWaivers } from "../write/waivers.ts";
import { approvalHash, approvalState } from "./approval.ts";

/** Why a CRQ may not go on, with the place to look at and the next move in the message. */
export interface Hindrance {
  readonly kind: "form" | "number" | "branch" | "question" | "criterion" | "status" | "approver";
  readonly message: string;
  readonly place: Place;
}

const START: Place = { line: 1, column: 1 };

/** Findings of the parser that make the document unsafe to act on: all but a missing or odd title. */
export function blockingProblems(crq: Crq): readonly CrqDiagnostic[] {
  return crq.problems.filter(({ rule }) => rule !== "structure/title");
}

/**
 * What keeps a draft from being proposed: errors of the standard profile, a missing number, a missing branch.
 * @param diagnostics of `lint` at the standard profile
 */
export function proposalHindrances(crq: Crq, diagnostics: readonly CrqDiagnostic[]): Hindrance[] {
  const { metadata } = crq;
  const hindrances: Hindrance[] = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ rule, message, line, column }) => ({ kind: "form", message: `${rule}: ${message}`, place: { line, column } }));
  if (metadata === undefined) return [...hindrances, { kind: "form", message: "there is no valid metadata block", place: START }];
  if (metadata.id === "CRQ-XXX")
    hindrances.push({
      kind: "number",
      message: "CRQ-XXX: allocate a number with `crq-agent index --renumber FILE`",
      place: START,
    });
  if (metadata.branch === undefined) hindrances.push({ kind: "branch", message: "`branch` is not set", place: START });
  return hindrances;
}

/**
 * What keeps a proposed CRQ from being approved: a status that cannot be approved, problems of form, unanswered questions, criteria
 * without a check that would run. `--yes` overrides none of them.
 */
export function approvalHindrances(crq: Crq): Hindrance[] {
  const hindrances: Hindrance[] = blockingProblems(crq).map(({ rule, message, line, column }) => ({
    kind: "form",
    message: `${rule}: ${message}`,
    place: { line, column },
  }));
  const status = crq.metadata?.status;
  if (status !== "proposed" && status !== "approved") {
    hindrances.push({
      kind: "status",
      message: `a CRQ with status "${status ?? "none"}" cannot be approved; it must be "proposed"`,
      place: START,
    });
  }
  for (const question of crq.questions) {
    if (question.answer !== undefined) continue;
    hindrances.push({
      kind: "question",
      message: `${question.id} is not answered; write a line \`Answer: …\` in its item`,
      place: question.place,
    });
  }
  const living = crq.criteria.filter(({ withdrawn }) => withdrawn === undefined);
  if (living.length === 0) hindrances.push({ kind: "criterion", message: "there are no acceptance criteria", place: START });
  for (const { id, place, checks } of living) {
    if (checks.length === 0) hindrances.push({ kind: "criterion", message: `${id} has no check that could be run`, place });
    else if (checks.some(({ suggested }) => suggested)) {
      hindrances.push({
        kind: "criterion",
        message: `${id} has a check that is only suggested; read it and remove \`suggested\``,
        place,
      });
    }
  }
  if (approvalHash(crq) === undefined)
    hindrances.push({ kind: "form", message: "Scope or Acceptance Criteria is missing", place: START });
  return hindrances;
}

/** Sets a draft to `proposed`, with a branch if it has none. The guards are the caller's: `proposalHindrances`. */
export function propose(crq: Crq, branch: string): Written {
  return setMetadata(crq, { status: "proposed", ...(crq.metadata?.branch === undefined && { branch }) });
}

/**
 * Records an approval: status, approver and hash in the metadata, a line in the history. Refused when something hinders it, or when the
 * approver is no person (`human:NAME`, or `unattended` by `--yes`).
 * @param given `at` is an ISO instant
 */
export function approve(crq: Crq, given: Omit<Approval, "hash">): Written {
  const [first] = approvalHindrances(crq);
  if (first !== undefined) return { problem: `${crq.path}:${first.place.line}: ${first.message}` };
  const hash = approvalHash(crq);
  if (hash === undefined) return { problem: `${crq.path}: Scope or Acceptance Criteria is missing` };
  const written = setMetadata(crq, { status: "approved", approval: { ...given, hash } });
  if ("problem" in written) return written;
  const marked = parseCrq(crq.path, written.source);
  // What nobody has read stays a proposal, and waives nothing.
  const adopted = given.by.startsWith("human:") ? adoptWaivers(marked, given.by) : written;
  if ("problem" in adopted) return adopted;
  const approved = parseCrq(crq.path, adopted.source);
  const state = approvalState(approved);
  if (state.state !== "valid")
    return { problem: `${crq.path}: \`${given.by}\` cannot approve by "${given.via}"; only a person can` };
  return appendHistory(approved, given.at.slice(0, 10), `approved by ${given.by} (${given.via})`);
}

/** Changes of `status` that are edits by hand or by a verb. */
export const ALLOWED_MOVES: Readonly<Record<Status, readonly Status[]>> = {
  draft: ["proposed", "withdrawn", "superseded"],
  proposed: ["approved", "rejected", "deferred", "withdrawn", "superseded"],
  approved: ["proposed", "closed", "withdrawn", "superseded"],
  rejected: ["withdrawn", "superseded"],
  deferred: ["proposed", "withdrawn", "superseded"],
  closed: ["withdrawn", "superseded"],
  withdrawn: ["superseded"],
  superseded: ["withdrawn"],
};

/** Whether a status may follow another (the same one always may). */
export function mayFollow(from: Status, to: Status): boolean {
  return from === to || ALLOWED_MOVES[from].includes(to);
}

/** A change of status that a person makes with a reason; approving and closing have verbs of their own. */
export const PERSONS_MOVES = ["proposed", "rejected", "deferred", "withdrawn"] as const satisfies readonly Status[];
export type PersonsMove = (typeof PERSONS_MOVES)[number];

/**
 * Sets one of the statuses that a person decides on, with who and why in the history. Leaving `approved` drops the approval: whatever comes
 * after has to be approved anew.
 * @param by `human:NAME`
 */
export function move(crq: Crq, to: PersonsMove, given: { date: string; by: string; reason: string }): Written {
  const from = crq.metadata?.status;
  if (from === undefined) return { problem: `${crq.path}: there is no valid metadata block; run \`crq-agent lint\`` };
  if (from === to) return { problem: `${crq.path}: is ${to} already` };
  if (!mayFollow(from, to)) return { problem: `${crq.path}: ${from} cannot become ${to}; ${mayBecome(from)}` };
  const written = setMetadata(crq, { status: to, ...(from === "approved" && { approval: null }) });
  if ("problem" in written) return written;
  return appendHistory(parseCrq(crq.path, written.source), given.date, `${to} by ${given.by}: ${given.reason}`);
}

/** What may follow a status, for a message. */
export const mayBecome = (from: Status): string => `it can become ${ALLOWED_MOVES[from].join(", ")}`;

/** Closes an approved CRQ with the report that proves it; closing again replaces the evidence. The guard, a gate that is ok, is the caller's. */
export function close(crq: Crq, evidence: NonNullable<Metadata["evidence"]>, given: { date: string; by: string }): Written {
  const from = crq.metadata?.status;
  if (from === undefined || !mayFollow(from, "closed"))
    return { problem: `${crq.path}: a CRQ with status "${from ?? "none"}" cannot be closed; it must be "approved"` };
  const written = setMetadata(crq, { status: "closed", evidence });
  if ("problem" in written) return written;
  const tree = evidence.tree.slice(0, 12);
  return appendHistory(parseCrq(crq.path, written.source), given.date, `closed by ${given.by}: proven on tree ${tree}`);
}

/**
 * The move of the goal-post guard (crq-format.md §7.6): the agent found a criterion wrong. The question goes to section 9, the approval is
 * dropped and the CRQ is `proposed` again.
 */
export function backToProposed(crq: Crq, date: string, question: string): Written & { readonly id?: string } {
  const asked = appendQuestion(crq, question);
  if ("problem" in asked) return asked;
  const withQuestion = parseCrq(crq.path, asked.source);
  const written = setMetadata(withQuestion, { status: "proposed", approval: null });
  if ("problem" in written) return written;
  const noted = appendHistory(parseCrq(crq.path, written.source), date, `back to proposed: ${asked.id} is open`);
  return "problem" in noted || asked.id === undefined ? noted : { ...noted, id: asked.id };
}
