import { childOf, type Syntax } from "../../read/grammar.ts";
import type { Names } from "./names.ts";
import { type Scope, SKIPPED } from "./scopes.ts";

/** Binds the names of a pattern, and notes those that may be constants; `walk` reads what is no pattern in it. */
export function readPattern(node: Syntax, scope: Scope, names: Names, walk: (node: Syntax, scope: Scope) => void): void {
  switch (node.type) {
    case "identifier":
    case "shorthand_field_identifier": {
      const name = names.of(node);
      if (node.type === "identifier") names.add({ absolute: false, segments: [name] }, scope, "pattern");
      scope.names.add(name);
      return;
    }
    case "tuple_struct_pattern":
    case "struct_pattern": {
      const type = childOf(node, "type");
      if (type) walk(type, scope);
      for (const child of node.children) if (child.field !== "type") readPattern(child, scope, names, walk);
      return;
    }
    case "scoped_identifier":
    case "scoped_type_identifier":
    case "range_pattern":
    case "const_block":
    case "macro_invocation":
      walk(node, scope);
      break;
    case "field_pattern":
      for (const child of node.children) if (child.type !== "field_identifier") readPattern(child, scope, names, walk);
      return;
    default:
      for (const child of node.children) if (!SKIPPED.has(child.type)) readPattern(child, scope, names, walk);
  }
}
