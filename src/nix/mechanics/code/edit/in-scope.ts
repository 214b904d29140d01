import { closing } from "../../../recipes/existing/bindings.ts";
import type { NixToken } from "../../../recipes/existing/nix-tokens.ts";

/**
 * Whether code at a token may use a name: an argument of a function around it, or a binding of a `let` around it. What a `with` or a `rec` brings
 * into scope is not seen.
 */
export function isInScope(tokens: readonly NixToken[], at: number, name: string): boolean {
  return tokens.some((token, index) => {
    if (token.kind !== "word" || token.text !== name) return false;
    const reach = reachOf(tokens, index);
    return reach !== undefined && reach.from < at && at < reach.to;
  });
}

interface Reach {
  readonly from: number;
  readonly to: number;
}

function reachOf(tokens: readonly NixToken[], index: number): Reach | undefined {
  const next = tokens[index + 1]?.text;
  if (next === ":" || next === "@") return { from: index, to: endOfBody(tokens, index, 0) };
  const open = opening(tokens, index);
  const isFormal = (next === "," || next === "}" || next === "?") && tokens[open ?? -1]?.text === "{";
  if (isFormal && open !== undefined) {
    const close = closing(tokens, open);
    const behind = tokens[close + 1]?.text;
    return behind === ":" || behind === "@" ? { from: close, to: endOfBody(tokens, close, 0) } : undefined;
  }
  return next === "=" && isOfLet(tokens, index, open ?? -1) ? { from: index, to: endOfBody(tokens, index, -1) } : undefined;
}

/** The bracket that a token stands in. */
function opening(tokens: readonly NixToken[], index: number): number | undefined {
  for (let at = index - 1, depth = 0; at >= 0; at--) {
    const { kind, text } = tokens[at] ?? {};
    if (kind !== "mark") continue;
    if (text === "}" || text === ")" || text === "]") depth += 1;
    else if (text === "{" || text === "(" || text === "[") {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return undefined;
}

/**
 * A body ends with the bracket around it, or with the binding it is the value of.
 * @param depth of `let` at that binding: a name that a `let` binds is known behind its `in`
 */
function endOfBody(tokens: readonly NixToken[], from: number, depth: 0 | -1): number {
  let lets = 0;
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? {};
    if (kind === "mark" && (text === "{" || text === "(" || text === "[")) at = closing(tokens, at);
    else if (kind === "mark" && (text === "}" || text === ")" || text === "]") && at > from) return at;
    else if (kind === "word" && text === "let") lets += 1;
    else if (kind === "word" && text === "in") lets -= 1;
    else if (kind === "mark" && text === ";" && lets === depth) return at;
  }
  return tokens.length;
}

/** Whether a token stands between a `let` and its `in`, in the bracket that opens at `open`. */
function isOfLet(tokens: readonly NixToken[], index: number, open: number): boolean {
  let lets = 0;
  for (let at = open + 1; at < index; at++) {
    const { kind, text } = tokens[at] ?? {};
    if (kind === "mark" && (text === "{" || text === "(" || text === "[")) at = closing(tokens, at);
    else if (kind === "word" && text === "let") lets += 1;
    else if (kind === "word" && text === "in") lets -= 1;
  }
  return lets > 0;
}
