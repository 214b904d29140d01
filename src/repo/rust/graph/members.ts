import { childOf, childOfType, everyNode, type Syntax } from "../read/grammar.ts";
import type { Item } from "../read/model.ts";

/** What lies inside an item: variants, methods, fields. */

const nameIn = (node: Syntax, text: string): string | undefined => {
  const name = childOf(node, "name");
  return name && text.slice(name.start, name.end).replace(/^r#/u, "");
};

const variants = new WeakMap<Item, ReadonlySet<string>>();

export function variantNames(item: Item): ReadonlySet<string> {
  const known = variants.get(item);
  if (known) return known;
  const list = childOf(item.syntax, "body")?.children.filter(({ type }) => type === "enum_variant") ?? [];
  const names = new Set(list.map((node) => nameIn(node, item.file.text) ?? ""));
  variants.set(item, names);
  return names;
}

export interface Member {
  readonly name: string;
  readonly node: Syntax;
}

const MEMBERS: ReadonlySet<string> = new Set([
  "function_item",
  "function_signature_item",
  "const_item",
  "associated_type",
  "type_item",
]);

/** Functions, constants and types of an impl or a trait. */
export function membersOf(block: Syntax, text: string): readonly Member[] {
  const body = childOf(block, "body");
  return (body?.children ?? []).flatMap((node) => {
    const name = MEMBERS.has(node.type) ? nameIn(node, text) : undefined;
    return name === undefined ? [] : [{ name, node }];
  });
}

/** The fields of a struct or union; tuple fields are named by their number. */
export function fieldsOf(item: Item): readonly (Member & { readonly visibility: Syntax | undefined; readonly tuple: boolean })[] {
  const body = childOf(item.syntax, "body");
  if (!body) return [];
  if (body.type === "ordered_field_declaration_list") {
    let visibility: Syntax | undefined;
    let index = 0;
    return body.children.flatMap((node) => {
      if (node.type === "visibility_modifier") visibility = node;
      if (node.field !== "type") return [];
      const field = { name: String(index), node, visibility, tuple: true };
      index += 1;
      visibility = undefined;
      return [field];
    });
  }
  return body.children
    .filter(({ type }) => type === "field_declaration")
    .map((node) => ({
      name: nameIn(node, item.file.text) ?? "",
      node,
      visibility: childOfType(node, "visibility_modifier"),
      tuple: false,
    }));
}

export const implsIn = (item: Item): readonly Syntax[] => [...everyNode(item.syntax)].filter(({ type }) => type === "impl_item");
