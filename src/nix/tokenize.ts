/**
 * The lexical grammar of Nix (its manual, "Syntax and semantics"; src/libexpr/lexer.l names the same rules), with comments and the inside of
 * antiquotations as tokens of their own, so that a rule about code never meets a comment or a text, and a rule about text meets all of it.
 * It never throws: text that is no Nix gives tokens too, and whether it parses is Nix's to say.
 */

export type NixTokenKind =
  | "comment"
  | "identifier"
  | "number"
  /** `./a/b`, `/a`, `~/a`, and `<nixpkgs>`. */
  | "path"
  /** An address without quotes. */
  | "uri"
  /** `"` or `''` at either end. */
  | "quote"
  /** What stands between quotes and antiquotations; `value` is decoded. */
  | "text"
  /** `${` and its `}`. */
  | "antiquotation"
  | "symbol";

export interface NixToken {
  readonly kind: NixTokenKind;
  readonly text: string;
  /** Offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** Of `text`: without escapes. Indentation is not taken off. */
  readonly value?: string;
  /** How many strings and antiquotations are open around it. */
  readonly depth: number;
}

const SPACE = /\s+/uy;
const COMMENT = /#[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))/uy;
const URI = /[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9%/?:@&=+$,_.!~*'-]+/uy;
const PATH = /[A-Za-z0-9._+-]*(?:\/[A-Za-z0-9._+-]+)+\/?|~(?:\/[A-Za-z0-9._+-]+)+\/?|<[A-Za-z0-9._+-]+(?:\/[A-Za-z0-9._+-]+)*>/uy;
/** A path may hold antiquotations: `./a/${b}`; what stands before the first one looks like this. */
const PATH_START = /(?:[A-Za-z0-9._+-]*|~)\/(?=\$\{)/uy;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_'-]*/uy;
const NUMBER = /(?:\d+\.\d*|\.\d+)(?:[Ee][+-]?\d+)?|\d+/uy;
const SYMBOL = /\.\.\.|==|!=|<=|>=|&&|\|\||->|\+\+|\/\/|\|>|<\||[\s\S]/uy;

/** The value behind a backslash in a `"` string. */
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

const QUOTES = [
  ['"', "string"],
  ["''", "indented"],
] as const;

/** In the order in which the longest match of Nix's lexer is found by trying. */
const CODE: readonly (readonly [NixTokenKind, RegExp])[] = [
  ["comment", COMMENT],
  ["uri", URI],
  ["path", PATH],
  ["path", PATH_START],
  ["identifier", IDENTIFIER],
  ["number", NUMBER],
  ["symbol", SYMBOL],
];

type CodeFrame = { readonly kind: "code"; braces: number };
type Frame = { readonly kind: "string" | "indented" } | CodeFrame;

export function tokenize(source: string): readonly NixToken[] {
  return new Tokenizer(source).run();
}

/** Tokens that are code or text: all but comments. */
export const withoutComments = (tokens: readonly NixToken[]): readonly NixToken[] =>
  tokens.filter(({ kind }) => kind !== "comment");

class Tokenizer {
  readonly #source: string;
  readonly #tokens: NixToken[] = [];
  readonly #frames: Frame[] = [];
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  run(): readonly NixToken[] {
    while (this.#at < this.#source.length) {
      const frame = this.#frames.at(-1);
      if (frame?.kind === "string") this.#string();
      else if (frame?.kind === "indented") this.#indented();
      else this.#code(frame?.kind === "code" ? frame : undefined);
    }
    return this.#tokens;
  }

  #code(frame: CodeFrame | undefined): void {
    const space = this.#match(SPACE);
    if (space !== undefined) {
      this.#skip(space);
      return;
    }
    const quote = QUOTES.find(([text]) => this.#source.startsWith(text, this.#at));
    if (quote) {
      this.#emit("quote", quote[0]);
      this.#frames.push({ kind: quote[1] });
    } else if (this.#source.startsWith("${", this.#at)) {
      this.#open();
    } else if (this.#source[this.#at] === "}" && frame?.braces === 0) {
      this.#frames.pop();
      this.#emit("antiquotation", "}");
    } else {
      const [kind, text] = this.#codeToken();
      if (frame && text === "{") frame.braces += 1;
      if (frame && text === "}") frame.braces -= 1;
      this.#emit(kind, text);
    }
  }

  #codeToken(): readonly [NixTokenKind, string] {
    for (const [kind, pattern] of CODE) {
      const text = this.#match(pattern);
      if (text !== undefined) return [kind, text];
    }
    return ["symbol", this.#source[this.#at] ?? ""];
  }

  #string(): void {
    const start = this.#at;
    let value = "";
    for (let at = start; ; ) {
      const character = this.#source[at];
      if (character === undefined || character === '"' || this.#source.startsWith("${", at)) {
        this.#text(start, at, value);
        if (character === '"') {
          this.#frames.pop();
          this.#emit("quote", '"');
        } else if (character !== undefined) this.#open();
        return;
      }
      if (character === "\\") {
        const escaped = this.#source[at + 1] ?? "";
        value += ESCAPES[escaped] ?? escaped;
        at += 2;
      } else if (this.#source.startsWith("$$", at)) {
        // `$${` is a dollar and a literal `${`.
        value += "$$";
        at += 2;
        if (this.#source[at] === "{") {
          value += "{";
          at += 1;
        }
      } else {
        value += character;
        at += 1;
      }
    }
  }

  #indented(): void {
    const start = this.#at;
    let value = "";
    for (let at = start; ; ) {
      const character = this.#source[at];
      const quotes = this.#source.startsWith("''", at);
      const next = this.#source[at + 2];
      if (quotes && next === "'") {
        value += "''";
        at += 3;
      } else if (quotes && next === "$") {
        value += "$";
        at += 3;
        if (this.#source[at] === "{") {
          value += "{";
          at += 1;
        }
      } else if (quotes && next === "\\") {
        const escaped = this.#source[at + 3] ?? "";
        value += ESCAPES[escaped] ?? escaped;
        at += 4;
      } else if (character === undefined || quotes || this.#source.startsWith("${", at)) {
        this.#text(start, at, value);
        if (quotes) {
          this.#frames.pop();
          this.#emit("quote", "''");
        } else if (character !== undefined) this.#open();
        return;
      } else if (this.#source.startsWith("$$", at)) {
        value += "$$";
        at += 2;
        if (this.#source[at] === "{") {
          value += "{";
          at += 1;
        }
      } else {
        value += character;
        at += 1;
      }
    }
  }

  #open(): void {
    this.#emit("antiquotation", "${");
    this.#frames.push({ kind: "code", braces: 0 });
  }

  #text(start: number, end: number, value: string): void {
    if (end > start) this.#emit("text", this.#source.slice(start, Math.min(end, this.#source.length)), value);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0];
    return text === undefined || text === "" ? undefined : text;
  }

  #emit(kind: NixTokenKind, text: string, value?: string): void {
    const start = this.#at;
    this.#tokens.push({
      kind,
      text,
      start,
      end: start + text.length,
      line: this.#line,
      depth: this.#frames.length,
      ...(value !== undefined && { value }),
    });
    this.#skip(text);
  }

  #skip(text: string): void {
    this.#at += text.length;
    for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) this.#line += 1;
  }
}

/** A string literal without antiquotations that starts at a token: its value and the index behind it. */
export function stringAt(
  tokens: readonly NixToken[],
  index: number,
): { readonly value: string; readonly next: number } | undefined {
  if (tokens[index]?.kind !== "quote") return undefined;
  const text = tokens[index + 1];
  if (text?.kind === "quote") return { value: "", next: index + 2 };
  if (text?.kind !== "text" || tokens[index + 2]?.kind !== "quote") return undefined;
  return { value: text.value ?? "", next: index + 3 };
}

/** The name that an attribute has here: an identifier, or a quoted one (`"a" = …`, `${"a"} = …`). */
export function attributeNameAt(
  tokens: readonly NixToken[],
  index: number,
): { readonly name: string; readonly next: number } | undefined {
  const token = tokens[index];
  if (token?.kind === "identifier") return { name: token.text, next: index + 1 };
  const quoted = stringAt(tokens, index);
  if (quoted) return { name: quoted.value, next: quoted.next };
  if (token?.kind !== "antiquotation" || token.text !== "${") return undefined;
  const inner = stringAt(tokens, index + 1);
  return inner && tokens[inner.next]?.text === "}" ? { name: inner.value, next: inner.next + 1 } : undefined;
}
