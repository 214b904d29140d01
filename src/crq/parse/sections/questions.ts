import type { List, RootContent } from "mdast";
import type { Question } from "../../model.ts";
import type { Lines } from "../text/lines.ts";
import { descendants, rangeOf, startOf } from "../text/markdown.ts";

/** Questions of section 9: items `**Q-n**: …`. A question is answered by a line `Answer: …` with a text, in a paragraph of the same item. */
export function readQuestions(section: readonly RootContent[], source: string, lines: Lines): Question[] {
  const items = section.filter((node): node is List => node.type === "list").flatMap((list) => list.children);
  return items.flatMap((item): Question[] => {
    const paragraphs = descendants(item, "paragraph").map((node) => source.slice(rangeOf(node).start, rangeOf(node).end));
    const head = /^\*\*(Q-[1-9]\d*)\*\*[:.]?\s*/.exec(paragraphs[0] ?? "");
    if (head?.[1] === undefined) return [];
    const text: string[] = [];
    let answer: string[] | undefined;
    for (const [index, paragraph] of paragraphs.entries()) {
      let answering = false;
      const content = paragraph.slice(index === 0 ? head[0].length : 0);
      for (const [number, line] of content.split(/\r\n|\n|\r/).entries()) {
        // The rest of the line that asks is never an answer.
        const start = index === 0 && number === 0 ? null : /^\s*Answer:(.*)$/.exec(line);
        if (start) {
          answering = true;
          answer = [(start[1] ?? "").trim()];
        } else if (answering) {
          answer?.push(line.trim());
        } else {
          text.push(line.trim());
        }
      }
    }
    const answered = answer?.join("\n").trim() ?? "";
    return [
      {
        id: head[1],
        text: text.join("\n").trim(),
        ...(answered !== "" && { answer: answered }),
        place: lines.placeAt(startOf(item)),
      },
    ];
  });
}
