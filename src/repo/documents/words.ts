import type { DocumentFact } from "../facts.ts";
import { type DocumentLine, documentLines, isRefused } from "./document-lines.ts";
import { flakeOutputs, outputStatements } from "./flake-outputs.ts";
import { namedOutputs } from "./named-outputs.ts";
import { statementsOf } from "./statements.ts";

/** What a person's own words ask a flake for, by the keys that facts of documents have. */

type Said = Pick<DocumentFact, "claim" | "source" | "key" | "value">;

export const WORDS = "the task";

/** Words are wrapped anywhere: a paragraph is one line here. */
function paragraphs(text: string): readonly DocumentLine[] {
  const lines: DocumentLine[] = [];
  for (const line of documentLines(text)) {
    const last = lines.at(-1);
    const isText = [last, line].every((one) => one !== undefined && one.fence === undefined && one.text.trim() !== "");
    const goesOn = isText && !/^\s*(?:[-*+#>|]|\d+[.)]\s)/.test(line.text);
    if (last && goesOn) lines.splice(-1, 1, { ...last, text: `${last.text.trimEnd()} ${line.text.trim()}` });
    else lines.push(line);
  }
  return lines;
}

export function statedInWords(text: string): readonly Said[] {
  const lines = paragraphs(text);
  const said = [
    ...lines.flatMap((line) => [
      ...statementsOf(line),
      ...outputStatements(line).filter(({ at }) => !isRefused(line.text, at)),
      ...namedOutputs(line, ["package", "app", "check", "shell"]),
    ]),
    ...flakeOutputs(lines),
  ];
  return said.map(({ claim, key, value }) => ({ claim, source: WORDS, key, value }));
}
