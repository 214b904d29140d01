/**
 * A tokenizer for as much of Rust as a survey needs: identifiers, string literals and punctuation, with comments left out. It never
 * throws: what it does not understand becomes punctuation, and an unclosed literal ends at the end of the file.
 */

export interface RustToken {
  readonly kind: "word" | "string" | "mark";
  /** A string's value with its escapes resolved; a word or mark as written. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const WORD = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER = /\d[\w.]*/y;
const RAW_STRING = /[bc]?r(#*)"/y;
const STRING = /[bc]?"/y;
/** A character literal; what looks alike but does not close is a lifetime. */
const CHARACTER = /b?'(?:[^'\\\n]|\\(?:u\{[0-9a-fA-F_]{1,8}\}|x[0-9a-fA-F]{2}|.))'/uy;
const ESCAPE = /\\(?:u\{([0-9a-fA-F_]{1,8})\}|x([0-9a-fA-F]{2})|(\r?\n\s*)|([\s\S]))/gu;
const SIMPLE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

function resolveEscapes(body: string): string {
  return body.replace(ESCAPE, (_escape, unicode?: string, byte?: string, newline?: string, other?: string) => {
    if (newline !== undefined) return "";
    const code = unicode?.replaceAll("_", "") ?? byte;
    if (code === undefined) return SIMPLE[other ?? ""] ?? other ?? "";
    const point = Number.parseInt(code, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : "\uFFFD";
  });
}

/** Where a block comment that starts at `start` ends; Rust's nest. */
function blockCommentEnd(source: string, start: number): number {
  const boundary = /\/\*|\*\//g;
  boundary.lastIndex = start;
  let depth = 0;
  for (let match = boundary.exec(source); match; match = boundary.exec(source)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return boundary.lastIndex;
  }
  return source.length;
}

/** Where the body of a plain string that starts at `start` ends (the index of its closing quote, or the end of the file). */
function stringEnd(source: string, start: number): number {
  let at = start;
  while (at < source.length && source[at] !== '"') at += source[at] === "\\" ? 2 : 1;
  return Math.min(at, source.length);
}

/** All tokens of a Rust source in order. */
export function rustTokens(source: string): readonly RustToken[] {
  const tokens: RustToken[] = [];
  let at = 0;
  let line = 1;
  let counted = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  const push = (kind: RustToken["kind"], text: string, end: number): void => {
    for (; counted < at; counted += 1) if (source.charCodeAt(counted) === 0x0a) line += 1;
    tokens.push({ kind, text, line });
    at = end;
  };
  while (at < source.length) {
    const character = source[at] ?? "";
    if (/\s/.test(character)) {
      at += 1;
    } else if (source.startsWith("//", at)) {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else if (source.startsWith("/*", at)) {
      at = blockCommentEnd(source, at);
    } else {
      const raw = match(RAW_STRING);
      const plain = raw ? null : match(STRING);
      if (raw) {
        const close = `"${raw[1] ?? ""}`;
        const start = at + raw[0].length;
        const end = source.indexOf(close, start);
        push("string", source.slice(start, end < 0 ? source.length : end), end < 0 ? source.length : end + close.length);
      } else if (plain) {
        const start = at + plain[0].length;
        const end = stringEnd(source, start);
        push("string", resolveEscapes(source.slice(start, end)), Math.min(end + 1, source.length));
      } else {
        const value = match(CHARACTER) ?? match(NUMBER);
        const word = value ? null : match(WORD);
        const text = value?.[0] ?? word?.[0] ?? character;
        push(word ? "word" : "mark", text, at + text.length);
      }
    }
  }
  return tokens;
}

/** A macro call whose first arguments were read: `name!(…)`, with the tokens between its delimiters. */
export interface MacroCall {
  readonly name: string;
  readonly line: number;
  readonly arguments: readonly RustToken[];
}

const OPENING = new Set(["(", "[", "{"]);
const CLOSING = new Set([")", "]", "}"]);

/** Every call of a macro whose name is in `names` (the last segment of its path), nested calls included. */
export function macroCalls(tokens: readonly RustToken[], names: ReadonlySet<string>): readonly MacroCall[] {
  const calls: MacroCall[] = [];
  for (const [index, token] of tokens.entries()) {
    const open = tokens[index + 2];
    if (token.kind !== "word" || !names.has(token.text) || tokens[index + 1]?.text !== "!" || !open || !OPENING.has(open.text))
      continue;
    let depth = 1;
    let end = index + 3;
    for (; end < tokens.length && depth > 0; end += 1) {
      const inner = tokens[end];
      if (inner?.kind !== "mark") continue;
      if (OPENING.has(inner.text)) depth += 1;
      else if (CLOSING.has(inner.text)) depth -= 1;
    }
    calls.push({ name: token.text, line: token.line, arguments: tokens.slice(index + 3, depth === 0 ? end - 1 : end) });
  }
  return calls;
}
