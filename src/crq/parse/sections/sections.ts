import type { Heading, Root, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { SECTIONS, type Section, type SectionName, TAIL_SECTIONS } from "../../model.ts";
import type { Lines } from "../text/lines.ts";
import { rangeOf } from "../text/markdown.ts";

/** A section and the nodes between its heading and the next H2. */
export interface SectionNodes {
  readonly section: Section;
  readonly heading: Heading;
  readonly nodes: readonly RootContent[];
}

const NAMES: readonly SectionName[] = [...SECTIONS, ...TAIL_SECTIONS];

/** The canonical section a heading text means: without its number, case-insensitively. */
export function sectionName(heading: string): SectionName | undefined {
  const text = withoutNumber(heading).text.toLowerCase();
  return NAMES.find((name) => name.toLowerCase() === text);
}

/** `4. Technical Details` → 4 and the text. */
export function withoutNumber(heading: string): { readonly number: number | undefined; readonly text: string } {
  const match = /^(\d{1,4})[.)]?\s+(.*)$/s.exec(heading.trim());
  return match?.[1] === undefined
    ? { number: undefined, text: heading.trim() }
    : { number: Number(match[1]), text: (match[2] ?? "").trim() };
}

/** Cuts a document at its H2 headings. Headings inside lists, quotes, fences or comments are none. */
export function readSections(root: Root, lines: Lines): SectionNodes[] {
  const starts = root.children.flatMap((node, index) => (node.type === "heading" && node.depth === 2 ? [{ node, index }] : []));
  return starts.map(({ node, index }, position) => {
    const next = starts[position + 1];
    const text = plainText(node);
    const name = sectionName(text);
    const { number } = withoutNumber(text);
    const heading = rangeOf(node);
    const lastLine = lines.placeAt(heading.end).line;
    const nextLine = next === undefined ? undefined : lines.placeAt(rangeOf(next.node).start).line;
    return {
      heading: node,
      nodes: root.children.slice(index + 1, next?.index ?? root.children.length),
      section: {
        name,
        heading: text,
        ...(number !== undefined && { number }),
        place: lines.placeAt(heading.start),
        body: { start: lines.afterOf(lastLine), end: nextLine === undefined ? lines.source.length : lines.startOf(nextLine) },
      },
    };
  });
}
