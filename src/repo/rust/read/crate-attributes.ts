import type { CrateSource } from "../types.ts";
import { type Attribute, attributesOf, type Truth } from "./attributes.ts";
import type { Syntax } from "./grammar.ts";

/** Inner attributes `#![…]`, and the features that conditions ask for. */

export function enabledFeatures(source: Pick<CrateSource, "features">): ReadonlySet<string> {
  const on = new Set<string>();
  const waiting = ["default"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (on.has(name)) continue;
    on.add(name);
    for (const other of source.features.get(name) ?? []) {
      // `dep:x` and `x/feature` turn on another crate, `x?/f` not even that.
      if (!/[:/?]/u.test(other)) waiting.push(other);
    }
  }
  return on;
}

const innerOf = (tree: Syntax): readonly Syntax[] => tree.children.filter(({ type }) => type === "inner_attribute_item");

export interface RootAttributes {
  /** As written; what every node keeps. */
  readonly inner: readonly string[];
  /** `#![feature(…)]` without a condition. */
  readonly unstable: readonly string[];
}

export function rootAttributes(tree: Syntax, text: string, holds: (tokens: readonly string[]) => Truth): RootAttributes {
  const inner: string[] = [];
  const unstable: string[] = [];
  for (const node of innerOf(tree)) {
    const names = attributesOf(node, text, holds);
    const kept = names.filter(({ name }) => name === "no_std" || name === "allow" || name === "recursion_limit");
    if (names.length > 0 && kept.length === names.length) inner.push(text.slice(node.start, node.end));
    for (const { name, tokens, conditional } of names) {
      if (name === "feature" && !conditional) unstable.push(...tokens.filter((token) => token !== ","));
    }
  }
  return { inner, unstable };
}

export const innerCfgs = (tree: Syntax, text: string): readonly Attribute[] =>
  innerOf(tree)
    .flatMap((node) => attributesOf(node, text, () => "unknown"))
    .filter(({ name, conditional }) => name === "cfg" && !conditional);
