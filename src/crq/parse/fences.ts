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
      const inside = lines.placeAt(end).line - lines.placeAt(start).line;
      const lost =
        inside === 0
          ? ""
          : `, so the ${inside === 1 ? "line" : `${inside} lines`} after it ${inside === 1 ? "is" : "are"} code to every tool`;
      problems.add("structure/unbalanced-fence", lines.placeAt(start), `this fence is never closed${lost}${list}`);
    } else if (!QUOTING_LANGUAGES.includes(node.lang ?? "") && swallowed.some(isOfDocument)) {
      problems.add(
        "structure/unbalanced-fence",
        lines.placeAt(start),
        `an earlier fence is unpaired: this one holds sections${list}`,
      );
    }
  }
}

/** A heading that only the document itself would have: a section, or a numbered sub-section. A `#` line of a script is none. */
function isOfDocument(heading: string): boolean {
  return sectionName(heading) !== undefined || /^\d{1,2}\.\d{1,2}\.? \S/.test(heading);
}

function isClosed(opening: string, lines: Lines, start: number, end: number): boolean {
  const first = lines.placeAt(start).line;
  const last = lines.placeAt(end).line;
  if (last === first) return false;
  const closing = /([`~]+)[ \t]*$/.exec(lines.source.slice(lines.startOf(last), end))?.[1] ?? "";
  return closing.length >= opening.length && closing.startsWith(opening.charAt(0).repeat(opening.length));
}

function headingsIn(node: Code): string[] {
  if (!/^\s{0,3}#{1,3}\s/m.test(node.value)) return [];
  return readMarkdown(node.value)
    .children.filter((child) => child.type === "heading")
    .map((child) => plainText(child));
}
