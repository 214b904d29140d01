import { cfgHolds, tokensOf } from "../../read/attributes.ts";
import { everyNode, type Syntax } from "../../read/grammar.ts";
import type { Names } from "./names.ts";
import type { Scope } from "./scopes.ts";
import { inlineNames, TOKENS } from "./words.ts";

/** What the tokens of a macro name. */

const ENDS_A_PATH: ReadonlySet<string> = new Set([
  "primitive_type",
  "metavariable",
  "identifier",
  ">",
  ">>",
  "self",
  "token_tree",
]);

/** Paths, macro calls and names in format strings among tokens; locals of the macro itself are not known. */
export function readTokens(root: Syntax, scope: Scope | undefined, names: Names): void {
  const skipped = new Set<Syntax>();
  for (const tree of everyNode(root)) {
    if (skipped.has(tree)) for (const inner of everyNode(tree)) skipped.add(inner);
    if (skipped.has(tree)) continue;
    if (tree.type === "string_literal") {
      for (const name of inlineNames(names.of(tree))) names.add({ absolute: false, segments: [name] }, scope);
    }
    if (TOKENS.has(tree.type)) readTree(tree, scope, skipped, names);
  }
}

function readTree(tree: Syntax, scope: Scope | undefined, skipped: Set<Syntax>, names: Names): void {
  const tokens = tree.children.filter(({ type }) => type !== "line_comment" && type !== "block_comment");
  let index = 0;
  const type = (at: number): string => tokens[at]?.type ?? "";
  const word = (at: number): string => (tokens[at] ? names.of(tokens[at]) : "");
  while (index < tokens.length) {
    const start = index;
    if (type(index) === "#" && word(index + 1).startsWith("[") && tokens[index + 1]) {
      const attribute = tokensOf(tokens[index + 1] as Syntax, names.text);
      index += 2;
      // What follows up to its `;`, `,` or block is not compiled.
      if (attribute[1] === "cfg" && cfgHolds(attribute.slice(3, -2), names.features) === "no") {
        while (index < tokens.length && ![";", ","].includes(type(index)) && !word(index).startsWith("{")) index += 1;
        if (tokens[index]) skipped.add(tokens[index] as Syntax);
        index += 1;
      }
      continue;
    }
    if (type(index) === "." && type(index + 1) === "identifier") {
      index += 2;
      continue;
    }
    const absolute = type(index) === "::";
    if (absolute) {
      index += 1;
      // What follows `u8::`, `$x::`, `Vec<T>::` belongs to it.
      if (start > 0 && ENDS_A_PATH.has(type(start - 1))) {
        index += 1;
        continue;
      }
    }
    const segments: string[] = [];
    while (isSegment(tokens[index], names.text)) {
      segments.push(names.of(tokens[index] as Syntax));
      index += 1;
      if (type(index) !== "::" || !isSegment(tokens[index + 1], names.text)) break;
      index += 1;
    }
    if (segments.length === 0) {
      index = start + 1;
      continue;
    }
    const path = { absolute: absolute && start === index - segments.length * 2, segments };
    if (type(index) === "!" && type(index + 1) !== "=") names.macros.set(segments.join("::"), path);
    else names.add(path, scope);
    if (type(index) !== "::") continue;
    if (type(index + 1) === "*") names.globs.push({ ...path, use: true, pattern: false });
    else if (type(index + 1) === "metavariable" || type(index + 1) === "token_tree") names.open.push(path);
  }
}

const isSegment = (token: Syntax | undefined, text: string): boolean =>
  token !== undefined &&
  (token.type === "identifier" ||
    token.type === "self" ||
    token.type === "super" ||
    token.type === "crate" ||
    (token.type === "metavariable" && text.slice(token.start, token.end) === "$crate"));
