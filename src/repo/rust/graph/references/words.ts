import { everyNode, type Syntax } from "../../read/grammar.ts";

/** Every word in an item's text, and what is called with a dot among tokens. */

const WORDS: ReadonlySet<string> = new Set([
  "identifier",
  "type_identifier",
  "field_identifier",
  "shorthand_field_identifier",
  "integer_literal",
]);

export const TOKENS: ReadonlySet<string> = new Set(["token_tree", "token_repetition"]);

export interface Words {
  readonly words: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  readonly impls: readonly Syntax[];
}

export function wordsOf(root: Syntax, of: (node: Syntax) => string): Words {
  const words = new Set<string>();
  const calls = new Set<string>();
  const impls: Syntax[] = [];
  for (const node of everyNode(root)) {
    if (WORDS.has(node.type)) words.add(of(node));
    // `x.0.1` in a macro's arguments is one token.
    if (node.type === "float_literal") for (const part of of(node).split(".")) words.add(part);
    if (node.type === "base_field_initializer") words.add("..");
    if (node.type === "impl_item") impls.push(node);
    if (TOKENS.has(node.type)) wordsOfTokens(node, of, words, calls);
    if (node.type === "string_literal") for (const name of inlineNames(of(node))) words.add(name);
  }
  return { words, calls, impls };
}

/** `..` in a macro's arguments may fill a struct up; a name after a dot may be a call. */
function wordsOfTokens(tree: Syntax, of: (node: Syntax) => string, words: Set<string>, calls: Set<string>): void {
  for (const [index, token] of tree.children.entries()) {
    if (token.type === "..") words.add("..");
    if (token.type === "." && tree.children[index + 1]?.type === "identifier") {
      calls.add(of(tree.children[index + 1] as Syntax));
    }
  }
}

/** `{name}` and `{name:?}` in a literal: format strings name what they print. */
export const inlineNames = (literal: string): readonly string[] =>
  [...literal.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)(?=[:}])/gu)].map((match) => match[1] ?? "");
