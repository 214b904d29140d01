import { readFile } from "node:fs/promises";
import { saveText } from "../../../crq/catalogue/save.ts";
import { parseCrq } from "../../../crq/parse.ts";
import { answerQuestion } from "../../../crq/write/answers.ts";
import type { Ui } from "../../../ui/ui.ts";
import type { FoundCrq } from "../../catalogue/find-crq.ts";
import { CommandError } from "../../wiring/context.ts";

/**
 * Asks a person at a terminal the open questions of a document and writes each answer into it, whole or not at all. What is left without an
 * answer stays open, and hinders the approval as before.
 */
export async function answerQuestions(ui: Ui, found: FoundCrq): Promise<FoundCrq> {
  let { crq } = found;
  if (!ui.interactive) return found;
  for (const { id, text } of crq.questions.filter((question) => question.answer === undefined)) {
    const answer = await ui.ask("Your answer, or nothing to leave it open:", `\n${crq.path} asks ${id}: ${text}`);
    if (answer === undefined) break;
    if (answer === "") continue;
    const before = await readFile(found.file, "utf8");
    const written = answerQuestion(parseCrq(crq.path, before), id, answer);
    if ("problem" in written) throw new CommandError("not-written", written.problem);
    const refused = await saveText(found.file, before, written.source);
    if (refused !== undefined) throw new CommandError("not-written", refused);
    crq = parseCrq(crq.path, written.source);
  }
  return { ...found, crq };
}
