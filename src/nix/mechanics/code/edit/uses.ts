import { type NixToken, tokenize, withoutComments } from "../../../tokenize.ts";

/** Where names are used in Nix code, those in antiquotations of strings included. */

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `a.b.c` as it stands in code. */
export interface Use {
  readonly words: readonly Word[];
  /** From 1. */
  readonly line: number;
  /** `pkg.${x}.here`: something computed stands before it. */
  readonly afterComputed: boolean;
  readonly role: "use" | "binding" | "inherited" | "formal";
}

export const KEYWORDS: ReadonlySet<string> = new Set([
  "let",
  "in",
  "with",
  "inherit",
  "rec",
  "if",
  "then",
  "else",
  "assert",
  "or",
]);

/** Every attribute path of names, in the order of the text. */
export function usesOf(source: string): readonly Use[] {
  const tokens = withoutComments(tokenize(source));
  const uses: Use[] = [];
  let inherited = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    if (token.kind === "symbol" && token.text === ";") inherited = false;
    if (token.kind !== "identifier") continue;
    if (KEYWORDS.has(token.text)) {
      inherited = token.text === "inherit" ? true : inherited;
      continue;
    }
    const first = at;
    const words = [word(token)];
    while (tokens[at + 1]?.text === "." && tokens[at + 2]?.kind === "identifier") {
      at += 2;
      const next = tokens[at];
      if (next) words.push(word(next));
    }
    uses.push({
      words,
      line: token.line,
      afterComputed: tokens[first - 1]?.text === ".",
      role: roleOf(tokens, first, at, inherited),
    });
  }
  return uses;
}

const word = ({ text, start, end }: NixToken): Word => ({ text, start, end });

function roleOf(tokens: readonly NixToken[], first: number, last: number, inherited: boolean): Use["role"] {
  const before = tokens[first - 1]?.text;
  const after = tokens[last + 1]?.text;
  if (first === last && (before === "{" || before === ",") && (after === "," || after === "}" || after === "?")) return "formal";
  // `inherit (pkgs) a;`: inside the parentheses stands an expression.
  if (inherited && before !== "(") return "inherited";
  if (after === "=" || (first === last && (after === ":" || after === "@"))) return "binding";
  return "use";
}

/** Names that are bound anywhere in the text: by `=`, as an argument, by inherit. */
export function boundNames(source: string): ReadonlySet<string> {
  const bound = new Set(["builtins", "true", "false", "null", "import"]);
  for (const { words, role } of usesOf(source)) {
    const [first] = words;
    if (first && role !== "use") bound.add(first.text);
  }
  return bound;
}

/** The text with each of these ranges replaced. */
export function replaceRanges(
  source: string,
  ranges: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  return [...ranges]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: fresh }) => text.slice(0, start) + fresh + text.slice(end), source);
}
