import { toString as plainText } from "mdast-util-to-string";
import { readFileName } from "../../../ids.ts";
import { isTitle } from "../../../parse/document.ts";
import { bomLength } from "../../../parse/text/lines.ts";
import { rangeOf, startOf } from "../../../parse/text/markdown.ts";
import { newlineOf } from "../../../write/edits.ts";
import { type Finding, levels, parserFindings, type Rule, type RuleInput } from "../../rule.ts";

export const title: Rule = {
  name: "structure/title",
  about: "not exactly one H1 of the form `# CRQ-NNN: Title`",
  explain:
    "The H1 carries the id and the title that lists, branches and commits use. Write `# CRQ-NNN: Title` once, as the first line. " +
    "`--fix` puts a heading above a document that has none and brings a heading such as `# CRQ 42 - Title` into the form.",
  levels: levels("W E E"),
  fixes: true,
  *check(input) {
    const { document } = input;
    if (document.h1 === undefined) {
      for (const finding of parserFindings(title.name)(input)) yield { ...finding, ...skeleton(input) };
      return;
    }
    const text = plainText(document.h1);
    if (!isTitle(text))
      yield { place: document.lines.placeAt(startOf(document.h1)), message: formMessage(text), ...reform(input) };
    for (const node of document.root.children) {
      if (node.type === "heading" && node.depth === 1 && node !== document.h1) {
        yield {
          place: document.lines.placeAt(startOf(node)),
          message: `a second H1 "${plainText(node)}"; a document is one change`,
        };
      }
    }
  },
};

function formMessage(text: string): string {
  return `the H1 is "${text}"; expected \`# CRQ-NNN: Title\` (3 to 7 digits, a colon)`;
}

/** A heading above the text of a document without one. */
function skeleton({ document }: RuleInput): Pick<Finding, "fix"> {
  const { path, source, metadata } = document.crq;
  const newline = newlineOf(source);
  const heading = `# ${fallbackId(document.crq.path, metadata?.id)}: ${metadata?.title ?? titleFromName(path)}`;
  const at = bomLength(source);
  const rest = source.slice(at).trim() === "" ? newline : `${newline}${newline}`;
  return {
    fix: { description: "put a heading above the text", edits: [{ file: path, start: at, end: at, text: heading + rest }] },
  };
}

/** The heading in the right form, when the text after the id is one line of source. */
function reform({ document }: RuleInput): Pick<Finding, "fix"> {
  const { h1, crq } = document;
  const [first] = h1?.children ?? [];
  const last = h1?.children.at(-1);
  if (h1 === undefined || first === undefined || last === undefined || crq.title === undefined) return {};
  const { start } = rangeOf(first);
  const { end } = rangeOf(last);
  const raw = crq.source.slice(start, end);
  const text = raw.replace(/^CRQ[-_ ]?\d{1,7}(?!\d)\s*[:.–—-]?\s*/i, "");
  const id = crq.title.id ?? fallbackId(crq.path, crq.metadata?.id);
  if (text.trim() === "" || /[\r\n]/.test(raw)) return {};
  return {
    fix: { description: `write the heading as \`${id}: …\``, edits: [{ file: crq.path, start, end, text: `${id}: ${text}` }] },
  };
}

function fallbackId(path: string, id: string | undefined): string {
  return id ?? readFileName(path.split("/").at(-1) ?? path)?.id ?? "CRQ-XXX";
}

function titleFromName(path: string): string {
  const slug =
    readFileName(path.split("/").at(-1) ?? path)
      ?.slug?.replace(/[-_]+/g, " ")
      .trim() ?? "";
  return slug.length >= 5 ? slug.charAt(0).toUpperCase() + slug.slice(1) : "Untitled change";
}
