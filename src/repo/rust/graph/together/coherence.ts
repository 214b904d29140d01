import { childOf, childOfType, everyNode, type Syntax } from "../../read/grammar.ts";
import type { Item } from "../../read/model.ts";
import { plainPath } from "../../read/use-tree.ts";
import type { Resolver } from "../paths/resolver.ts";
import type { Joined } from "./components.ts";
import { genericsOf } from "./owners.ts";

/**
 * Two impls of one trait may not overlap, and rustc counts on "this type does not implement that trait" only where the trait or the
 * type is of the crate at hand (an upstream crate "may add a new impl"). So where a bound on a trait of the crate keeps impls over a bare
 * parameter apart from their neighbours (`impl<A: Array> From<A> for X<A>` beside `From<&[T]>`), that trait stays with them.
 */
export function joinForCoherence(items: Iterable<Item>, joined: Joined<Item>, resolver: Resolver): void {
  const impls = [...items].flatMap((item) => {
    const trait = item.kind === "impl" ? childOf(item.syntax, "trait") : undefined;
    const name = trait && plainPath(trait, item.file.text)?.segments.at(-1);
    return trait && name !== undefined ? [{ item, trait, name }] : [];
  });
  for (const same of Map.groupBy(impls, ({ item }) => joined.find(item)).values()) {
    for (const neighbours of Map.groupBy(same, ({ name }) => name).values()) {
      if (neighbours.length < 2) continue;
      for (const { item, trait } of neighbours) {
        if (!overBareParameter(item.syntax, trait, item.file.text)) continue;
        for (const bound of boundsOf(item, resolver)) joined.join(bound, item);
      }
    }
  }
}

function overBareParameter(impl: Syntax, trait: Syntax, text: string): boolean {
  const generics = genericsOf(impl, text);
  const places = [childOf(impl, "type"), ...(childOfType(trait, "type_arguments")?.children ?? [])];
  return places.some((place) => {
    let node = place;
    while (node?.type === "reference_type") node = childOf(node, "type");
    return node?.type === "type_identifier" && generics.has(text.slice(node.start, node.end));
  });
}

/** The crate's traits in an impl's bounds. */
function boundsOf({ syntax, file, module }: Item, resolver: Resolver): readonly Item[] {
  const clauses = [childOf(syntax, "type_parameters"), childOfType(syntax, "where_clause")];
  return clauses.flatMap((clause) =>
    [...(clause ? everyNode(clause) : [])]
      .filter(({ type }) => type === "trait_bounds")
      .flatMap(({ children }) => children)
      .flatMap((bound) => {
        const path = plainPath(bound, file.text);
        return path ? [...resolver.path(module, path).items].filter(({ kind }) => kind === "trait") : [];
      }),
  );
}
