import { childOf, childOfType, type Syntax } from "../../read/grammar.ts";
import type { Item, Module } from "../../read/model.ts";
import { plainPath } from "../../read/use-tree.ts";
import type { Resolver } from "../paths/resolver.ts";

/**
 * Where an impl may stand: Rust wants it in the crate of its type or, for a trait, of the trait or of a type among the trait's
 * arguments (the orphan rule; the Rust reference, "Implementations"). The type comes first: that keeps traits small.
 */
export function ownersOf(impl: Syntax, module: Module, text: string, resolver: Resolver): readonly Item[] {
  const generics = genericsOf(impl, text);
  const local = (node: Syntax | undefined): readonly Item[] => (node ? localTypes(node, module, text, resolver, generics) : []);
  const type = local(childOf(impl, "type"));
  if (type.length > 0) return type;
  const trait = childOf(impl, "trait");
  if (!trait) return [];
  const traits = local(trait.type === "generic_type" ? childOf(trait, "type") : trait);
  if (traits.length > 0) return traits;
  const given = childOfType(trait, "type_arguments")?.children ?? [];
  return given.flatMap(local).slice(0, 1);
}

export const genericsOf = (impl: Syntax, text: string): ReadonlySet<string> =>
  new Set(
    (childOf(impl, "type_parameters")?.children ?? []).flatMap((parameter) => {
      const name = childOf(parameter, "name") ?? (parameter.type === "type_identifier" ? parameter : undefined);
      return name ? [text.slice(name.start, name.end)] : [];
    }),
  );

/** References and these two count as their content (`#[fundamental]`). */
const TRANSPARENT: ReadonlySet<string> = new Set(["Box", "Pin"]);

function localTypes(
  start: Syntax,
  module: Module,
  text: string,
  resolver: Resolver,
  generics: ReadonlySet<string>,
  depth = 0,
): readonly Item[] {
  let node: Syntax = start;
  while (node.type === "reference_type") {
    const inner = childOf(node, "type");
    if (!inner) return [];
    node = inner;
  }
  if (node.type === "dynamic_type" || node.type === "bounded_type") {
    return node.children
      .filter(({ named }) => named)
      .flatMap((child) => localTypes(child, module, text, resolver, generics, depth));
  }
  const path = plainPath(node, text);
  if (!path || depth > 20) return [];
  const [first] = path.segments;
  if (path.segments.length === 1 && first !== undefined && generics.has(first)) return [];
  const items = [...resolver.path(module, path).items].filter(({ kind }) => OWNING.has(kind));
  if (items.length === 0 && node.type === "generic_type" && TRANSPARENT.has(path.segments.at(-1) ?? "")) {
    const inner = childOf(node, "type_arguments")?.children.find(({ named, type }) => named && type !== "lifetime");
    return inner ? localTypes(inner, module, text, resolver, generics, depth + 1) : [];
  }
  return items.flatMap((item) => {
    if (item.kind !== "type") return [item];
    const meant = childOf(item.syntax, "type");
    return meant ? localTypes(meant, item.module, item.file.text, resolver, new Set(), depth + 1) : [];
  });
}

const OWNING: ReadonlySet<string> = new Set(["struct", "enum", "union", "trait", "type", "macro call"]);
