import type { List, ListItem, Paragraph, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import type { Lines } from "../../parse/text/lines.ts";
import { descendants, rangeOf, startOf } from "../../parse/text/markdown.ts";
import { renderCheckBlock } from "../../render/blocks.ts";
import { type SuggestionContext, suggestChecks } from "./suggest.ts";

/** A criterion of the import. */
export interface ImportedCriterion {
  readonly id: string;
  readonly kinds: readonly string[];
  readonly note: string | undefined;
}

/** Numbers criteria in the order in which they are written. */
export interface Numbering {
  /** The id for the next criterion; its own where it has one that ascends. */
  next(own: string | undefined): string;
}

/** Ids ascend and are used once; the last one is all that must be known. */
export function numbering(): Numbering {
  let last = 0;
  return {
    next(own) {
      const number = Number(/^AC-([1-9]\d{0,3})$/.exec(own ?? "")?.[1] ?? 0);
      last = number > last ? number : last + 1;
      return `AC-${last}`;
    },
  };
}

/** One item as a criterion of the format: its lines under a `-   **AC-n**: ` marker, then the suggested block. */
export interface Written {
  readonly lines: readonly string[];
  readonly criterion: ImportedCriterion;
  /** Source lines whose text is in `lines`. */
  readonly used: readonly number[];
}

/** The form of a criterion is that of the format: content starts in column 5. */
const INDENT = "    ";

/** Where a criterion's text comes from and how it is written. */
export interface CriterionContext extends SuggestionContext {
  readonly lines: Lines;
  readonly numbers: Numbering;
  /** Lines that must not be taken over (blocks only the tool may write). */
  readonly barred: ReadonlySet<number>;
}

export function writeItem(item: ListItem, context: CriterionContext): Written {
  const { lines } = context;
  const [first] = item.children;
  const opening = first?.type === "paragraph" ? first : undefined;
  const from = lines.placeAt(startOf(item)).line;
  const to = lines.placeAt(rangeOf(item).end).line;
  const column = lines.placeAt(startOf(opening ?? first ?? item)).column - 1;
  const width = Math.max(column - (item.checked == null ? 0 : 4), 0);
  const own = ownId(opening);
  const id = context.numbers.next(own);
  const written: string[] = [];
  const used: number[] = [];
  if (opening === undefined) {
    written.push(`-   **${id}**: as the source has it:`, "");
    written.push(`${INDENT}${lines.source.slice(startOf(first ?? item), lines.rangeOf(from).end)}`.trimEnd());
  } else {
    const text = lines.source.slice(startOf(opening), lines.rangeOf(from).end).trimEnd();
    const claims = isWithdrawn(text);
    written.push(own === id && !claims ? `-   ${text}` : `-   **${id}**: ${claims ? CLAIM : ""}${text}`);
  }
  // A task's box changes its form; the line is kept as it was.
  if (item.checked == null && !context.barred.has(from)) used.push(from);
  for (let line = from + 1; line <= to; line += 1) {
    if (context.barred.has(line)) continue;
    written.push(reindented(lines.textOf(line), width));
    used.push(line);
  }
  return finish(id, written, used, item, item.children.length > 1 || opening === undefined, context);
}

/** A paragraph of a section without lists, as one criterion. */
export function writeParagraph(paragraph: Paragraph, context: CriterionContext): Written {
  const { lines, numbers } = context;
  const id = numbers.next(undefined);
  const from = lines.placeAt(startOf(paragraph)).line;
  const to = lines.placeAt(rangeOf(paragraph).end).line;
  const used = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const opening = `-   **${id}**: ${isWithdrawn(lines.textOf(from)) ? CLAIM : ""}`;
  const written = used.map((line) => `${line === from ? opening : INDENT}${lines.textOf(line).trim()}`);
  return finish(id, written, used, paragraph, false, context);
}

function finish(
  id: string,
  written: readonly string[],
  used: readonly number[],
  node: ListItem | Paragraph,
  apart: boolean,
  context: CriterionContext,
): Written {
  const paragraphs = descendants(node, "paragraph");
  const text = paragraphs.map((paragraph) => plainText(paragraph)).join("\n");
  const code = descendants(node, "inlineCode").map(({ value }) => value);
  const { checks, note } = suggestChecks(text.replace(/^AC-\d+\s*:?\s*/, ""), code, context);
  // A blank line ends whatever the item's last block is: HTML would swallow the fence.
  const gap = apart || descendants(node, "html").length > 0 ? [""] : [];
  return {
    lines: [...written, ...gap, ...renderCheckBlock(id, checks).split("\n")],
    used,
    criterion: { id, kinds: checks.map(({ kind }) => kind), note },
  };
}

/** A withdrawn criterion is not checked; that a stranger says so withdraws nothing here. */
const CLAIM = "the source says ";

function isWithdrawn(text: string): boolean {
  return /^(?:\*\*AC-\d+\*\*)?[\s:.–—-]*\(withdrawn\b/i.test(text);
}

function ownId(paragraph: Paragraph | undefined): string | undefined {
  const [first] = paragraph?.children ?? [];
  const text = first?.type === "strong" ? plainText(first) : "";
  return /^AC-[1-9]\d{0,3}$/.test(text) ? text : undefined;
}

/** Columns of the old item's content are taken off, those of the new one put on; tabs stand for columns of four. */
function reindented(text: string, width: number): string {
  const rest = text.trimStart();
  if (rest === "") return "";
  let columns = 0;
  for (const mark of text.slice(0, text.length - rest.length)) columns += mark === "\t" ? 4 - (columns % 4) : 1;
  return INDENT + " ".repeat(Math.max(columns - width, 0)) + rest;
}

/** The criteria a part of a document holds: items of its lists, or its paragraphs where it has no list. */
export function criterionNodes(nodes: readonly RootContent[]): ReadonlySet<RootContent> {
  const lists = nodes.filter((node): node is List => node.type === "list");
  if (lists.length > 0) return new Set(lists);
  return new Set(nodes.filter((node) => node.type === "paragraph" && !plainText(node).trimEnd().endsWith(":")));
}
