import { attributesOf, cfgHolds, tokensOf } from "../read/attributes.ts";
import { childOf, everyNode, type Syntax } from "../read/grammar.ts";
import type { Item, Path } from "../read/model.ts";
import { plainPath, useLeaves } from "../read/use-tree.ts";

/** What an item's text names: paths outside its own locals and generics, macros, and every word in it. */

export interface Reference extends Path {
  /** In a `use` inside a body: an edition 2015 path counts from the root. */
  readonly use: boolean;
  /** An identifier in a pattern: a reference only where it turns out to be a constant or a variant. */
  readonly pattern: boolean;
}

export interface References {
  readonly paths: readonly Reference[];
  /** `use x::*` in a body. */
  readonly globs: readonly Reference[];
  /** `a::b::$name`, `a::b::{…}` among tokens: what follows is one of the words around. */
  readonly open: readonly Path[];
  readonly macros: readonly Path[];
  /** Every identifier, field and tuple index; ".." where a struct is filled up from another. */
  readonly words: ReadonlySet<string>;
  /** Names called with a dot. */
  readonly calls: ReadonlySet<string>;
  /** Impl blocks in it, itself included. */
  readonly impls: readonly Syntax[];
}

/** Names bound around a piece of syntax: locals, and generics, which alone may stand before `::`. */
interface Scope {
  readonly names: Set<string>;
  readonly generics: Set<string>;
  readonly parent: Scope | undefined;
}

const inside = (parent: Scope | undefined): Scope => ({ names: new Set(), generics: new Set(), parent });

const WORDS: ReadonlySet<string> = new Set([
  "identifier",
  "type_identifier",
  "field_identifier",
  "shorthand_field_identifier",
  "integer_literal",
]);

const TOKENS: ReadonlySet<string> = new Set(["token_tree", "token_repetition"]);

const ENDS_A_PATH: ReadonlySet<string> = new Set([
  "primitive_type",
  "metavariable",
  "identifier",
  ">",
  ">>",
  "self",
  "token_tree",
]);

const SKIPPED: ReadonlySet<string> = new Set([
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

const LEAVES_A_SCOPE: ReadonlySet<string> = new Set([
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

export function referencesOf(item: Item, features: ReadonlySet<string>): References {
  const walk = new Walk(item.file.text, features);
  if (item.kind === "macro") walk.tokens(item.syntax, undefined);
  else walk.node(item.syntax, inside(undefined));
  return walk.found(item.syntax);
}

class Walk {
  readonly #text: string;
  readonly #paths = new Map<string, Reference>();
  readonly #globs: Reference[] = [];
  readonly #macros = new Map<string, Path>();
  readonly #opened: Path[] = [];
  readonly #calls = new Set<string>();
  /** Names that a `use` in a body gives. */
  readonly #aliases = new Map<string, Path>();
  /** Macros of a body's own. */
  readonly #ownMacros = new Set<string>();

  readonly #features: ReadonlySet<string>;

  constructor(text: string, features: ReadonlySet<string>) {
    this.#text = text;
    this.#features = features;
  }

  /** `#[cfg(feature = "off")]` before a field, a statement, an arm. */
  #off(attribute: Syntax): boolean {
    return attributesOf(attribute, this.#text, (tokens) => cfgHolds(tokens, this.#features)).some(
      ({ name, tokens }) => name === "cfg" && cfgHolds(tokens, this.#features) === "no",
    );
  }

  found(root: Syntax): References {
    const words = new Set<string>();
    const impls: Syntax[] = [];
    for (const node of everyNode(root)) {
      if (WORDS.has(node.type)) words.add(this.#of(node));
      // `x.0.1` in a macro's arguments is one token.
      if (node.type === "float_literal") for (const part of this.#of(node).split(".")) words.add(part);
      if (node.type === "base_field_initializer") words.add("..");
      if (node.type === "impl_item") impls.push(node);
      if (TOKENS.has(node.type)) this.#wordsOfTokens(node, words);
      if (node.type === "string_literal") for (const name of inlineNames(this.#of(node))) words.add(name);
    }
    for (const { absolute, segments, use } of [...this.#paths.values()]) {
      const [first = "", ...rest] = segments;
      const alias = absolute || use ? undefined : this.#aliases.get(first);
      if (alias && rest.length > 0) this.#add({ ...alias, segments: [...alias.segments, ...rest] }, undefined, "use");
    }
    return {
      paths: [...this.#paths.values()],
      globs: this.#globs,
      open: this.#opened,
      macros: [...this.#macros.values()].filter(({ segments }) => segments.length > 1 || !this.#ownMacros.has(segments[0] ?? "")),
      words,
      calls: this.#calls,
      impls,
    };
  }

  #of(node: Syntax): string {
    return this.#text.slice(node.start, node.end).replace(/^r#/u, "");
  }

  /** `..` in a macro's arguments may fill a struct up; a name after a dot may be a call. */
  #wordsOfTokens(tree: Syntax, words: Set<string>): void {
    for (const [index, token] of tree.children.entries()) {
      if (token.type === "..") words.add("..");
      if (token.type === "." && tree.children[index + 1]?.type === "identifier") {
        this.#calls.add(this.#of(tree.children[index + 1] as Syntax));
      }
    }
  }

  #add(path: Path | undefined, scope: Scope | undefined, kind: "use" | "pattern" | "plain" = "plain"): void {
    const [first] = path?.segments ?? [];
    if (!path || first === undefined || first === "Self" || first === "_") return;
    if (!path.absolute && kind !== "use" && bound(scope, first, path.segments.length > 1)) return;
    const key = `${kind} ${path.absolute ? "::" : ""}${path.segments.join("::")}`;
    if (!this.#paths.has(key)) this.#paths.set(key, { ...path, use: kind === "use", pattern: kind === "pattern" });
  }

  node(node: Syntax, outer: Scope): void {
    if (SKIPPED.has(node.type)) return;
    const scope: Scope = LEAVES_A_SCOPE.has(node.type) ? inside(outer) : outer;
    switch (node.type) {
      case "identifier":
      case "type_identifier":
        this.#add({ absolute: false, segments: [this.#of(node)] }, scope);
        break;
      case "scoped_identifier":
      case "scoped_type_identifier":
        this.#scoped(node, scope);
        break;
      case "use_declaration":
        this.#use(node);
        break;
      case "macro_invocation":
        this.#macro(node, scope);
        break;
      case "macro_definition": {
        const name = childOf(node, "name");
        if (name) this.#ownMacros.add(this.#of(name));
        this.tokens(node, scope);
        break;
      }
      case "token_tree":
        this.tokens(node, scope);
        break;
      case "type_parameters":
        this.#generics(node, scope);
        break;
      case "parameter":
        this.#binding(node, "pattern", scope);
        break;
      case "closure_parameters":
        for (const child of node.children)
          if (child.type === "parameter") this.#binding(child, "pattern", scope);
          else this.#pattern(child, scope);
        return;
      case "let_declaration":
      case "let_condition":
        this.#let(node, scope);
        break;
      case "for_expression":
        this.#for(node, scope);
        break;
      case "if_expression":
        this.#if(node, scope, outer);
        break;
      case "match_pattern":
        this.#matchPattern(node, scope);
        break;
      case "field_expression":
        this.#field(node, scope);
        break;
      case "field_initializer":
        this.#children(node, scope, (child) => child.field !== "field");
        break;
      default:
        this.#children(node, scope);
        break;
    }
  }

  #children(node: Syntax, scope: Scope, wanted: (child: Syntax) => boolean = () => true): void {
    let off = false;
    for (const child of node.children) {
      if (child.type === "attribute_item") off ||= this.#off(child);
      else if (child.named && child.type !== "line_comment" && child.type !== "block_comment") {
        if (!off && wanted(child) && !(child.field === "name" && DEFINES.has(node.type))) this.node(child, scope);
        off = false;
      }
    }
  }

  #scoped(node: Syntax, scope: Scope): void {
    const path = plainPath(node, this.#text);
    if (path) this.#add(path, scope);
    this.#pathArguments(node, scope, path === undefined);
  }

  /** The types in `Foo::<T>::new` and `<A as B>::c`. */
  #pathArguments(node: Syntax, scope: Scope, opaque: boolean): void {
    for (const child of node.children) {
      if (child.type === "type_arguments" || child.type === "bracketed_type") this.#children(child, scope);
      else if (child.field === "path" || child.field === "type") {
        if (opaque && child.type === "generic_type") this.node(child, scope);
        else this.#pathArguments(child, scope, opaque);
      }
    }
  }

  #use(node: Syntax): void {
    const tree = childOf(node, "argument");
    if (!tree) return;
    for (const { kind, name, target } of useLeaves(tree, this.#text)) {
      if (kind === "name") this.#aliases.set(name, target);
      this.#add(target, undefined, "use");
      if (kind === "glob") this.#globs.push({ ...target, use: true, pattern: false });
    }
  }

  #macro(node: Syntax, scope: Scope): void {
    const name = childOf(node, "macro");
    const path = name && plainPath(name, this.#text);
    if (path) this.#macros.set(path.segments.join("::"), path);
    for (const child of node.children) if (child.type === "token_tree") this.tokens(child, scope);
  }

  /** Paths, macro calls and names in format strings among tokens; locals of the macro itself are not known. */
  tokens(root: Syntax, scope: Scope | undefined): void {
    const skipped = new Set<Syntax>();
    for (const tree of everyNode(root)) {
      if (skipped.has(tree)) for (const inner of everyNode(tree)) skipped.add(inner);
      if (skipped.has(tree)) continue;
      if (tree.type === "string_literal") {
        for (const name of inlineNames(this.#of(tree))) this.#add({ absolute: false, segments: [name] }, scope);
      }
      if (TOKENS.has(tree.type)) this.#tokensOfTree(tree, scope, skipped);
    }
  }

  #tokensOfTree(tree: Syntax, scope: Scope | undefined, skipped: Set<Syntax>): void {
    const tokens = tree.children.filter(({ type }) => type !== "line_comment" && type !== "block_comment");
    let index = 0;
    const type = (at: number): string => tokens[at]?.type ?? "";
    const word = (at: number): string => (tokens[at] ? this.#of(tokens[at]) : "");
    while (index < tokens.length) {
      const start = index;
      if (type(index) === "#" && word(index + 1).startsWith("[") && tokens[index + 1]) {
        const attribute = tokensOf(tokens[index + 1] as Syntax, this.#text);
        index += 2;
        // What follows up to its `;`, `,` or block is not compiled.
        if (attribute[1] === "cfg" && cfgHolds(attribute.slice(3, -2), this.#features) === "no") {
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
      while (isSegment(tokens[index], this.#text)) {
        segments.push(this.#of(tokens[index] as Syntax));
        index += 1;
        if (type(index) !== "::" || !isSegment(tokens[index + 1], this.#text)) break;
        index += 1;
      }
      if (segments.length === 0) {
        index = start + 1;
        continue;
      }
      const path = { absolute: absolute && start === index - segments.length * 2, segments };
      if (type(index) === "!" && type(index + 1) !== "=") this.#macros.set(segments.join("::"), path);
      else this.#add(path, scope);
      if (type(index) !== "::") continue;
      if (type(index + 1) === "*") this.#globs.push({ ...path, use: true, pattern: false });
      else if (type(index + 1) === "metavariable" || type(index + 1) === "token_tree") this.#opened.push(path);
    }
  }

  #generics(node: Syntax, scope: Scope): void {
    for (const parameter of node.children) {
      const name = childOf(parameter, "name");
      if (name && parameter.type !== "lifetime_parameter") scope.generics.add(this.#of(name));
      else if (parameter.type === "type_identifier") scope.generics.add(this.#of(parameter));
    }
    for (const parameter of node.children) {
      if (parameter.type !== "type_identifier") this.#children(parameter, scope, (child) => child.field !== "name");
    }
  }

  #binding(node: Syntax, field: string, scope: Scope): void {
    this.#children(node, scope, (child) => child.field !== field);
    const pattern = childOf(node, field);
    if (pattern) this.#pattern(pattern, scope);
  }

  /** The value is read before its names are bound; an `else` block never sees them. */
  #let(node: Syntax, scope: Scope): void {
    this.#binding(node, "pattern", scope);
  }

  #for(node: Syntax, scope: Scope): void {
    const value = childOf(node, "value");
    if (value && scope.parent) this.node(value, scope.parent);
    const pattern = childOf(node, "pattern");
    if (pattern) this.#pattern(pattern, scope);
    const body = childOf(node, "body");
    if (body) this.node(body, scope);
  }

  #if(node: Syntax, scope: Scope, outer: Scope): void {
    for (const child of node.children) this.node(child, child.field === "alternative" ? outer : scope);
  }

  #matchPattern(node: Syntax, scope: Scope): void {
    for (const child of node.children) if (child.field !== "condition") this.#pattern(child, scope);
    const condition = childOf(node, "condition");
    if (condition) this.node(condition, scope);
  }

  #field(node: Syntax, scope: Scope): void {
    const field = childOf(node, "field");
    if (field) this.#calls.add(this.#of(field));
    this.#children(node, scope, (child) => child.field !== "field");
  }

  #pattern(node: Syntax, scope: Scope): void {
    switch (node.type) {
      case "identifier":
      case "shorthand_field_identifier": {
        const name = this.#of(node);
        if (node.type === "identifier") this.#add({ absolute: false, segments: [name] }, scope, "pattern");
        scope.names.add(name);
        return;
      }
      case "tuple_struct_pattern":
      case "struct_pattern": {
        const type = childOf(node, "type");
        if (type) this.node(type, scope);
        for (const child of node.children) if (child.field !== "type") this.#pattern(child, scope);
        return;
      }
      case "scoped_identifier":
      case "scoped_type_identifier":
      case "range_pattern":
      case "const_block":
      case "macro_invocation":
        this.node(node, scope);
        break;
      case "field_pattern":
        for (const child of node.children) if (child.type !== "field_identifier") this.#pattern(child, scope);
        return;
      default:
        for (const child of node.children) if (!SKIPPED.has(child.type)) this.#pattern(child, scope);
    }
  }
}

/** Nodes whose `name` is what they define, no reference. */
const DEFINES: ReadonlySet<string> = new Set([
  "function_item",
  "function_signature_item",
  "struct_item",
  "enum_item",
  "enum_variant",
  "union_item",
  "trait_item",
  "const_item",
  "static_item",
  "type_item",
  "associated_type",
  "mod_item",
  "const_parameter",
  "type_parameter",
  "type_binding",
]);

function bound(scope: Scope | undefined, name: string, leads: boolean): boolean {
  for (let at = scope; at; at = at.parent) if (at.generics.has(name) || (!leads && at.names.has(name))) return true;
  return false;
}

const isSegment = (token: Syntax | undefined, text: string): boolean =>
  token !== undefined &&
  (token.type === "identifier" ||
    token.type === "self" ||
    token.type === "super" ||
    token.type === "crate" ||
    (token.type === "metavariable" && text.slice(token.start, token.end) === "$crate"));

/** `{name}` and `{name:?}` in a literal: format strings name what they print. */
export const inlineNames = (literal: string): readonly string[] =>
  [...literal.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)(?=[:}])/gu)].map((match) => match[1] ?? "");
