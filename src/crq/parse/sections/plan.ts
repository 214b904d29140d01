import type { List, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { visit } from "unist-util-visit";
import type { PlanStep } from "../../model.ts";
import type { Lines } from "../text/lines.ts";
import { startOf } from "../text/markdown.ts";

const GROUP = /\((AC-[1-9]\d*(?:(?:\s*,\s*|\s+and\s+)AC-[1-9]\d*)*)\)/g;

/** Steps of section 6: the items of its numbered lists, each with the criteria it names in parentheses. */
export function readPlan(section: readonly RootContent[], lines: Lines): PlanStep[] {
  return section
    .filter((node): node is List => node.type === "list" && node.ordered === true)
    .flatMap((list) =>
      list.children.map((item, index): PlanStep => {
        const paragraphs = item.children.filter((child) => child.type === "paragraph");
        const text = paragraphs.map((child) => plainText(child)).join("\n");
        const code: string[] = [];
        for (const paragraph of paragraphs) visit(paragraph, "inlineCode", ({ value }) => void code.push(value));
        const named = [...text.matchAll(GROUP)].flatMap((match) => match[1]?.match(/AC-\d+/g) ?? []);
        const noAc = /\(no-ac:\s*([^)]+)\)/.exec(text)?.[1]?.trim();
        return {
          number: (list.start ?? 1) + index,
          text,
          code,
          criteria: [...new Set(named)],
          ...(noAc !== undefined && { noAc }),
          place: lines.placeAt(startOf(item)),
        };
      }),
    );
}
