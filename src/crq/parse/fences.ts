import type { Code, Root } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import type { Lines } from "./lines.ts";
import { descendants, rangeOf, readMarkdown } from "./markdown.ts";
import type { Problems } from "./problems.ts";
import { sectionName } from "./sections.ts";

const QUOTING_LANGUAGES = ["markdown", "md", "text", "txt"];

/** Reports fences that are never closed, and closed ones that swallowed sections of the document. */
export function checkFences(root: Root, lines: Lines, problems: Problems): void {
  for (const node of descendants(root, "code")) {
    const { start, end } = rangeOf(node);
    const opening = /^(`{3,}|~{3,})/.exec(lines.source.slice(start, end))?.[1];
    if (opening === undefined) continue; // indented code
    const swallowed = headingsIn(node);
    const list =
      swallowed.length === 0 ? "" : `; it swallows the headings ${swallowed.map((heading) => `"${heading}"`).join(", ")}`;
    if (!isClosed(opening, lines, start, end)) {
      problems.add("structure/unbalanced-fence", lines.placeAt(start), `this fence is never closed${list}`);
    } else if (!QUOTING_LANGUAGES.includes(node.lang ?? "") && swallowed.some((heading) => sectionName(heading) !== undefined)) {
      problems.add(
        "structure/unbalanced-fence",
        lines.placeAt(start),
        `an earlier fence is unpaired: this one holds sections${list}`,
      );
    }
  }
}

function isClosed(opening: string, lines: Lines, start: number, end: number): boolean {
  const first = lines.placeAt(start).line;
  const last = lines.placeAt(end).line;
  if (last === first) return false;
  const closing = /([`~]+)[ \t]*$/.exec(lines.source.slice(lines.startOf(last), end))?.[1] ?? "";
  return closing.length >= opening.length && closing.startsWith(opening.charAt(0).repeat(opening.length));
}

function headingsIn(node: Code): string[] {
  if (!/^\s{0,3}#{1,2}\s/m.test(node.value)) return [];
  return readMarkdown(node.value)
    .children.filter((child) => child.type === "heading")
    .map((child) => plainText(child));
}
