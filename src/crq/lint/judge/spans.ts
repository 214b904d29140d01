import type { Nodes, Root } from "mdast";
import { SKIP, visit } from "unist-util-visit";
import type { Place, SectionName } from "../../model.ts";
import type { CrqDocument } from "../../parse/document.ts";
import { rangeOf } from "../../parse/text/markdown.ts";

/** A piece of a document's text with where it stands. `text` is the raw source, so that offsets inside it are offsets in the file. */
export interface Span {
  /** `prose`: running text; `code`: a code span; `fence`: a fenced or indented block; `html`: comments and tags; `link`: a link's target. */
  readonly kind: "prose" | "code" | "fence" | "html" | "link";
  readonly text: string;
  /** Text without the marks around it; for fences what they hold. */
  readonly value: string;
  readonly start: number;
  readonly place: Place;
  /** Language of a fence. */
  readonly lang: string | undefined;
  /** Info string of a fence after the language. */
  readonly meta: string | undefined;
  /** The section it stands in; undefined before the first and in unknown ones. */
  readonly section: SectionName | undefined;
  /** Offsets of the paragraph or other leaf block around it. */
  readonly block: { readonly start: number; readonly end: number };
}

const cache = new WeakMap<CrqDocument, readonly Span[]>();

/** All text of a document that rules read: everything but section 12 (Imported Text). */
export function spansOf(document: CrqDocument): readonly Span[] {
  const known = cache.get(document);
  if (known !== undefined) return known;
  const spans = collect(document.root, document).filter(({ section }) => section !== "Imported Text");
  cache.set(document, spans);
  return spans;
}

function collect(root: Root, document: CrqDocument): Span[] {
  const { source } = document.crq;
  const sections = document.sections.map(({ section, heading }) => ({ name: section.name, from: rangeOf(heading).start }));
  const sectionAt = (offset: number) => sections.findLast(({ from }) => from <= offset)?.name;
  const spans: Span[] = [];
  let block = { start: 0, end: 0 };
  const add = (kind: Span["kind"], node: Nodes, value: string, lang?: string | null, meta?: string | null) => {
    const { start, end } = rangeOf(node);
    spans.push({
      kind,
      text: source.slice(start, end),
      value,
      start,
      place: document.lines.placeAt(start),
      lang: lang ?? undefined,
      meta: meta ?? undefined,
      section: sectionAt(start),
      block: start >= block.start && end <= block.end ? block : { start, end },
    });
  };
  const addTarget = (node: Nodes, url: string) => {
    const { start, end } = rangeOf(node);
    const at = start + Math.max(source.slice(start, end).lastIndexOf(url), 0);
    const place = document.lines.placeAt(at);
    spans.push({
      kind: "link",
      text: url,
      value: url,
      start: at,
      place,
      lang: undefined,
      meta: undefined,
      section: sectionAt(at),
      block,
    });
  };
  visit(root, (node) => {
    switch (node.type) {
      case "paragraph":
      case "heading":
      case "tableRow":
        block = rangeOf(node);
        return undefined;
      case "text":
        add("prose", node, node.value);
        return undefined;
      case "inlineCode":
        add("code", node, node.value);
        return undefined;
      case "code":
        add("fence", node, node.value, node.lang, node.meta);
        return SKIP;
      case "html":
        add("html", node, node.value);
        return SKIP;
      case "link":
      case "image":
      case "definition":
        addTarget(node, node.url);
        return undefined;
      default:
        return undefined;
    }
  });
  return spans;
}

/** A match of a pattern inside a span. */
export interface Hit {
  readonly span: Span;
  readonly text: string;
  readonly groups: readonly (string | undefined)[];
  readonly start: number;
  readonly place: Place;
}

/** All matches of a global pattern in the spans of the given kinds, with their places. */
export function hits(document: CrqDocument, pattern: RegExp, kinds: readonly Span["kind"][]): Hit[] {
  return spansOf(document)
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((span) =>
      [...span.text.matchAll(pattern)].map((match) => ({
        span,
        text: match[0],
        groups: match.slice(1),
        start: span.start + match.index,
        place: document.lines.placeAt(span.start + match.index),
      })),
    );
}

/** The metadata block is data, not prose: rules that read text leave it out. */
export function isMetadata(span: Span): boolean {
  return span.kind === "fence" && span.lang === "toml" && span.meta?.trim() === "crq";
}

/** A facts block quotes its sources letter by letter. */
export function isFacts(span: Span): boolean {
  return span.kind === "fence" && span.lang === "toml" && span.meta?.trim() === "facts";
}

/** A `nix` fence: what it holds, and where a line and column of that (from 1) stand in the document. */
export interface NixSnippet {
  readonly text: string;
  readonly place: Place;
  placeOf(line: number, column: number): Place;
}

/** The `nix` fences of a document; a run parses all of them in one call and hands the answers in. */
export function nixSnippets(document: CrqDocument): readonly NixSnippet[] {
  return spansOf(document)
    .filter(({ kind, lang }) => kind === "fence" && lang === "nix")
    .map(({ value, place }) => ({
      text: value.replaceAll("\r\n", "\n"),
      place,
      placeOf: (line, column) => placeInFence(document, place, value, line, column),
    }));
}

/** Markdown takes the indentation of a list item off the lines of a fence; it is put back. */
function placeInFence({ lines }: CrqDocument, fence: Place, value: string, line: number, column: number): Place {
  const content = value.split(/\r\n|\n|\r/)[line - 1];
  const source = lines.textOf(fence.line + line);
  if (content === undefined || !source.endsWith(content)) return fence;
  return { line: fence.line + line, column: source.length - content.length + Math.min(column, content.length + 1) };
}
