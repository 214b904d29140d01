import { toString as plainText } from "mdast-util-to-string";
import { SECTIONS } from "../../model.ts";
import { sectionName, withoutNumber } from "../../parse/sections/sections.ts";
import { descendants } from "../../parse/text/markdown.ts";
import { type Field, fieldKey, fieldsOf } from "./fields.ts";
import { headingSection, type Outline } from "./outline.ts";

/** Forms of change requests in the wild. `other` is imported like the rest: the family only says what was recognised. */
export const FAMILIES = ["seed", "numbered", "bold-field", "mini", "bug-diary", "one-error", "other"] as const;
export type Family = (typeof FAMILIES)[number];

const ENTRY =
  /^\W*(?:\d{4}-\d{2}-\d{2}|(?:attempt|try|session|day|entry|update|round|iteration)\b|(?:current|new|next|latest) (?:error|status|problem)\b)/i;
const FAILURE = /\b(?:error|exception|panic(?:ked)?|traceback|failed|failure|undefined|cannot|conflict)\b/i;

/** The family a document belongs to, by its form; the first that fits, from the strictest to the loosest. */
export function familyOf(outline: Outline, fields: readonly Field[]): Family {
  const { parts, preamble, lines } = outline;
  const names = new Set(parts.map(({ text }) => sectionName(text)).filter((name) => SECTIONS.some((known) => known === name)));
  if (names.size >= 5) return "seed";
  if (parts.filter(({ text }) => withoutNumber(text).number !== undefined).length >= 3) return "numbered";
  const all = preamble.flatMap((node) => fieldsOf(node, lines));
  const headings = descendants(outline.root, "heading").filter((heading) => heading !== outline.title);
  if (headings.filter((heading) => ENTRY.test(plainText(heading))).length >= 2) return "bug-diary";
  const bold = all.filter((field) => field.bold);
  const hasId = fields.some(({ label }) => fieldKey(label) === "id");
  if (bold.length >= 4 || (bold.length >= 3 && hasId)) return "bold-field";
  const told = all.filter(({ label }) => fieldKey(label) !== undefined || headingSection(label) !== undefined).length;
  const known = parts.filter(({ section }) => section !== undefined).length;
  if (told + known >= 2 && told + known <= 4 && known === parts.length) return "mini";
  const codes = descendants(outline.root, "code");
  const title = outline.title === undefined ? "" : plainText(outline.title);
  if (parts.length <= 3 && (codes.some(({ value }) => FAILURE.test(value)) || FAILURE.test(title))) return "one-error";
  return "other";
}
