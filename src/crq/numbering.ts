import { formatId, MAX_DIGITS, numbersIn } from "./ids.ts";

/** Where a name was found, for the reasons given to a person. */
export type NameOrigin = "file" | "document" | "list" | "branch" | "tag" | "ref" | "tree" | "flake";

/** A text that may hold CRQ numbers: a file name, an id or H1, a branch, tag or other ref, a branch that a flake uses. */
export interface Mention {
  readonly origin: NameOrigin;
  readonly name: string;
  /** The file or ref that says so, where the name alone does not tell: `crqs/old.md on feature/x`. */
  readonly where?: string;
}

/** A run of digits that looks like a number and is none. */
export interface IgnoredNumber {
  readonly mention: Mention;
  readonly why: "date" | "too long";
}

export interface NextNumber {
  readonly number: number;
  readonly id: string;
  /** Numbers in use, each with the first place that uses it. */
  readonly taken: ReadonlyMap<number, Mention>;
  readonly ignored: readonly IgnoredNumber[];
}

/** The number after the highest in use; a text where every number of up to seven digits is taken at the top. */
export function nextNumber(mentions: Iterable<Mention>): NextNumber | string {
  const taken = new Map<number, Mention>();
  const ignored: IgnoredNumber[] = [];
  let highest = 0;
  for (const mention of mentions) {
    const found = numbersIn(mention.name);
    for (const number of found.numbers) {
      if (!taken.has(number)) taken.set(number, mention);
      highest = Math.max(highest, number);
    }
    for (const why of found.ignored) ignored.push({ mention, why });
  }
  const number = highest + 1;
  const top = taken.get(highest);
  if (String(number).length > MAX_DIGITS && top !== undefined)
    return `${formatId(highest)} is in use (${describeMention(top)}), so no number of ${MAX_DIGITS} digits is left; give one with --id`;
  return { number, id: formatId(number), taken, ignored };
}

/** `branch feature/CRQ-016-x`, `crqs/old.md on main`: for a person. */
export function describeMention({ origin, name, where }: Mention): string {
  switch (origin) {
    case "branch":
    case "tag":
    case "ref":
      return `${origin} ${name}`;
    case "flake":
      return `${name} in ${where ?? "a flake"}`;
    case "document":
      return where ?? name;
    case "list":
    case "file":
    case "tree":
      return where === undefined ? name : `${name} ${where}`;
  }
}

/** Says which runs of digits were taken for no number, in one line a reason; undefined: there are none. */
export function describeIgnored(ignored: readonly IgnoredNumber[], limit = 5): string | undefined {
  const names = [
    ...new Set(
      ignored.map(({ mention, why }) => `${shortened(mention.name)} (${why === "date" ? "a date" : "too many digits"})`),
    ),
  ];
  if (names.length === 0) return undefined;
  const more = names.length > limit ? ` and ${names.length - limit} more` : "";
  return `not taken for CRQ numbers: ${names.slice(0, limit).join(", ")}${more}`;
}

const shortened = (name: string): string => (name.length > 80 ? `${name.slice(0, 77)}…` : name);

/** Also the forms `ref = "feature/…"`, `"ref": "feature/…"` and `github:OWNER/REPO/feature/…`; a slash may be percent-encoded. */
const FLAKE_BRANCH = /(?<![A-Za-z0-9])feature(?:\/|%2f)(crq[-_]?\d+[A-Za-z0-9._-]*)/gi;

/**
 * CRQ branches that the text of a flake or lock file uses. Comments count too: a number that is named as a branch anywhere is better left
 * alone than given twice.
 */
export function flakeBranches(text: string): readonly string[] {
  return [...new Set([...text.matchAll(FLAKE_BRANCH)].map((match) => `feature/${match[1] ?? ""}`))];
}
