import type { List } from "mdast";
import { type Crq, SECTIONS, type SectionName, TAIL_SECTIONS } from "../model.ts";
import { type CrqDocument, readDocument } from "../parse/document.ts";
import { rangeOf } from "../parse/text/markdown.ts";
import { parseCrq } from "../parse.ts";
import { applyEdits, type Edit, newlineOf, type Written } from "./edits.ts";

const ORDER: readonly SectionName[] = [...SECTIONS, ...TAIL_SECTIONS];

/**
 * Appends a line to section 11 (History), which is made when it is missing. History is append-only; nothing else changes.
 * @param date ISO date, such as 2026-11-21
 */
export function appendHistory(crq: Crq, date: string, text: string): Written {
  return appendItem(crq, "History", `${date}: ${oneLine(text)}`);
}

/** Appends an unanswered question to section 9 (Open Questions) under the next free `Q-n`. */
export function appendQuestion(crq: Crq, text: string): Written & { readonly id?: string } {
  const numbers = [...crq.source.matchAll(/\bQ-(\d{1,6})\b/g)].map((match) => Number(match[1]));
  const id = `Q-${Math.max(0, ...numbers) + 1}`;
  const written = appendItem(crq, "Open Questions", `**${id}**: ${oneLine(text)}`);
  if ("problem" in written) return written;
  const read = parseCrq(crq.path, written.source).questions.find((question) => question.id === id);
  if (read === undefined || read.answer !== undefined) return { problem: notTaken(crq, "Open Questions") };
  return { ...written, id };
}

/** Appends one list item to a section. The result is read back: an item that landed elsewhere (an open fence) is a problem. */
function appendItem(crq: Crq, name: SectionName, text: string): Written {
  const document = readDocument(crq.path, crq.source);
  const before = itemsOf(document, name);
  const source = applyEdits(crq.source, [insertion(document, name, `-   ${text}`)]);
  const after = readDocument(crq.path, source);
  const kept = after.sections.length === document.sections.length + (hasSection(document, name) ? 0 : 1);
  return kept && itemsOf(after, name) === before + 1 ? { source } : { problem: notTaken(crq, name) };
}

function insertion(document: CrqDocument, name: SectionName, item: string): Edit {
  const { source } = document.crq;
  const newline = newlineOf(source);
  const found = document.sections.find(({ section }) => section.name === name);
  if (found === undefined) {
    const heading = `## ${ORDER.indexOf(name) + 1}. ${name}`;
    const next = document.sections.find(
      ({ section }) => section.name !== undefined && ORDER.indexOf(section.name) > ORDER.indexOf(name),
    );
    const at = next === undefined ? source.length : document.lines.startOf(next.section.place.line);
    const before = at > 0 && !/[\r\n]$/.test(source.slice(0, at)) ? newline : "";
    // As the document has its first heading: with a blank line before it or without.
    const blankBefore = (offset: number): boolean => /(?:\r\n|\n)[ \t]*(?:\r\n|\n)$/.test(source.slice(0, offset));
    const first = document.sections[0];
    const gap = first !== undefined && blankBefore(document.lines.startOf(first.section.place.line)) ? newline : "";
    const spaced = blankBefore(at) ? "" : gap;
    return {
      start: at,
      end: at,
      text: `${before}${spaced}${heading}${newline}${gap}${item}${newline}${next === undefined ? "" : gap}`,
    };
  }
  const last = found.nodes.at(-1);
  const line = document.lines.placeAt(last === undefined ? rangeOf(found.heading).end : rangeOf(last).end).line;
  const at = document.lines.afterOf(line);
  const endsLine = /[\r\n]$/.test(source.slice(0, at));
  return { start: at, end: at, text: endsLine ? `${item}${newline}` : `${newline}${item}` };
}

function itemsOf(document: CrqDocument, name: SectionName): number {
  const nodes = document.sections.find(({ section }) => section.name === name)?.nodes ?? [];
  return nodes.filter((node): node is List => node.type === "list").reduce((sum, list) => sum + list.children.length, 0);
}

function hasSection(document: CrqDocument, name: SectionName): boolean {
  return document.sections.some(({ section }) => section.name === name);
}

/** Lists take one line an item here: a line break could open a heading, a fence or an answer. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function notTaken(crq: Crq, name: SectionName): string {
  return `${crq.path}: a line could not be added to section "${name}"; run \`crq-agent lint\` and repair what it finds`;
}
