import { bindingsOf, closing } from "./bindings.ts";
import { nixTokens } from "./nix-tokens.ts";

/** An argument of a flake's `outputs` that its `inputs` do not declare: Nix would ask a registry for it. */
export interface UndeclaredArgument {
  readonly name: string;
  /** Offset in the source, UTF-16 units. */
  readonly offset: number;
}

/**
 * Arguments of `outputs = { self, a, b }: …` without an input of that name, by the text alone. Empty for a text that is no flake, whose
 * arguments are one name for all, or whose inputs are computed.
 */
export function undeclaredArguments(source: string): readonly UndeclaredArgument[] {
  const tokens = nixTokens(source);
  if (tokens[0]?.text !== "{") return [];
  const top = bindingsOf(tokens, 0);
  const outputs = top.find(({ path }) => path.length === 1 && path[0] === "outputs");
  if (outputs === undefined) return [];
  const declared = new Set<string>(["self"]);
  for (const { path, from } of top) {
    if (path[0] !== "inputs") continue;
    if (path.length > 1) {
      if (path[1] === undefined) return [];
      declared.add(path[1]);
    } else if (tokens[from]?.text === "{") {
      for (const inner of bindingsOf(tokens, from)) {
        if (inner.path[0] === undefined) return [];
        declared.add(inner.path[0]);
      }
    } else return [];
  }
  // `{ a, b ? x, ... }:`, `args@{ … }:`, `{ … }@args:`
  const open = [0, 2].map((skip) => outputs.from + skip).find((at) => tokens[at]?.text === "{");
  if (open === undefined || (open !== outputs.from && tokens[outputs.from + 1]?.text !== "@")) return [];
  const close = closing(tokens, open);
  if (tokens[close + 1]?.text !== ":" && tokens[close + 1]?.text !== "@") return [];
  const found: UndeclaredArgument[] = [];
  let expectsName = true;
  for (let at = open + 1; at < close; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.text === ",") expectsName = true;
    else if (expectsName && token.kind === "word") {
      if (!declared.has(token.text)) found.push({ name: token.text, offset: token.start });
      expectsName = false;
    } else if (token.kind === "mark" && ["{", "[", "("].includes(token.text)) at = closing(tokens, at);
  }
  return found;
}
