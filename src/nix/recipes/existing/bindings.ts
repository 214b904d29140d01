import { type NixToken, plainString } from "./nix-tokens.ts";

/** Bindings of an attribute set, found by brackets and keywords. */

export interface FoundBinding {
  /** Attribute path; a name that is computed is `undefined` at its place. */
  readonly path: readonly (string | undefined)[];
  /** Indexes of the value's tokens: first, and one past the last. */
  readonly from: number;
  readonly to: number;
}

const OPEN = new Set(["{", "[", "("]);
const CLOSE = new Set(["}", "]", ")"]);

/** Index of the token that closes the bracket at `open`; the number of tokens where it is never closed. */
export function closing(tokens: readonly NixToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== "mark") continue;
    if (OPEN.has(token.text)) depth += 1;
    if (CLOSE.has(token.text)) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** Index of the semicolon that ends a value which starts at `from`: those of `let`, `with`, `assert` and inner sets do not count. */
function valueEnd(tokens: readonly NixToken[], from: number, limit: number): number {
  let lets = 0;
  let skips = 0;
  for (let at = from; at < limit; at += 1) {
    const token = tokens[at];
    if (!token) break;
    if (token.kind === "mark" && OPEN.has(token.text)) at = closing(tokens, at);
    else if (token.kind === "word" && token.text === "let") lets += 1;
    else if (token.kind === "word" && token.text === "in") lets -= 1;
    else if (token.kind === "word" && (token.text === "with" || token.text === "assert")) skips += 1;
    else if (token.kind === "mark" && token.text === ";" && lets <= 0) {
      if (skips === 0) return at;
      skips -= 1;
    }
  }
  return limit;
}

/** Bindings between `from` and `limit` (token indexes); `inherit` gives one binding a name, with an empty value. */
export function bindingsBetween(tokens: readonly NixToken[], from: number, limit: number): readonly FoundBinding[] {
  const found: FoundBinding[] = [];
  let at = from;
  while (at < limit) {
    if (tokens[at]?.text === "inherit") {
      const end = valueEnd(tokens, at, limit);
      let name = at + 1;
      if (tokens[name]?.text === "(") name = closing(tokens, name) + 1;
      for (; name < end; name += 1) found.push({ path: [tokens[name]?.text], from: end, to: end });
      at = end + 1;
      continue;
    }
    const path: (string | undefined)[] = [];
    for (; at < limit && tokens[at]?.text !== "="; at += 1) {
      const token = tokens[at];
      if (!token || token.text === ";") break;
      if (token.text === ".") continue;
      if (token.kind === "mark" && token.text === "$") {
        path.push(undefined);
        at = closing(tokens, at + 1);
      } else path.push(token.kind === "string" ? plainString(token) : token.text);
    }
    if (tokens[at]?.text !== "=") {
      at += 1;
      continue;
    }
    const end = valueEnd(tokens, at + 1, limit);
    found.push({ path, from: at + 1, to: end });
    at = end + 1;
  }
  return found;
}

/** Bindings of the set that opens at `open`. */
export const bindingsOf = (tokens: readonly NixToken[], open: number): readonly FoundBinding[] =>
  bindingsBetween(tokens, open + 1, closing(tokens, open));
