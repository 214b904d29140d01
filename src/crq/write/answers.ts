import type { List, ListItem } from "mdast";
import type { Crq } from "../model.ts";
import { readDocument } from "../parse/document.ts";
import { descendants, rangeOf } from "../parse/text/markdown.ts";
import { parseCrq } from "../parse.ts";
import { applyEdits, newlineOf, type Written } from "./edits.ts";

/**
 * Writes a person's answer under an open question of section 9. The result is read back: an answer that would be taken for anything else
 * leaves the document alone.
 * @param text one line; line breaks become blanks
 */
export function answerQuestion(crq: Crq, id: string, text: string): Written {
  const answer = text.replace(/\s+/gu, " ").trim();
  const refused = { problem: `${crq.path}: the answer to ${id} could not be written; write a line \`Answer: …\` below it` };
  const document = readDocument(crq.path, crq.source);
  const section = document.sections.find((one) => one.section.name === "Open Questions");
  const line = crq.questions.find((question) => question.id === id)?.place.line;
  const items = (section?.nodes ?? [])
    .filter((node): node is List => node.type === "list")
    .flatMap((list): ListItem[] => list.children);
  const item = items.find((node) => document.lines.placeAt(rangeOf(node).start).line === line);
  const paragraph = item && descendants(item, "paragraph").at(-1);
  if (item === undefined || paragraph === undefined || answer === "") return refused;
  const { start, end } = rangeOf(paragraph);
  const column = (item.position?.start.column ?? 1) - 1;
  const added = `${newlineOf(crq.source)}${" ".repeat(column + 4)}Answer: ${answer}`;
  const empty = /(?:^|\n)[ \t]*Answer:[ \t]*$/u.test(crq.source.slice(start, end));
  const source = applyEdits(crq.source, [{ start: end, end, text: empty ? ` ${answer}` : added }]);
  const written = parseCrq(crq.path, source);
  const others = (one: Crq): string =>
    JSON.stringify(one.questions.filter((question) => question.id !== id).map(({ id: of, answer: said }) => [of, said]));
  const taken = written.questions.find((question) => question.id === id)?.answer === answer;
  return taken && others(written) === others(crq) && written.sections.length === crq.sections.length ? { source } : refused;
}
