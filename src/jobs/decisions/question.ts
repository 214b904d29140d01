import { z } from "zod";
import type { Outcome } from "../../agent/outcome.ts";
import { plainText } from "../../agent/plain-text.ts";
import { isSameId } from "../../crq/catalogue/catalogue.ts";
import { isGiven } from "../../crq/criteria/verdicts.ts";
import { approvalHash } from "../../crq/lifecycle/approval.ts";
import { backToProposed } from "../../crq/lifecycle/transitions.ts";
import type { Crq } from "../../crq/model.ts";
import { parseCrq } from "../../crq/parse.ts";
import { answerQuestion } from "../../crq/write/answers.ts";
import type { Written } from "../../crq/write/edits.ts";
import { appendHistory, appendQuestion } from "../../crq/write/sections.ts";
import { addWaivers } from "../../crq/write/waivers.ts";
import type { SessionBrief } from "../../session/brief.ts";

/** What an apply run asks a person when it finds a criterion wrong (crq-format.md §7.6), and how it comes into the document. */

type Question = Extract<Outcome, { kind: "question" }>;

/** A surrender that says the criteria cannot be met as they are is a question to whoever approved them; every other end stays what it is. */
export function asQuestion(outcome: Outcome): Outcome {
  if (outcome.kind !== "gave-up") return outcome;
  const { reason, detail } = outcome;
  return reason === "criterion-wrong" || reason === "contradiction" ? { kind: "question", reason, detail } : outcome;
}

const MAX_TEXT = 1_000;

/** The question as it is written into a document: one line, without what a terminal would act on. */
export function questionText({ reason, detail, waivers }: Question): string {
  const text = plainText(detail).replace(/\s+/gu, " ").trim();
  const said = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1).replace(/[\ud800-\udbff]$/u, "")}…` : text;
  const asks =
    waivers === undefined ? "" : ` The finished change waits for a waiver of ${waivers.map((each) => `\`${each}\``).join(", ")}.`;
  return `Raised while it was applied${reason === undefined ? "" : ` (${reason})`}: ${said}${asks}`;
}

export type WithQuestion =
  | { readonly kind: "asked"; readonly id: string; readonly source: string }
  /** It stands there already. */
  | { readonly kind: "there"; readonly id: string; readonly answered: boolean }
  | { readonly kind: "refused"; readonly problem: string };

/**
 * The document with the question in section 9, proposed again and without its approval.
 * @param hash of the criteria that the question is about
 */
export function withQuestion(crq: Crq, question: Question, hash: string | undefined, date: string): WithQuestion {
  const text = questionText(question);
  const there = asked(crq, text);
  if (there !== undefined) return { kind: "there", ...there };
  if (hash !== undefined && approvalHash(crq) !== hash)
    return {
      kind: "refused",
      problem: `${crq.path}: its scope or criteria changed since the question was raised; read the question with \`crq-agent sessions show\` and see whether it still stands`,
    };
  const status = crq.metadata?.status;
  if (status !== "draft" && status !== "proposed" && status !== "approved")
    return { kind: "refused", problem: `${crq.path}: is ${status ?? "no CRQ"}, so nobody has to answer the question any more` };
  const written = status === "draft" ? appendQuestion(crq, text) : backToProposed(crq, date, text);
  if ("problem" in written) return { kind: "refused", problem: written.problem };
  return { kind: "asked", id: written.id ?? "", source: written.source };
}

/**
 * The document with the waivers that the question asks for, given by a person; where the question stands in it already, it is answered.
 * Scope and criteria stay as they are, and so does their approval.
 * @param given `by` is `human:NAME`, `until` and `date` are ISO dates
 */
export function withWaiversGiven(
  crq: Crq,
  question: Question & { readonly waivers: readonly string[] },
  hash: string | undefined,
  given: { readonly by: string; readonly reason: string; readonly until: string; readonly date: string },
): Written {
  if (hash !== undefined && approvalHash(crq) !== hash)
    return { problem: `${crq.path}: its scope or criteria changed since the question was raised; run \`crq-agent apply\` anew` };
  const { by, reason, until, date } = given;
  const there = new Set(
    (crq.metadata?.waivers ?? []).filter((waiver) => isGiven(waiver, date)).map(({ weakening }) => weakening),
  );
  const fresh = question.waivers.filter((weakening) => !there.has(weakening));
  const waived = addWaivers(
    crq,
    fresh.map((weakening) => ({ weakening, reason, by, until })),
  );
  if ("problem" in waived) return waived;
  const open = asked(crq, questionText(question));
  const withAnswer = parseCrq(crq.path, waived.source);
  const answered =
    open === undefined || open.answered ? waived : answerQuestion(withAnswer, open.id, `yes, waived until ${until}: ${reason}`);
  if ("problem" in answered || fresh.length === 0) return answered;
  const text = `${fresh.join(", ")} waived until ${until} by ${by}: ${reason}`;
  return appendHistory(parseCrq(crq.path, answered.source), date, text);
}

function asked(crq: Crq, text: string): { readonly id: string; readonly answered: boolean } | undefined {
  const flat = (given: string): string => given.replace(/\s+/gu, " ").trim();
  const found = crq.questions.find((question) => flat(question.text) === flat(text));
  return found && { id: found.id, answered: found.answer !== undefined };
}

/** What an apply session keeps of the CRQ it worked for. */
const request = z.object({
  crq: z.string(),
  id: z.string().exactOptional(),
  file: z.string().exactOptional(),
  source: z.string(),
  hash: z.string().nullable().exactOptional(),
});

export interface RaisedQuestion {
  readonly session: string;
  readonly question: Question;
  readonly about: z.infer<typeof request>;
}

/** The question that a session ended with. */
export function raisedIn({ id, header, end }: SessionBrief): RaisedQuestion | undefined {
  if (header.verb !== "apply" || end.kind !== "ended" || end.outcome.kind !== "question") return undefined;
  const about = request.safeParse(header.request).data;
  return about && { session: id, question: end.outcome, about };
}

/**
 * The question that the last run of this CRQ ended with, about the criteria as they are now.
 * @param sessions newest first
 */
export function lastQuestion(crq: Crq, sessions: readonly SessionBrief[]): RaisedQuestion | undefined {
  const last = sessions.find(({ header }) => header.verb === "apply" && isAbout(crq, header.request));
  const raised = last && raisedIn(last);
  return raised === undefined || approvalHash(crq) !== raised.about.hash ? undefined : raised;
}

/**
 * The last question, when nobody has answered it: the document does not hold it with an answer, nor every waiver that it asks for.
 * @param sessions newest first @param today ISO date
 */
export function pendingQuestion(crq: Crq, sessions: readonly SessionBrief[], today: string): RaisedQuestion | undefined {
  const raised = lastQuestion(crq, sessions);
  if (raised === undefined || asked(crq, questionText(raised.question))?.answered) return undefined;
  return isWaived(crq, raised.question, today) ? undefined : raised;
}

function isWaived(crq: Crq, { waivers }: Question, today: string): boolean {
  if (waivers === undefined) return false;
  const given = (crq.metadata?.waivers ?? []).filter((waiver) => isGiven(waiver, today)).map(({ weakening }) => weakening);
  return waivers.every((asks) => given.includes(asks) || given.includes(asks.slice(0, asks.indexOf(":"))));
}

function isAbout(crq: Crq, given: unknown): boolean {
  const about = request.safeParse(given).data;
  const id = crq.metadata?.id;
  return about !== undefined && (about.crq === crq.path || (id !== undefined && isSameId(about.id ?? "", id)));
}
