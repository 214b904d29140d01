import type { ListItem, Paragraph, PhrasingContent, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import type { Lines } from "../../parse/text/lines.ts";
import { rangeOf, startOf } from "../../parse/text/markdown.ts";

/** `* **Status:** Open`, `**Status**: Open` on a line of a paragraph, or `Status: Open` where the name is one that metadata have. */
export interface Field {
  /** As written, without colon. */
  readonly label: string;
  readonly value: string;
  /** First and last line it stands on, the value's included. */
  readonly first: number;
  readonly last: number;
  readonly bold: boolean;
  /** The list item it is, when it is one. */
  readonly item: ListItem | undefined;
}

/** What a field can tell of a document. */
export type FieldKey = "id" | "title" | "status" | "created" | "author" | "dependsOn" | "related" | "kind" | "fileName";

const KEYS: ReadonlyMap<string, FieldKey> = new Map(
  (
    [
      ["id", ["id", "crq", "crq id", "crq number", "crq no", "change request id", "cr id", "number"]],
      ["title", ["title", "crq title", "name", "change title"]],
      ["status", ["status", "state", "current status"]],
      [
        "created",
        ["date", "created", "created at", "created on", "date created", "creation date", "submitted", "submission date"],
      ],
      [
        "author",
        ["author", "authors", "requester", "requestor", "requested by", "submitter", "submitted by", "created by", "owner"],
      ],
      ["dependsOn", ["depends on"]],
      ["related", ["related", "related crq"]],
      ["kind", ["type", "kind", "category", "change type", "conceptual category"]],
      ["fileName", ["original filename", "original path"]],
    ] as const
  ).flatMap(([key, labels]) => labels.map((label) => [label, key] as const)),
);

/** The metadata a label means: case, blanks, `_` and `-` do not count. */
export function fieldKey(label: string): FieldKey | undefined {
  return KEYS.get(
    label
      .trim()
      .toLowerCase()
      .replace(/[\s_-]+/g, " "),
  );
}

/** The fields of a paragraph or list at the top level of a document, in order. */
export function fieldsOf(node: RootContent, lines: Lines): Field[] {
  if (node.type === "paragraph") return inParagraph(node, lines, undefined);
  if (node.type !== "list") return [];
  return node.children.flatMap((item) => {
    const [first] = item.children;
    if (first?.type !== "paragraph") return [];
    const found = inParagraph(first, lines, item);
    const [only] = found;
    // An item is one field or none; its nested lists are part of the value.
    return only === undefined || only.first !== lines.placeAt(startOf(item)).line
      ? []
      : [{ ...only, last: lines.placeAt(rangeOf(item).end).line, item }];
  });
}

function inParagraph(paragraph: Paragraph, lines: Lines, item: ListItem | undefined): Field[] {
  const { children } = paragraph;
  const lineOf = (node: PhrasingContent) => lines.placeAt(startOf(node)).line;
  const lastLine = lines.placeAt(rangeOf(paragraph).end).line;
  const starts = children.flatMap((child, index) => {
    const label = child.type === "strong" && opensLine(children[index - 1]) ? labelOf(child, children[index + 1]) : undefined;
    return label === undefined ? [] : [{ label, index, first: lineOf(child) }];
  });
  if (starts.length === 0) return plainFields(paragraph, lines, item);
  return starts.map(({ label, index, first }, position) => {
    const next = starts[position + 1];
    const value = children
      .slice(index + 1, next?.index)
      .map((child) => plainText(child))
      .join("");
    return {
      label,
      value: value.replace(/^\s*:/, "").trim(),
      first,
      last: next === undefined ? lastLine : Math.max(next.first - 1, first),
      bold: true,
      item,
    };
  });
}

function opensLine(before: PhrasingContent | undefined): boolean {
  return before === undefined || before.type === "break" || (before.type === "text" && /[\n\r][ \t]*$/.test(before.value));
}

function labelOf(strong: PhrasingContent, next: PhrasingContent | undefined): string | undefined {
  const text = plainText(strong).trim();
  const hasColon = text.endsWith(":") || (next?.type === "text" && /^\s*:/.test(next.value));
  const label = text.replace(/\s*:$/, "");
  return hasColon && label !== "" && label.length <= 60 ? label : undefined;
}

/** Without bold only names of metadata count: "Note: this …" is prose. */
function plainFields(paragraph: Paragraph, lines: Lines, item: ListItem | undefined): Field[] {
  const first = lines.placeAt(startOf(paragraph)).line;
  const last = lines.placeAt(rangeOf(paragraph).end).line;
  const fields: Field[] = [];
  for (let line = first; line <= last; line += 1) {
    const text = line === first ? lines.source.slice(startOf(paragraph), lines.rangeOf(line).end) : lines.textOf(line);
    const match = /^[ \t]*([A-Za-z][A-Za-z _-]{1,30}):[ \t]+(\S.{0,500})$/.exec(text);
    if (match?.[1] === undefined || fieldKey(match[1]) === undefined) {
      if (item !== undefined) break;
      continue;
    }
    fields.push({ label: match[1].trim(), value: (match[2] ?? "").trim(), first: line, last: line, bold: false, item });
  }
  return fields;
}
