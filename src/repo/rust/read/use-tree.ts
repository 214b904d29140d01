import { childOf, type Syntax } from "./grammar.ts";
import type { Path } from "./model.ts";

/** Flattens `use a::{self, b::C as D, e::*};` into one entry a name. */

export interface UseLeaf {
  readonly kind: "name" | "glob";
  readonly name: string;
  readonly target: Path;
}

const NAME_TYPES: ReadonlySet<string> = new Set(["identifier", "type_identifier", "self", "super", "crate", "metavariable"]);

/** The segments of a path without type arguments; undefined where something else stands in it. */
export function plainPath(node: Syntax, text: string): Path | undefined {
  if (NAME_TYPES.has(node.type)) return { absolute: false, segments: [text.slice(node.start, node.end).replace(/^r#/u, "")] };
  if (node.type === "generic_type" || node.type === "generic_type_with_turbofish") {
    const base = childOf(node, "type");
    return base && plainPath(base, text);
  }
  if (node.type !== "scoped_identifier" && node.type !== "scoped_type_identifier") return undefined;
  const before = childOf(node, "path");
  const name = childOf(node, "name");
  if (!name) return undefined;
  const last = plainPath(name, text);
  if (!last) return undefined;
  if (!before) return { absolute: true, segments: last.segments };
  const first = plainPath(before, text);
  return first && { absolute: first.absolute, segments: [...first.segments, ...last.segments] };
}

export function useLeaves(tree: Syntax, text: string, prefix: Path = { absolute: false, segments: [] }): readonly UseLeaf[] {
  const joined = (path: Path | undefined): Path | undefined =>
    path &&
    (prefix.segments.length > 0 || prefix.absolute
      ? { absolute: prefix.absolute, segments: [...prefix.segments, ...path.segments] }
      : path);
  const named = (path: Path | undefined, alias?: string): readonly UseLeaf[] => {
    if (!path) return [];
    const self = path.segments.at(-1) === "self" && path.segments.length > 1;
    const target = self ? { ...path, segments: path.segments.slice(0, -1) } : path;
    const name = alias ?? target.segments.at(-1);
    return name === undefined ? [] : [{ kind: "name", name, target }];
  };
  switch (tree.type) {
    case "use_as_clause": {
      const path = childOf(tree, "path");
      const alias = childOf(tree, "alias");
      return path && alias ? named(joined(plainPath(path, text)), text.slice(alias.start, alias.end)) : [];
    }
    case "use_wildcard": {
      const path = tree.children.find((child) => child.named && child.type !== "line_comment" && child.type !== "block_comment");
      const leadingColons = tree.children[0]?.type === "::";
      const target = path ? joined(plainPath(path, text)) : leadingColons ? { absolute: true, segments: [] } : prefix;
      return target ? [{ kind: "glob", name: "", target }] : [];
    }
    case "scoped_use_list": {
      const path = childOf(tree, "path");
      const list = childOf(tree, "list");
      const inner = path ? joined(plainPath(path, text)) : { absolute: true, segments: [] };
      return list && inner ? useLeaves(list, text, inner) : [];
    }
    case "use_list":
      return tree.children.flatMap((child) => useLeaves(child, text, prefix));
    default:
      return named(joined(plainPath(tree, text)));
  }
}
