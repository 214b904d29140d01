import { isDeepStrictEqual } from "node:util";
import { parse } from "smol-toml";

/** One TOML statement cut before its trailing blanks and comment, so that a new value leaves the comment alone. */
export function statementParts(statement: string): { readonly code: string; readonly rest: string } {
  const whole = statement.replace(/[\r\n]+$/, "");
  const data = tryParse(whole);
  for (const match of whole.matchAll(/#/g)) {
    const code = whole.slice(0, match.index);
    if (data !== undefined && isDeepStrictEqual(tryParse(code), data)) return cut(statement, code.trimEnd().length);
  }
  return cut(statement, whole.trimEnd().length);
}

function cut(statement: string, length: number): { code: string; rest: string } {
  return { code: statement.slice(0, length), rest: statement.slice(length) };
}

function tryParse(toml: string): unknown {
  try {
    return parse(toml);
  } catch {
    return undefined;
  }
}
