import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Outcome } from "../../../agent/outcome.ts";
import { plainText } from "../../../agent/plain-text.ts";
import { saveText } from "../../../crq/catalogue/save.ts";
import type { Crq } from "../../../crq/model.ts";
import { parseCrq } from "../../../crq/parse.ts";
import {
  lastQuestion,
  pendingQuestion,
  questionText,
  type RaisedQuestion,
  raisedIn,
  withQuestion,
  withWaiversGiven,
} from "../../../jobs/decisions/question.ts";
import { type KeptChange, keptPatch } from "../../../jobs/work/kept-change.ts";
import { readBriefs } from "../../../session/brief.ts";
import { repositoryKey } from "../../../session/store.ts";
import type { Ui } from "../../../ui/ui.ts";
import { requireLists, writeLists } from "../../catalogue/lists.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";
import { sessionsRoot } from "../../wiring/open-session.ts";
import { personName } from "./person.ts";

export interface TakenQuestion {
  readonly path: string;
  readonly id: string;
  readonly text: string;
  /** false: it stood there already. */
  readonly written: boolean;
  readonly answered: boolean;
  /** Given with it by the person. */
  readonly waived?: {
    readonly by: string;
    readonly until: string;
    readonly waivers: readonly string[];
    /** Whether the document is approved as it stands. */
    readonly approved: boolean;
  };
}

/** What a person can do about a finished change that waits for a waiver. */
export const waiverMoves = (session: string): readonly string[] => [
  "Yes: waive it in your name, then apply again; the kept change is proven and handed over without asking a model:",
  `  crq-agent sessions take ${session} --waive "why it may be left out"`,
  "No, or something else: put the question into the CRQ and answer it there:",
  `  crq-agent sessions take ${session}`,
];

/** The change that the last run of this CRQ finished but for a waiver, if it is still there. */
export function keptChangeOf(context: CliContext, crq: Crq, root: string): KeptChange | undefined {
  const folder = join(sessionsRoot(context), repositoryKey(root));
  const { sessions } = readBriefs(folder);
  const raised = lastQuestion(crq, sessions);
  const brief = sessions.find(({ id }) => id === raised?.session);
  if (brief === undefined || raised?.question.waivers === undefined) return undefined;
  const patch = keptPatch(brief.folder);
  return patch === undefined
    ? undefined
    : { session: brief.id, patch, model: brief.header.model, question: raised.question.detail };
}

/**
 * Writes the question into the document it is about, which is proposed again then. A document that is not in the checkout yet (it was
 * drafted by `apply --task`) is put there.
 * @throws CommandError (exit 2) when the document went on since
 */
export async function takeQuestion(
  context: CliContext,
  { question, about }: RaisedQuestion,
  place: { readonly root: string; readonly crqFolder: string },
): Promise<TakenQuestion> {
  const { file, before, crq } = await documentOf(about, place.root);
  const date = new Date(context.now()).toISOString().slice(0, 10);
  const result = withQuestion(crq, question, about.hash ?? undefined, date);
  const taken = { path: about.crq, text: questionText(question) };
  switch (result.kind) {
    case "refused":
      throw new CommandError("move-refused", result.problem);
    case "there":
      return { ...taken, id: result.id, written: false, answered: result.answered };
    case "asked":
      await save(file, before, result.source, place);
      return { ...taken, id: result.id, written: true, answered: false };
  }
}

/** Days that a waiver holds where nobody says until when: long enough for the work at hand, and looked at again. */
const WAIVER_DAYS = 90;

export interface GivenWaiver {
  readonly reason: string;
  /** ISO date; absent: in 90 days. */
  readonly until?: string;
}

/**
 * Answers a question that asks for waivers with yes: they are written into the document as this person's.
 * @throws CommandError (exit 2) when the question asks for none, the date is none to come, or the document went on since
 */
export async function giveWaiver(
  context: CliContext,
  { session, question, about }: RaisedQuestion,
  given: GivenWaiver,
  place: { readonly root: string; readonly crqFolder: string },
): Promise<TakenQuestion> {
  const { waivers } = question;
  if (waivers === undefined)
    throw new CommandError(
      "no-question",
      `${session} asks for no waiver; take its question without --waive and answer it in the CRQ`,
    );
  const now = context.now();
  const date = new Date(now).toISOString().slice(0, 10);
  const until = given.until ?? new Date(now + WAIVER_DAYS * 86_400_000).toISOString().slice(0, 10);
  if (!isDate(until) || until < date)
    throw new CommandError(
      "bad-value",
      `--until ${until}: give a day to come, such as ${new Date(now + 86_400_000).toISOString().slice(0, 10)}`,
    );
  const reason = plainText(given.reason).replace(/\s+/gu, " ").trim();
  if (reason === "")
    throw new CommandError("bad-value", "why may it be left out? Say it for whoever reads the CRQ: --waive REASON");
  const by = `human:${await personName(context, place.root)}`;
  const { file, before, crq } = await documentOf(about, place.root);
  const written = withWaiversGiven(crq, { ...question, waivers }, about.hash ?? undefined, { by, reason, until, date });
  if ("problem" in written) throw new CommandError("move-refused", written.problem);
  await save(file, before, written.source, place);
  const approvedNow = parseCrq(about.crq, written.source).metadata?.status === "approved";
  return {
    path: about.crq,
    id: "",
    text: questionText(question),
    written: true,
    answered: true,
    waived: { by, until, waivers, approved: approvedNow },
  };
}

/** A day of the calendar: 2026-02-30 is none. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** The document that a question is about: as it is in the checkout, else as the session had it. */
async function documentOf(about: RaisedQuestion["about"], root: string) {
  const file = about.file !== undefined && existsSync(about.file) ? about.file : join(root, about.crq);
  const before = existsSync(file) ? await readFile(file, "utf8") : undefined;
  return { file, before, crq: parseCrq(about.crq, before ?? about.source) };
}

async function save(
  file: string,
  before: string | undefined,
  text: string,
  { root, crqFolder }: { readonly root: string; readonly crqFolder: string },
): Promise<void> {
  const listed = !relative(root, file).startsWith("..");
  if (listed) await requireLists(root, crqFolder);
  await mkdir(dirname(file), { recursive: true });
  const refused = await saveText(file, before, text);
  if (refused !== undefined) throw new CommandError("not-written", refused);
  if (listed) await writeLists(root, crqFolder);
}

/** @throws CommandError (exit 5) while a question of the last run stands: applying again would only spend money on the same answer */
export function requireNoRaisedQuestion(context: CliContext, crq: Crq, root: string): void {
  const { sessions } = readBriefs(join(sessionsRoot(context), repositoryKey(root)));
  const raised = pendingQuestion(crq, sessions, new Date(context.now()).toISOString().slice(0, 10));
  if (raised === undefined) return;
  if (raised.question.waivers !== undefined)
    throw new CommandError(
      "open-question",
      `${crq.path}: the last run ended with a question. ${questionText(raised.question)}\n${waiverMoves(raised.session).join("\n")}`,
    );
  throw new CommandError(
    "open-question",
    `${crq.path}: the last run ended with a question. ${questionText(raised.question)}\nPut it into the document with \`crq-agent sessions take ${raised.session}\`, answer it there, mend the criterion if it is wrong, and approve anew.`,
  );
}

/** Shows a person at a terminal the question that a run ended with, and offers to write it into the CRQ at once. */
export async function offerQuestion(
  context: CliContext,
  ui: Ui,
  session: string,
  outcome: Outcome,
  place: { readonly root: string; readonly crqFolder: string },
): Promise<TakenQuestion | undefined> {
  if (outcome.kind !== "question" || !ui.interactive) return undefined;
  const { sessions } = readBriefs(join(sessionsRoot(context), repositoryKey(place.root)));
  const raised = sessions.filter(({ id }) => id === session).flatMap((brief) => raisedIn(brief) ?? [])[0];
  if (raised === undefined) return undefined;
  const details = `${questionText(raised.question)}\n`;
  return (await ui.confirm(`Write this question into ${raised.about.crq} and set it back to proposed?`, details))
    ? takeQuestion(context, raised, place)
    : undefined;
}

/** What happened to the question and what to do next. */
export function takenText({ path, id, text, written, answered, waived }: TakenQuestion): string {
  if (waived !== undefined) {
    const next = waived.approved ? `crq-agent apply ${path}` : `crq-agent approve ${path}`;
    return `${path}: ${waived.waivers.join(", ")} waived by ${waived.by} until ${waived.until}. Next: ${next}`;
  }
  const next = answered
    ? `It is answered: run \`crq-agent approve ${path}\`.`
    : `Answer it there with a line \`Answer: …\`, mend the criterion if it is wrong, then run \`crq-agent approve ${path}\`.`;
  return [`${path} ${written ? `is proposed again and asks ${id}` : `asks ${id} already`}:`, `  ${text}`, next].join("\n");
}
