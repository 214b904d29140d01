/**
 * A tokenizer for Nix, enough to find bindings and strings of a flake somebody else wrote. It never throws; a string that is not closed
 * ends at the end of the file. Whether the text is Nix is for Nix to say.
 */

export interface NixToken {
  readonly kind: "word" | "string" | "mark";
  /** Source text; of a string including its quotes. */
  readonly text: string;
  /** Offsets into the source, UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Identifiers, keywords, numbers, and paths and URLs without quotes. */
const WORD = /(?:[A-Za-z_][\w'-]*(?::\/\/[\w%/?:@&=+$,.!~*'-]+)?|(?:\.{0,2}|~)(?:\/[\w.+-]+)+\/?|<[\w./+-]+>|\d[\w.]*)/y;
const COMMENT = /(?:#[^\n]*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S])))/y;

/** Index behind the string that starts at `start`. */
function stringEnd(source: string, start: number): number {
  const indented = source.startsWith("''", start);
  let at = start + (indented ? 2 : 1);
  while (at < source.length) {
    if (source.startsWith("${", at)) at = antiquotationEnd(source, at + 2);
    else if (!indented && source[at] === "\\") at += 2;
    else if (!indented && source[at] === '"') return at + 1;
    else if (indented && source.startsWith("''", at)) {
      if (source[at + 2] === "'" || source[at + 2] === "$") at += 3;
      else if (source[at + 2] === "\\") at += 4;
      else return at + 2;
    } else at += source.startsWith("$$", at) ? 2 : 1;
  }
  return source.length;
}

/** Index behind the brace that closes an antiquotation whose code starts at `start`. */
function antiquotationEnd(source: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < source.length && depth > 0) {
    if (source[at] === '"' || source.startsWith("''", at)) at = stringEnd(source, at);
    else {
      if (source[at] === "{") depth += 1;
      if (source[at] === "}") depth -= 1;
      at += 1;
    }
  }
  return at;
}

export function nixTokens(source: string): readonly NixToken[] {
  const tokens: NixToken[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const start = at;
    if (/\s/.test(source[at] ?? "")) {
      at += 1;
      continue;
    }
    const comment = match(COMMENT);
    if (comment !== undefined && comment !== "") {
      at += comment.length;
      continue;
    }
    if (source[at] === '"' || source.startsWith("''", at)) {
      at = stringEnd(source, at);
      tokens.push({ kind: "string", text: source.slice(start, at), start, end: at });
      continue;
    }
    const word = match(WORD);
    at += word?.length ?? 1;
    tokens.push({ kind: word === undefined ? "mark" : "word", text: source.slice(start, at), start, end: at });
  }
  return tokens;
}

/** The value of a string token without antiquotations; undefined where it has some. */
export function plainString(token: NixToken): string | undefined {
  if (token.kind !== "string" || token.text.replaceAll("\\${", "").includes("${")) return undefined;
  if (token.text.startsWith("''")) return token.text.slice(2, -2).trim();
  return token.text
    .slice(1, -1)
    .replace(/\\(?<escaped>[\s\S])/g, (_, escaped: string) => ({ n: "\n", r: "\r", t: "\t" })[escaped] ?? escaped);
}
