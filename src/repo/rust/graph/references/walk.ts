import { childOf, type Syntax } from "../../read/grammar.ts";
import { plainPath, useLeaves } from "../../read/use-tree.ts";
import type { Names } from "./names.ts";
import { readPattern } from "./patterns.ts";
import { inside, LEAVES_A_SCOPE, type Scope, SKIPPED } from "./scopes.ts";
import { readTokens } from "./tokens.ts";

/** Walks an item's syntax with the names that are bound around each piece. */
export class Walk {
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  node(node: Syntax, outer: Scope): void {
    if (SKIPPED.has(node.type)) return;
    const scope: Scope = LEAVES_A_SCOPE.has(node.type) ? inside(outer) : outer;
    switch (node.type) {
      case "identifier":
      case "type_identifier":
        this.#names.add({ absolute: false, segments: [this.#names.of(node)] }, scope);
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
        if (name) this.#names.ownMacros.add(this.#names.of(name));
        readTokens(node, scope, this.#names);
        break;
      }
      case "token_tree":
        readTokens(node, scope, this.#names);
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
      if (child.type === "attribute_item") off ||= this.#names.off(child);
      else if (child.named && child.type !== "line_comment" && child.type !== "block_comment") {
        if (!off && wanted(child) && !(child.field === "name" && DEFINES.has(node.type))) this.node(child, scope);
        off = false;
      }
    }
  }

  #scoped(node: Syntax, scope: Scope): void {
    const path = plainPath(node, this.#names.text);
    if (path) this.#names.add(path, scope);
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
    for (const { kind, name, target } of useLeaves(tree, this.#names.text)) {
      if (kind === "name") this.#names.aliases.set(name, target);
      this.#names.add(target, undefined, "use");
      if (kind === "glob") this.#names.globs.push({ ...target, use: true, pattern: false });
    }
  }

  #macro(node: Syntax, scope: Scope): void {
    const name = childOf(node, "macro");
    const path = name && plainPath(name, this.#names.text);
    if (path) this.#names.macros.set(path.segments.join("::"), path);
    for (const child of node.children) if (child.type === "token_tree") readTokens(child, scope, this.#names);
  }

  #generics(node: Syntax, scope: Scope): void {
    for (const parameter of node.children) {
      const name = childOf(parameter, "name");
      if (name && parameter.type !== "lifetime_parameter") scope.generics.add(this.#names.of(name));
      else if (parameter.type === "type_identifier") scope.generics.add(this.#names.of(parameter));
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
    if (field) this.#names.calls.add(this.#names.of(field));
    this.#children(node, scope, (child) => child.field !== "field");
  }

  #pattern(node: Syntax, scope: Scope): void {
    readPattern(node, scope, this.#names, (inner, around) => this.node(inner, around));
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
