import { parse, TomlDate, TomlError } from "smol-toml";
import { z } from "zod";
import type { WorldProblem } from "../problem.ts";

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly WorldProblem[] };

/** Reads one TOML file of a world against its schema; every problem names file and line. */
export function parseToml<T>(file: string, text: string, schema: z.ZodType<T>): Parsed<T> {
  let table: unknown;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split("\n")[0] ?? "").replace(/^Invalid TOML document: /, "not TOML: ");
    return { ok: false, problems: [{ file, line: error.line, column: error.column, message, next: "mend the syntax" }] };
  }
  const checked = schema.safeParse(table);
  if (checked.success) return { ok: true, value: checked.data };
  return { ok: false, problems: checked.error.issues.flatMap((issue) => issueProblems(file, text, issue)) };
}

function issueProblems(file: string, text: string, issue: z.core.$ZodIssue): WorldProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      file,
      line: lineOfKey(text, [...issue.path, key]),
      message: `unknown key \`${[...issue.path, key].map(String).join(".")}\``,
      next: "take it out, or correct its spelling",
    }));
  }
  const name = issue.path.map(String).join(".");
  return [
    {
      file,
      line: lineOfKey(text, issue.path),
      message: `${name === "" ? "the file" : `\`${name}\``}: ${issue.message}`,
      next: "correct the value",
    },
  ];
}

const KEY = /"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+/g;
const keysOf = (text: string): string[] => (text.match(KEY) ?? []).map((key) => key.replace(/^(["'])(.*)\1$/, "$2"));
const DOTTED = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*`;
const ARRAY_HEADER = new RegExp(`^\\s*\\[\\[\\s*(${DOTTED})\\s*\\]\\]`);
const HEADER = new RegExp(`^\\s*\\[\\s*(${DOTTED})\\s*\\]`);
const ASSIGNMENT = new RegExp(`^\\s*(${DOTTED})\\s*=`);

/** One-based line of the statement nearest to a path of the parsed table (the parser keeps no positions); 1 where nothing of it is written. */
export function lineOfKey(text: string, path: readonly PropertyKey[]): number {
  const seen = new Map<string, number>();
  let table: readonly PropertyKey[] = [];
  let best = { line: 1, depth: 0 };
  for (const [index, line] of text.split("\n").entries()) {
    const array = ARRAY_HEADER.exec(line)?.[1];
    const header = HEADER.exec(line)?.[1];
    const key = ASSIGNMENT.exec(line)?.[1];
    let here: readonly PropertyKey[] | undefined;
    if (array !== undefined) {
      const name = keysOf(array);
      const count = seen.get(name.join("\0")) ?? 0;
      seen.set(name.join("\0"), count + 1);
      table = here = [...name, count];
    } else if (header !== undefined) {
      table = here = keysOf(header);
    } else if (key !== undefined) {
      here = [...table, ...keysOf(key)];
    }
    const isPrefix = here?.every((part, place) => path[place] === part) ?? false;
    if (here && isPrefix && here.length > best.depth) best = { line: index + 1, depth: here.length };
  }
  return best.line;
}

/** TOML has four kinds of dates; a world takes an offset date-time or plain seconds. Gives whole seconds since 1970. */
export const secondsSchema: z.ZodType<number> = z.union([
  z.number().int().nonnegative(),
  z
    .instanceof(TomlDate)
    .refine((date) => date.isDateTime() && !date.isLocal(), "expected whole seconds or a date-time with its offset")
    .transform((date) => Math.floor(date.getTime() / 1000)),
]);

export const dateSchema: z.ZodType<string> = z.union([
  z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "expected YYYY-MM-DD"),
  z
    .instanceof(TomlDate)
    .refine((date) => date.isDate(), "expected a date without a time")
    .transform((date) => date.toISOString().slice(0, 10)),
]);
