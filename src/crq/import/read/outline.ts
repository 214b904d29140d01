import type { Code, Heading, Root, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { numbersIn } from "../../ids.ts";
import type { SectionName } from "../../model.ts";
import { sectionSynonym } from "../../parse/sections/synonyms.ts";
import { TooComplex } from "../../parse/text/complexity.ts";
import { fenceProblem } from "../../parse/text/fences.ts";
import { type Lines, linesOf } from "../../parse/text/lines.ts";
import { rangeOf, readMarkdown, startOf } from "../../parse/text/markdown.ts";

/** A foreign document cut at the headings that open its parts. */
export interface Outline {
  readonly lines: Lines;
  readonly root: Root;
  readonly title: Heading | undefined;
  readonly frontMatter: string | undefined;
  /** What stands before the first part, title and front matter left out. */
  readonly preamble: readonly RootContent[];
  readonly parts: readonly Part[];
}

export interface Part {
  readonly heading: Heading;
  /** Text of the heading. */
  readonly text: string;
  readonly section: SectionName | undefined;
  readonly nodes: readonly RootContent[];
}

/** Each stray fence that is taken away costs one more parse; documents with more of them are kept whole in section 12. */
const MAX_STRAY_FENCES = 8;

/**
 * Reads the outline of a document. An opening fence that swallows sections, or prose up to the end, is blanked out first, so that what it
 * swallowed is read as what it is; offsets and lines stay those of the source.
 * @throws TooComplex and RangeError as `readMarkdown`, for text that cannot be read as a document either
 */
export function readOutline(source: string): Outline {
  const { text, root } = withoutStrayFences(source);
  const lines = linesOf(text);
  const [first] = root.children;
  const frontMatter = first?.type === "yaml" ? first.value : undefined;
  const nodes = first?.type === "yaml" ? root.children.slice(1) : root.children;
  const headings = nodes.filter((node): node is Heading => node.type === "heading");
  const title = titleOf(headings);
  const others = headings.filter((heading) => heading !== title);
  const outermost = others.reduce((least, { depth }) => Math.min(least, depth), 6);
  const depth = Math.max(2, outermost);
  const opens = partOpeners(others, depth);
  const starts = nodes.flatMap((node, index) => (node.type === "heading" && opens.has(node) ? [{ node, index }] : []));
  return {
    lines,
    root,
    title,
    frontMatter,
    preamble: nodes.slice(0, starts[0]?.index).filter((node) => node !== title),
    parts: starts.map(({ node, index }, position) => ({
      heading: node,
      text: plainText(node),
      section: headingSection(plainText(node)),
      nodes: nodes.slice(index + 1, starts[position + 1]?.index).filter((other) => other !== title),
    })),
  };
}

/** The section that a heading of a foreign document stands for; marks before it and what follows a colon or bracket do not count. */
export function headingSection(text: string): SectionName | undefined {
  const bare = text.replace(/^[^\p{L}\p{N}]+/u, "");
  return sectionSynonym(bare) ?? sectionSynonym(bare.split(/[:(]/u)[0]?.trim() ?? "");
}

/** Headings that open a part: those of the outermost levels, and inside a part without meaning those that do mean a section. */
function partOpeners(headings: readonly Heading[], depth: number): ReadonlySet<Heading> {
  const opens = new Set<Heading>();
  let outer: { readonly depth: number; readonly known: boolean } | undefined;
  for (const heading of headings) {
    const known = headingSection(plainText(heading)) !== undefined;
    if (heading.depth <= depth || (outer !== undefined && !outer.known && known && heading.depth === outer.depth + 1)) {
      opens.add(heading);
      if (heading.depth <= depth) outer = { depth: heading.depth, known };
    }
  }
  return opens;
}

/** The heading that names the document: the first H1 that is no section, else the first heading of all when it begins with an id. */
function titleOf(headings: readonly Heading[]): Heading | undefined {
  const h1 = headings.find((heading) => heading.depth === 1 && headingSection(plainText(heading)) === undefined);
  if (h1 !== undefined) return h1;
  const [first] = headings;
  return first !== undefined && idAtStart(plainText(first)) ? first : undefined;
}

/** Whether a text begins with the id of a CRQ, also behind "Change Request". */
export function idAtStart(text: string): boolean {
  return (
    /^[^\p{L}\p{N}]*(?:change\s+request[^\p{L}\p{N}]*)?crq[-_ ]?\d/iu.test(text.slice(0, 200)) &&
    numbersIn(text.slice(0, 200)).numbers.length > 0
  );
}

function withoutStrayFences(source: string): { readonly text: string; readonly root: Root } {
  let text = source;
  let root = readMarkdown(text);
  for (let round = 0; round < MAX_STRAY_FENCES; round += 1) {
    const lines = linesOf(text);
    const stray = root.children.find((node): node is Code => node.type === "code" && isStray(node, lines));
    if (stray === undefined) break;
    const { start, end } = lines.rangeOf(lines.placeAt(startOf(stray)).line);
    const next = text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
    const read = readAnew(next);
    if (read === undefined) break;
    text = next;
    root = read;
  }
  return { text, root };
}

/** What was code may be too much for the parser once it is prose; then it stays code. */
function readAnew(text: string): Root | undefined {
  try {
    return readMarkdown(text);
  } catch (error) {
    if (error instanceof TooComplex || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Code of a named language that runs to the end only lacks its last line; everything else that is not paired swallowed prose. */
function isStray(node: Code, lines: Lines): boolean {
  const problem = fenceProblem(node, lines);
  if (problem === undefined) return false;
  if (problem.kind === "swallows") return true;
  return problem.swallowed.some((heading) => headingSection(heading) !== undefined) || !isCode(node);
}

function isCode(node: Code): boolean {
  return node.lang != null || !/[.!?:]\s*$/m.test(node.value) || rangeOf(node).end - rangeOf(node).start > 20_000;
}
