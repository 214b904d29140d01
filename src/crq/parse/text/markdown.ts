import type { Node, Nodes, Root } from "mdast";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visit } from "unist-util-visit";
import type { Range } from "../../model.ts";
import { limitComplexity, opensTooMuch, TooComplex } from "./complexity.ts";
import { bomLength } from "./lines.ts";

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).use(limitComplexity).freeze();

/**
 * The syntax tree of a Markdown source; every offset counts in the source as given, a byte order mark included.
 * @throws TooComplex for text that would keep the parser busy for minutes, RangeError for nesting beyond its stack
 */
export function readMarkdown(source: string): Root {
  if (opensTooMuch(source)) throw new TooComplex("HTML that is never closed");
  const root = processor.parse(source);
  const bom = bomLength(source);
  if (bom > 0) {
    // micromark drops the mark before it counts offsets.
    visit(root, (node) => {
      if (node.position?.start.offset !== undefined) node.position.start.offset += bom;
      if (node.position?.end.offset !== undefined) node.position.end.offset += bom;
    });
  }
  return root;
}

/** The time of the Markdown parser grows with the square of the nesting; no person nests this deep on one line. */
const TOO_DEEP = /^[ \t]*(?:>[ \t]*|(?:[-+*]|\d{1,9}[.)])[ \t]+){100}/m;

/** Whether a line opens so many quotes and lists at once that reading it would take minutes or fill the stack. */
export function isTooDeep(source: string): boolean {
  return TOO_DEEP.test(source);
}

/** Offsets of a node in the source it was parsed from. */
export function rangeOf(node: Node): Range {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 };
}

/** Offset of the first character of a node. */
export function startOf(node: Node): number {
  return rangeOf(node).start;
}

/** All descendants of one type, in document order; the node itself counts too. */
export function descendants<Type extends Nodes["type"]>(node: Nodes, type: Type): Extract<Nodes, { type: Type }>[] {
  const found: Extract<Nodes, { type: Type }>[] = [];
  const isWanted = (candidate: Nodes): candidate is Extract<Nodes, { type: Type }> => candidate.type === type;
  visit(node, (candidate) => {
    if (isWanted(candidate)) found.push(candidate);
  });
  return found;
}
