/** What a name means inside a body, before the module is asked. */

/** Names bound around a piece of syntax: locals, and generics, which alone may stand before `::`. */
export interface Scope {
  readonly names: Set<string>;
  readonly generics: Set<string>;
  readonly parent: Scope | undefined;
}

export const inside = (parent: Scope | undefined): Scope => ({ names: new Set(), generics: new Set(), parent });

export function bound(scope: Scope | undefined, name: string, leads: boolean): boolean {
  for (let at = scope; at; at = at.parent) if (at.generics.has(name) || (!leads && at.names.has(name))) return true;
  return false;
}

/** Syntax that names nothing. */
export const SKIPPED: ReadonlySet<string> = new Set([
  "line_comment",
  "block_comment",
  "label",
  "lifetime",
  "lifetime_parameter",
  "string_literal",
  "raw_string_literal",
  "char_literal",
  "attribute_item",
  "inner_attribute_item",
  "visibility_modifier",
  "primitive_type",
  "metavariable",
  "field_identifier",
]);

export const LEAVES_A_SCOPE: ReadonlySet<string> = new Set([
  "block",
  "if_expression",
  "while_expression",
  "for_expression",
  "match_arm",
  "closure_expression",
  "function_item",
  "function_signature_item",
  "impl_item",
  "trait_item",
  "struct_item",
  "enum_item",
  "union_item",
  "type_item",
  "associated_type",
]);
