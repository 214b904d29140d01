import type { Code, Root } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { sectionName } from "../sections/sections.ts";
import { TooComplex } from "./complexity.ts";
import type { Lines } from "./lines.ts";
import { descendants, isTooDeep, rangeOf, readMarkdown } from "./markdown.ts";
import type { Problems } from "./problems.ts";

const QUOTING_LANGUAGES = ["markdown", "md", "text", "txt"];

/** What is wrong with a fence, and the headings it swallowed. */
export interface FenceProblem {
  readonly kind: "open" | "swallows";
  readonly swallowed: readonly string[];
}

/** Whether a fence is never closed, or closed only after it swallowed sections of the document; indented code has no such problem. */
export function fenceProblem(node: Code, lines: Lines): FenceProblem | undefined {
  const { start, end } = rangeOf(node);
  const opening = /^(`{3,}|~{3,})/.exec(lines.source.slice(start, end))?.[1];
  if (opening === undefined) return undefined;
  if (!isClosed(opening, lines, start, end)) return { kind: "open", swallowed: headingsIn(node) };
  if (QUOTING_LANGUAGES.includes(node.lang ?? "")) return undefined;
  const swallowed = headingsIn(node);
  return swallowed.some(isOfDocument) ? { kind: "swallows", swallowed } : undefined;
}

/** Reports fences that are never closed, and closed ones that swallowed sections of the document. */
export function checkFences(root: Root, lines: Lines, problems: Problems): void {
  for (const node of descendants(root, "code")) {
    const problem = fenceProblem(node, lines);
    if (problem === undefined) continue;
    const { start, end } = rangeOf(node);
    const headings = problem.swallowed.map((heading) => `"${heading}"`).join(", ");
    const list = headings === "" ? "" : `; it swallows the headings ${headings}`;
    if (problem.kind === "open") {
      const inside = lines.placeAt(end).line - lines.placeAt(start).line;
      const lost =
        inside === 0
          ? ""
          : `, so the ${inside === 1 ? "line" : `${inside} lines`} after it ${inside === 1 ? "is" : "are"} code to every tool`;
      problems.add("structure/unbalanced-fence", lines.placeAt(start), `this fence is never closed${lost}${list}`);
    } else {
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
  const line = lines.source.slice(lines.startOf(last), end).trimEnd();
  const mark = opening.charAt(0);
  let length = 0;
  while (length < line.length && line.at(-1 - length) === mark) length += 1;
  return length >= opening.length;
}

/** Headings that stand in a fence. Code may be any text: what is too much for the parser of documents holds none. */
function headingsIn(node: Code): string[] {
  if (!/^\s{0,3}#{1,3}\s/m.test(node.value) || isTooDeep(node.value)) return [];
  try {
    return readMarkdown(node.value)
      .children.filter((child) => child.type === "heading")
      .map((child) => plainText(child));
  } catch (error) {
    if (error instanceof TooComplex || error instanceof RangeError) return [];
    throw error;
  }
}
