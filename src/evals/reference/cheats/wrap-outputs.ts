import { type NixToken, tokenize, withoutComments } from "../../../nix/tokenize.ts";

/**
 * A flake whose outputs are those of `flake` and then something else: how a cheat keeps all that is asked for and fakes one part of it.
 * @param changed Nix expression of an attribute set; `real` is what the flake gave, `self` what it is called with as a whole
 * @returns undefined where no `outputs` of a known form is found
 */
export function wrapOutputs(flake: string, changed: string): string | undefined {
  const tokens = withoutComments(tokenize(flake));
  const at = topLevel(tokens).find((index) => tokens[index]?.text === "outputs" && tokens[index + 1]?.text === "=");
  const value = at === undefined ? undefined : tokens[at + 2];
  if (at === undefined || value === undefined) return undefined;
  const end = tokens[valueEnd(tokens, at + 2)];
  if (end === undefined) return undefined;
  const real = flake.slice(value.start, end.start).trimEnd();
  const formals = formalsOf(tokens, at + 2, flake);
  const body = `${formals}all:\n    let\n      real = (${real}) all;\n    in\n    real\n    // ${changed}`;
  return `${flake.slice(0, value.start)}${body}${flake.slice(end.start)}`;
}

/** Lines more behind the flake's first brace. */
export function withTopLevel(flake: string, lines: string): string | undefined {
  const open = withoutComments(tokenize(flake)).find(({ kind, text }) => kind === "symbol" && text === "{");
  return open && `${flake.slice(0, open.end)}\n  ${lines}${flake.slice(open.end)}`;
}

/** Inputs that no `inputs` declares are told from the formals, so they stay: `{ self, nixpkgs }@`. */
function formalsOf(tokens: readonly NixToken[], start: number, flake: string): string {
  const open = tokens[start]?.text === "{" ? start : tokens[start + 1]?.text === "@" ? start + 2 : undefined;
  if (open === undefined || tokens[open]?.text !== "{") return "";
  const close = closing(tokens, open);
  const [from, to] = [tokens[open], tokens[close]];
  return from && to ? `${flake.slice(from.start, to.end)}@` : "";
}

/** Indices of the tokens that stand right in the flake's own set. */
function topLevel(tokens: readonly NixToken[]): readonly number[] {
  let level = 0;
  return tokens.flatMap(({ kind, text }, index) => {
    if (kind === "symbol") level += opens(text) - closes(text);
    return level === 1 && kind === "identifier" ? [index] : [];
  });
}

/** Index of the `;` that ends the value; those of `let`, `with` and `assert` are inside it. */
function valueEnd(tokens: readonly NixToken[], start: number): number {
  let level = 0;
  let lets = 0;
  let heads = 0;
  for (let at = start; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: "symbol", text: "" };
    if (kind === "symbol") level += opens(text) - closes(text);
    if (level > 0) continue;
    if (level < 0) return at;
    if (text === "let") lets += 1;
    else if (text === "in") lets -= 1;
    else if (text === "with" || text === "assert") heads += 1;
    else if (text === ";" && kind === "symbol" && lets === 0) {
      if (heads === 0) return at;
      heads -= 1;
    }
  }
  return tokens.length;
}

function closing(tokens: readonly NixToken[], open: number): number {
  let level = 0;
  for (let at = open; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: "symbol", text: "" };
    if (kind === "symbol") level += opens(text) - closes(text);
    if (level === 0) return at;
  }
  return tokens.length;
}

const opens = (text: string): number => (text === "{" || text === "(" || text === "[" ? 1 : 0);
const closes = (text: string): number => (text === "}" || text === ")" || text === "]" ? 1 : 0);
