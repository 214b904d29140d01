import type { SourcePlace } from "../nix.ts";
import { attributeNameAt, type NixToken, stringAt, tokenize, withoutComments } from "../tokenize.ts";

/** From the place where Nix says that an attribute stands to the literal that is its value. Offsets are UTF-16 units of the source. */

export interface LiteralBinding {
  /** The literal with its quotes. */
  readonly literal: { readonly start: number; readonly end: number };
  readonly value: string;
  readonly quotes: '"' | "''" | "none";
  /** The last name of the attribute path: `url` of `inputs.x.url = …`. */
  readonly name: { readonly start: number; readonly end: number };
  /** What stands before the last name: `inputs.x.`, or nothing. */
  readonly prefix: string;
  /** Where the binding begins, and the offset behind its semicolon. */
  readonly start: number;
  readonly end: number;
}

/**
 * Lines of Nix end with LF, CRLF or a lone CR; columns count bytes of UTF-8 (seen with 2.26.3).
 * @returns undefined where the source has no such place
 */
export function offsetOf(source: string, { line, column }: Pick<SourcePlace, "line" | "column">): number | undefined {
  let start = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const end = source.slice(start).search(/\r\n|\n|\r/u);
    if (end === -1) return undefined;
    start += end + (source.startsWith("\r\n", start + end) ? 2 : 1);
  }
  let at = start;
  for (let bytes = column - 1; bytes > 0; ) {
    const character = source.codePointAt(at);
    if (character === undefined || character === 0x0a || character === 0x0d) return undefined;
    bytes -= Buffer.byteLength(String.fromCodePoint(character));
    if (bytes < 0) return undefined;
    at += character > 0xffff ? 2 : 1;
  }
  return at;
}

/** The binding that starts at a place, when its value is one string literal or address and nothing else; undefined otherwise. */
export function literalAt(source: string, place: Pick<SourcePlace, "line" | "column">): LiteralBinding | undefined {
  const offset = offsetOf(source, place);
  const tokens = withoutComments(tokenize(source));
  const first = tokens.findIndex(({ start }) => start === offset);
  if (first === -1) return undefined;
  const path = attributePathAt(tokens, first);
  const value = path && valueAt(tokens, path.next);
  const semicolon = value && tokens[value.next];
  const [begin, open, close] = [tokens[first], path && tokens[path.next], value && tokens[value.next - 1]];
  if (!begin || !path || !value || !open || !close || semicolon?.text !== ";") return undefined;
  return {
    literal: { start: open.start, end: close.end },
    value: value.text,
    quotes: value.quotes,
    name: path.name,
    prefix: source.slice(begin.start, path.name.start),
    start: begin.start,
    end: semicolon.end,
  };
}

/** Names and dots up to and with the equals sign. */
function attributePathAt(
  tokens: readonly NixToken[],
  first: number,
): { readonly name: LiteralBinding["name"]; readonly next: number } | undefined {
  for (let at = first; ; ) {
    const name = attributeNameAt(tokens, at);
    const [start, last] = [tokens[at], name && tokens[name.next - 1]];
    if (!name || !start || !last) return undefined;
    const sign = tokens[name.next]?.text;
    if (sign === "=") return { name: { start: start.start, end: last.end }, next: name.next + 1 };
    if (sign !== ".") return undefined;
    at = name.next + 1;
  }
}

function valueAt(
  tokens: readonly NixToken[],
  at: number,
): { readonly text: string; readonly quotes: LiteralBinding["quotes"]; readonly next: number } | undefined {
  const token = tokens[at];
  if (token?.kind === "uri") return { text: token.text, quotes: "none", next: at + 1 };
  const string = stringAt(tokens, at);
  if (!string) return undefined;
  return { text: string.value, quotes: token?.text === "''" ? "''" : '"', next: string.next };
}
