import type { ItemKind, LeftOutReason } from "../types.ts";
import type { Attribute } from "./attributes.ts";
import { childOf, childOfType, everyNode, type Syntax } from "./grammar.ts";
import type { Import } from "./model.ts";
import { useLeaves } from "./use-tree.ts";

/** What an item's syntax says of it: kind, name, header, visibility, the names a `use` brings in. */

export const KINDS: ReadonlyMap<string, ItemKind> = new Map([
  ["function_item", "fn"],
  ["struct_item", "struct"],
  ["enum_item", "enum"],
  ["union_item", "union"],
  ["trait_item", "trait"],
  ["impl_item", "impl"],
  ["const_item", "const"],
  ["static_item", "static"],
  ["type_item", "type"],
  ["macro_definition", "macro"],
  ["macro_invocation", "macro call"],
  ["use_declaration", "use"],
  ["extern_crate_declaration", "extern crate"],
  ["foreign_mod_item", "extern block"],
  ["mod_item", "mod"],
]);

export const isOuterDoc = (node: Syntax): boolean =>
  (node.type === "line_comment" || node.type === "block_comment") && childOf(node, "outer") !== undefined;

export const offReason = (attribute: Attribute): LeftOutReason =>
  attribute.tokens.join("") === "test" ? { kind: "test" } : { kind: "cfg-off", cfg: attribute.tokens.join(" ") };

export const firstWrong = (node: Syntax): Syntax => [...everyNode(node)].find((one) => one.wrong) ?? node;

export const clipped = (text: string): string => {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};

/** An impl up to its body, a macro call up to its arguments. */
export function header(node: Syntax, text: string): string {
  const body = childOf(node, "body") ?? childOfType(node, "token_tree") ?? childOfType(node, "declaration_list");
  return clipped(text.slice(node.start, body?.start ?? node.end)) || node.type;
}

export function nameOf(kind: ItemKind, node: Syntax, text: string): string | undefined {
  if (kind === "impl" || kind === "macro call" || kind === "use" || kind === "extern block") return undefined;
  const name = childOf(node, "name");
  return name && text.slice(name.start, name.end).replace(/^r#/u, "");
}

export function visibilityOf(node: Syntax, text: string): string {
  const found = childOfType(node, "visibility_modifier");
  return found ? text.slice(found.start, found.end) : "";
}

export function importsOf(
  kind: "use" | "extern crate",
  node: Syntax,
  shared: Omit<Import, "kind" | "name" | "target">,
): readonly Import[] {
  const { text } = shared.file;
  if (kind === "use") {
    const tree = childOf(node, "argument");
    return tree ? useLeaves(tree, text).map((leaf) => ({ ...shared, ...leaf })) : [];
  }
  const name = childOf(node, "name");
  const alias = childOf(node, "alias");
  if (!name) return [];
  const crate = text.slice(name.start, name.end);
  const called = alias ? text.slice(alias.start, alias.end) : crate;
  return [{ ...shared, kind: "extern crate", name: called, target: { absolute: true, segments: [crate] } }];
}
