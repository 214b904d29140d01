import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Outcome } from "../../../agent/outcome.ts";
import { saveText } from "../../../crq/catalogue/save.ts";
import type { Crq } from "../../../crq/model.ts";
import { parseCrq } from "../../../crq/parse.ts";
import { pendingQuestion, questionText, type RaisedQuestion, raisedIn, withQuestion } from "../../../jobs/decisions/question.ts";
import { readBriefs } from "../../../session/brief.ts";
import { repositoryKey } from "../../../session/store.ts";
import type { Ui } from "../../../ui/ui.ts";
import { writeLists } from "../../catalogue/lists.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";
import { sessionsRoot } from "../../wiring/open-session.ts";

export interface TakenQuestion {
  readonly path: string;
  readonly id: string;
  readonly text: string;
  /** false: it stood there already. */
  readonly written: boolean;
  readonly answered: boolean;
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
  const file = about.file !== undefined && existsSync(about.file) ? about.file : join(place.root, about.crq);
  const before = existsSync(file) ? await readFile(file, "utf8") : undefined;
  const crq = parseCrq(about.crq, before ?? about.source);
  const date = new Date(context.now()).toISOString().slice(0, 10);
  const result = withQuestion(crq, question, about.hash ?? undefined, date);
  const taken = { path: about.crq, text: questionText(question) };
  switch (result.kind) {
    case "refused":
      throw new CommandError("move-refused", result.problem);
    case "there":
      return { ...taken, id: result.id, written: false, answered: result.answered };
    case "asked": {
      await mkdir(dirname(file), { recursive: true });
      const refused = await saveText(file, before, result.source);
      if (refused !== undefined) throw new CommandError("not-written", refused);
      if (!relative(place.root, file).startsWith("..")) await writeLists(place.root, place.crqFolder);
      return { ...taken, id: result.id, written: true, answered: false };
    }
  }
}

/** @throws CommandError (exit 5) while a question of the last run stands: applying again would only spend money on the same answer */
export function requireNoRaisedQuestion(context: CliContext, crq: Crq, root: string): void {
  const { sessions } = readBriefs(join(sessionsRoot(context), repositoryKey(root)));
  const raised = pendingQuestion(crq, sessions);
  if (raised === undefined) return;
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
export function takenText({ path, id, text, written, answered }: TakenQuestion): string {
  const next = answered
    ? `It is answered: run \`crq-agent approve ${path}\`.`
    : `Answer it there with a line \`Answer: …\`, mend the criterion if it is wrong, then run \`crq-agent approve ${path}\`.`;
  return [`${path} ${written ? `is proposed again and asks ${id}` : `asks ${id} already`}:`, `  ${text}`, next].join("\n");
}
