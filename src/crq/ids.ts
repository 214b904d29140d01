/** Numbers, names and slugs of CRQs. A number is also branch name and flake ref, so it is never given twice. Numbers compare as numbers. */

/** Longest number of a CRQ; eight digits are a date, more are a checksum or a time stamp. */
export const MAX_DIGITS = 7;

const NUMBER = /(?<![a-z0-9])crq[-_ ]?(\d+)(?:([-_])(\d{2})\2(\d{2})(?!\d))?/gi;

/** `CRQ-007`: at least three digits. */
export function formatId(number: number): string {
  return `CRQ-${String(number).padStart(3, "0")}`;
}

/** The number of an id such as `CRQ-0016` (16); undefined for `CRQ-XXX` and anything else. */
export function numberOf(id: string): number | undefined {
  const digits = /^CRQ-(\d{1,7})$/i.exec(id.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The CRQ numbers a name mentions. Dates (`CRQ-20261120`, `crq_2026-11-20`) and longer runs of digits are ignored. */
export function numbersIn(name: string): {
  readonly numbers: readonly number[];
  readonly ignored: readonly ("date" | "too long")[];
} {
  const numbers: number[] = [];
  const ignored: ("date" | "too long")[] = [];
  for (const [, digits = "", , month, day] of name.matchAll(NUMBER)) {
    const isDate = digits.length === 8 || (digits.length === 4 && isMonth(month) && isDay(day));
    if (isDate) ignored.push("date");
    else if (digits.length > MAX_DIGITS) ignored.push("too long");
    else numbers.push(Number(digits));
  }
  return { numbers, ignored };
}

function isMonth(text: string | undefined): boolean {
  return text !== undefined && Number(text) >= 1 && Number(text) <= 12;
}

function isDay(text: string | undefined): boolean {
  return text !== undefined && Number(text) >= 1 && Number(text) <= 31;
}

/** What a file name says about the CRQ in it. */
export interface FileName {
  /** `crq-agent` writes the standard form; the others are read. */
  readonly form: "standard" | "numbered" | "unnumbered" | "dated" | "named";
  /** `CRQ-016`; undefined for dated and merely named files. */
  readonly id: string | undefined;
  /** What follows the number, as it stands there. */
  readonly slug: string | undefined;
}

const SLUG = /^[a-z0-9-]{3,60}$/;

/**
 * Reads a file name (last path segment): `CRQ-NNN-kebab-slug.md`, also `crq_001_x.md`, `CRQ_016_X.md`, `crq-0001-x.md`, `CRQ-NNN.md`,
 * `x_crq.md`, dated names and `CRQ-XXX…`. undefined: the name is not one of a CRQ.
 */
export function readFileName(name: string): FileName | undefined {
  if (!/\.(?:md|markdown)$/i.test(name)) return undefined;
  const stem = name.replace(/\.[^.]+$/, "");
  const numbered = /^CRQ[-_ ]?(\d{1,7})(?!\d)(?:[-_ .](.*))?$/i.exec(stem);
  if (numbered?.[1] !== undefined && numbersIn(stem).numbers.length > 0) {
    const id = formatId(Number(numbered[1]));
    const slug = numbered[2];
    const standard = name === `${id}-${slug}.md` && slug !== undefined && SLUG.test(slug);
    return { form: standard ? "standard" : "numbered", id, slug };
  }
  const unnumbered = /^CRQ[-_ ]?X{3,}(?:[-_ .](.*))?$/i.exec(stem);
  if (unnumbered) {
    const slug = unnumbered[1];
    return {
      form: slug !== undefined && name === `CRQ-XXX-${slug}.md` && SLUG.test(slug) ? "standard" : "unnumbered",
      id: "CRQ-XXX",
      slug,
    };
  }
  if (/^CRQ[-_ ]?\d/i.test(stem)) return { form: "dated", id: undefined, slug: stem };
  if (/(?:^|[-_ .])CRQ(?:$|[-_ .])/i.test(stem)) return { form: "named", id: undefined, slug: stem };
  return undefined;
}

/** A title as a slug: 3 to 60 of `a-z`, `0-9`, `-`, cut at a word. */
export function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  let slug = "";
  for (const word of words) {
    const longer = slug === "" ? word.slice(0, 60) : `${slug}-${word}`;
    if (longer.length > 60) break;
    slug = longer;
  }
  return slug.length >= 3 ? slug : `change${slug === "" ? "" : `-${slug}`}`;
}

/** `CRQ-NNN-slug.md`. */
export function fileNameOf(id: string, slug: string): string {
  return `${id}-${slug}.md`;
}

/** `feature/CRQ-NNN-slug`. */
export function branchOf(id: string, slug: string): string {
  return `feature/${id}-${slug}`;
}

/** The id of a document: from its block, else its H1, else its file name. */
export function documentId(parts: {
  readonly block: string | undefined;
  readonly title: string | undefined;
  readonly fileName: string;
}): string | undefined {
  return parts.block ?? parts.title ?? readFileName(parts.fileName)?.id;
}
