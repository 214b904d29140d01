import { toString as plainText } from "mdast-util-to-string";
import { formatId, numbersIn, readFileName } from "../../ids.ts";
import { type CrqKind, STATUSES, type Status } from "../../model.ts";
import type { Family } from "./family.ts";
import { type Field, type FieldKey, fieldKey, fieldsOf } from "./fields.ts";
import { readFrontMatter } from "./front-matter.ts";
import { idAtStart, type Outline } from "./outline.ts";

/** What a foreign document says of itself. */
export interface Particulars {
  /** `CRQ-042`; undefined when it has no number that a CRQ can have. */
  readonly id: string | undefined;
  /** Why a number that stands there is not taken. */
  readonly idProblem: string | undefined;
  readonly title: string;
  readonly status: Status;
  /** The word as written, when it is not the status itself. */
  readonly statusWord: string | undefined;
  /** ISO date. */
  readonly created: string | undefined;
  readonly author: string | undefined;
  readonly dependsOn: readonly string[];
  readonly related: readonly string[];
  readonly category: string | undefined;
}

const MAX_TITLE = 90;
/** "Change Request", an id and punctuation, as they stand before a title. */
const PREFIX =
  /^[^\p{L}\p{N}]*(?:change\s+request(?=[^\p{L}\p{N}]*crq(?![\p{L}])|\s*[:–—-])[^\p{L}\p{N}]*)?(?:crq(?:[-_ ]?(?:\d+|x{3,}))?(?![\p{L}\p{N}])\s*[:.)–—-]*\s*)?/iu;

/** A heading without what stands before its title. */
export function withoutPrefix(text: string): string {
  const prefix = PREFIX.exec(text)?.[0] ?? "";
  return /\p{L}/u.test(prefix) ? text.slice(prefix.length).trim() : text.trim();
}

/** Words of writers, by their beginning, and the state each stands for. A claim of being done is no evidence: nothing gets past `proposed`. */
const STATUS_WORDS: readonly (readonly [word: string, status: Status])[] = [
  ["open", "proposed"],
  ["to do", "proposed"],
  ["todo", "proposed"],
  ["new", "proposed"],
  ["pending", "proposed"],
  ["proposed", "proposed"],
  ["active", "proposed"],
  ["in progress", "proposed"],
  ["implemented", "proposed"],
  ["implementing", "proposed"],
  ["completed", "proposed"],
  ["complete", "proposed"],
  ["resolved", "proposed"],
  ["done", "proposed"],
  ["closed", "proposed"],
  ["approved", "proposed"],
  ["accepted", "proposed"],
  ["verified", "proposed"],
  ["draft", "draft"],
  ["deferred", "deferred"],
  ["on hold", "deferred"],
  ["postponed", "deferred"],
  ["rejected", "rejected"],
  ["declined", "rejected"],
  ["withdrawn", "withdrawn"],
  ["cancelled", "withdrawn"],
  ["canceled", "withdrawn"],
];

/** @param path of the source; its name gives what the text does not */
export function readParticulars(outline: Outline, fields: readonly Field[], path: string): Particulars {
  const matter = outline.frontMatter === undefined ? new Map<string, string>() : readFrontMatter(outline.frontMatter);
  const given = (key: FieldKey): string | undefined =>
    fields.find(({ label, value }) => fieldKey(label) === key && value !== "")?.value ??
    [...matter].find(([label]) => fieldKey(label) === key)?.[1];
  const heading = outline.title === undefined ? "" : plainText(outline.title);
  const fileName = fileNameIn(given("fileName")) ?? fileNameIn(path) ?? "";
  const { id, problem } = readId([given("id"), idAtStart(heading) ? heading : undefined], fileName);
  const word = given("status") ?? statusPart(outline);
  const status = statusOf(word);
  return {
    id,
    idProblem: problem,
    title: titleOf([heading, given("title") ?? "", stemOf(fileName), fileNameIn(path) ?? ""]),
    status,
    statusWord: word === undefined || STATUSES.some((known) => known === word.trim()) ? undefined : cleaned(word).slice(0, 60),
    created: isoDate(given("created")),
    author: given("author") === undefined ? undefined : cleaned(given("author") ?? "").slice(0, 80) || undefined,
    dependsOn: idsIn(given("dependsOn")),
    related: idsIn(given("related")),
    category: given("kind"),
  };
}

/** Fields that may tell of the document as a whole: before the first part, and in parts that are a list of particulars. */
export function documentFields(outline: Outline): Field[] {
  const particulars = outline.parts.filter(({ text }) =>
    /^(?:metadata|details|particulars|header|crq|change request)(?: (?:details|information|metadata))?$/i.test(text.trim()),
  );
  return [...outline.preamble, ...particulars.flatMap(({ nodes }) => nodes)].flatMap((node) => fieldsOf(node, outline.lines));
}

/** Text of the part that is headed "Status", when it is one short line. */
export function statusPart(outline: Outline): string | undefined {
  const part = outline.parts.find(({ text }) => fieldKey(text.replace(/^\d+[.)]\s*/, "")) === "status");
  const [only, second] = part?.nodes ?? [];
  const text = only?.type === "paragraph" && second === undefined ? plainText(only).trim() : "";
  return text !== "" && text.length <= 40 && !text.includes("\n") ? text : undefined;
}

/** The state behind a writer's word; no word, or one that says nothing, is a draft. */
export function statusOf(word: string | undefined): Status {
  const text = (word ?? "")
    .toLowerCase()
    .replace(/[-_\s]+/g, " ")
    .replace(/^[^a-z]+/, "");
  return STATUS_WORDS.find(([known]) => text === known || new RegExp(`^${known}\\b`).test(text))?.[1] ?? "draft";
}

function readId(
  texts: readonly (string | undefined)[],
  fileName: string,
): { readonly id: string | undefined; readonly problem: string | undefined } {
  let problem: string | undefined;
  for (const text of texts) {
    if (text === undefined) continue;
    const bare = /^\W*(\d{1,7})\W*$/.exec(text)?.[1];
    const { numbers, ignored } = numbersIn(bare === undefined ? text : `CRQ-${bare}`);
    const [number] = numbers;
    if (number !== undefined) return { id: formatId(number), problem: undefined };
    if (ignored[0] === "too long") problem ??= "its number has more digits than an id can have";
    if (ignored[0] === "date") problem ??= "its number is a date";
  }
  const named = readFileName(fileName);
  if (named?.id !== undefined && named.id !== "CRQ-XXX" && problem === undefined) return { id: named.id, problem: undefined };
  return {
    id: undefined,
    problem: problem ?? (named?.form === "dated" ? "its file is named by a date or a long number" : undefined),
  };
}

function titleOf(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    const text = shortened(withoutPrefix(cleaned(candidate)));
    if (text.length >= 5) return text;
    if (text !== "") return `Imported: ${text}`;
  }
  return "Imported document";
}

function shortened(text: string): string {
  if (text.length <= MAX_TITLE) return text;
  const cut = text
    .slice(0, MAX_TITLE - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const word = cut.replace(/\s+\S*$/, "");
  return `${word.length > MAX_TITLE / 2 ? word : cut}…`;
}

/** One line of visible text: no control bytes, nothing that turns the direction of writing. */
function cleaned(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\uFEFF]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function fileNameIn(path: string | undefined): string | undefined {
  return path?.split(/[/\\]/).at(-1) || undefined;
}

function stemOf(fileName: string): string {
  const stem = fileName.replace(/\.[^.]+$/, "");
  const words = (readFileName(fileName)?.slug ?? stem)
    .replace(/^[-_\d\s]+/, "")
    .replace(/[-_\s]+/g, " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isoDate(text: string | undefined): string | undefined {
  const date = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/.exec(text ?? "");
  if (date === null) return undefined;
  const [iso] = date;
  const time = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso) ? iso : undefined;
}

function idsIn(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [...new Set(numbersIn(text.slice(0, 500)).numbers.map(formatId))];
}

/** What sort of change a document is about; a guess by its words that a person sees. Without a base the kinds that need one are not taken. */
export function kindOf(particulars: Particulars, family: Family, source: string, hasBase: boolean): CrqKind {
  const words = `${particulars.category ?? ""} ${particulars.title}`.toLowerCase();
  const withTarget = (kind: CrqKind, else_: CrqKind) => (hasBase ? kind : else_);
  if (/\blattice\b/.test(words)) return withTarget("lattice", "refactor");
  if (/\bnixif|\bflakes?\b|\bnix\b/.test(words)) return withTarget("nixify", "refactor");
  if (family === "bug-diary" || family === "one-error") return "incident";
  if (/\bincident\b|\boutage\b/.test(words)) return "incident";
  if (/\b(?:bug|fix|error|crash|panic)/.test(words)) return withTarget("fix", "incident");
  if (/\bpolicy\b/.test(words)) return "policy";
  if (/\b(?:documentation|docs?|guide|readme|manual)\b/.test(words)) return "docs";
  return hasBase && /\bflake\.nix\b/.test(source) ? "nixify" : "refactor";
}
