import type { Diagnosis } from "../../../diagnosis.ts";
import { type NixToken, tokenize, withoutComments } from "../../../tokenize.ts";
import { type CodeEdit, type CodeFile, type CodePlace, inOneFile } from "../edit/code-edit.ts";

/**
 * Slips for which Nix names the one thing it expects: a semicolon before the next binding, `=` in place of a colon, an indented string that
 * begins with three quotes, the last brace of a file. Texts of 2.26 and 2.34.
 */
export function mendSyntax(diagnosis: Diagnosis, { files }: CodePlace): CodeEdit | undefined {
  const { position } = diagnosis;
  if (diagnosis.kind !== "syntax" || !position) return undefined;
  const found = diagnosis.message.match(/unexpected (.+?), expecting (.+)$/u);
  const [, unexpected, expected] = found ?? [];
  if (unexpected === undefined || expected === undefined) return undefined;
  const there = files.filter(({ path }) => path === position.file);
  return inOneFile(there, (file) => {
    const after = mended(file, unexpected, expected, position);
    return after && { name: "mend-syntax", ...after };
  });
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function mended(
  { text }: CodeFile,
  unexpected: string,
  expected: string,
  place: Place,
): { readonly after: string; readonly what: string } | undefined {
  if (unexpected === "end of file") {
    if (/indented string|IND_STR/u.test(expected)) return shorterQuotes(text);
    return /INHERIT|'inherit'/u.test(expected) ? lastBrace(text) : undefined;
  }
  const tokens = withoutComments(tokenize(text));
  const at = tokens.findIndex(({ start }) => start === offsetOf(text, place));
  const token = tokens[at];
  if (!token) return undefined;
  if (expected === "';'") return semicolon(text, tokens, at);
  if (unexpected === "':'" && expected === "'.' or '='")
    return {
      after: `${text.slice(0, token.start)}${/\s$/u.test(text.slice(0, token.start)) ? "" : " "}=${text.slice(token.end)}`,
      what: `${tokens[at - 1]?.text ?? "the name"} in line ${token.line} is bound by = and not by :`,
    };
  return undefined;
}

/** UTF-16 offset of a place; undefined where a line holds more than ASCII before it, since Nix counts bytes. */
export function offsetOf(text: string, { line, column }: Place): number | undefined {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const prefix = (lines[line - 1] ?? "").slice(0, column - 1);
  return [...prefix].every((character) => character.charCodeAt(0) < 128) ? before + column - 1 : undefined;
}

/** Behind the value that ends before the next binding, whose name begins its line, or before what closes the set. */
function semicolon(
  text: string,
  tokens: readonly NixToken[],
  at: number,
): { readonly after: string; readonly what: string } | undefined {
  const token = tokens[at];
  if (!token) return undefined;
  let first = at;
  if (token.text === "=") {
    const line = tokens[at - 1]?.line;
    while (tokens[first - 1] && tokens[first - 1]?.line === line) first -= 1;
    // The binding's name and nothing else stands between the line's start and `=`.
    if (!tokens.slice(first, at).every(({ kind, text: part }) => isName(kind, part))) return undefined;
  }
  const last = tokens[first - 1];
  // What ends there must be a value.
  if (!last || /^(?:[;{=(:]|\[|let|in|rec)$/u.test(last.text) || (first === at && token.text === "=")) return undefined;
  return { after: `${text.slice(0, last.end)};${text.slice(last.end)}`, what: `a semicolon ends line ${last.line}` };
}

const isName = (kind: NixToken["kind"], text: string): boolean =>
  kind === "identifier" || kind === "quote" || kind === "text" || kind === "antiquotation" || text === ".";

/** `'''` is the escape for two quotes: a string that begins with it was meant to begin with two. */
function shorterQuotes(text: string): { readonly after: string; readonly what: string } | undefined {
  const opens = [...text.matchAll(/=\s*'''(?=[ \t]*\r?\n)/gu)];
  const closes = [...text.matchAll(/^[ \t]*'''(?=;[ \t]*$)/gmu)];
  const [open] = opens;
  const close = closes.find(({ index }) => open !== undefined && index > open.index);
  if (!open || opens.length !== 1 || closes.length > 1) return undefined;
  const cut = (source: string, end: number): string => `${source.slice(0, end - 1)}${source.slice(end)}`;
  const closed = close ? cut(text, close.index + close[0].length) : text;
  const line = text.slice(0, open.index).split("\n").length;
  return {
    after: cut(closed, open.index + open[0].length),
    what: `the string of line ${line} begins with two quotes and not three`,
  };
}

/** The file's own brace is the only thing that is open at its end. */
function lastBrace(text: string): { readonly after: string; readonly what: string } | undefined {
  const open: string[] = [];
  for (const { kind, text: mark } of withoutComments(tokenize(text))) {
    if (kind !== "symbol") continue;
    if (/^[{[(]$/u.test(mark)) open.push(mark);
    if (/^[}\])]$/u.test(mark)) open.pop();
  }
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  return open.length === 1 && open[0] === "{" && text.trimStart().startsWith("{")
    ? { after: `${text.trimEnd()}${newline}}${newline}`, what: "the file's own brace is closed" }
    : undefined;
}
