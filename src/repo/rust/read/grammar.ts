import { fileURLToPath } from "node:url";
import { Language, Parser, type TreeCursor } from "web-tree-sitter";

/** tree-sitter's Rust grammar behind a plain tree: nothing of the wasm heap outlives `parse`. */

export interface Syntax {
  readonly type: string;
  /** UTF-16 offsets into the parsed text. */
  readonly start: number;
  readonly end: number;
  readonly named: boolean;
  /** The node's name in its parent (`name`, `body`, `trait` …). */
  readonly field: string | undefined;
  /** ERROR, or a token that the parser made up. */
  readonly wrong: boolean;
  readonly children: readonly Syntax[];
}

export interface RustGrammar {
  parse(text: string): Syntax;
}

/** Loads the wasm modules; the only asynchronous part of splitting a crate. */
export async function loadRustGrammar(): Promise<RustGrammar> {
  await Parser.init();
  const language = await Language.load(fileURLToPath(import.meta.resolve("tree-sitter-rust/tree-sitter-rust.wasm")));
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    parse(text) {
      const tree = parser.parse(text);
      if (!tree) throw new Error("the Rust parser has no language");
      const cursor = tree.walk();
      try {
        return plain(cursor);
      } finally {
        cursor.delete();
        tree.delete();
      }
    },
  };
}

/** Copies a tree without recursion: source text may nest as deep as it likes. */
function plain(cursor: TreeCursor): Syntax {
  const stack: Syntax[][] = [];
  const here = (children: readonly Syntax[]): Syntax => ({
    type: cursor.nodeType,
    start: cursor.startIndex,
    end: cursor.endIndex,
    named: cursor.nodeIsNamed,
    field: cursor.currentFieldName ?? undefined,
    wrong: cursor.nodeType === "ERROR" || cursor.nodeIsMissing,
    children,
  });
  let siblings: Syntax[] = [];
  for (;;) {
    if (cursor.gotoFirstChild()) {
      stack.push(siblings);
      siblings = [];
      continue;
    }
    siblings.push(here([]));
    while (!cursor.gotoNextSibling()) {
      const children = siblings;
      const parents = stack.pop();
      if (!parents) {
        const [root] = children;
        if (!root) throw new Error("the Rust parser gave no tree");
        return root;
      }
      cursor.gotoParent();
      siblings = parents;
      siblings.push(here(children));
    }
  }
}

export const childOf = (node: Syntax, field: string): Syntax | undefined => node.children.find((child) => child.field === field);

export const childOfType = (node: Syntax, type: string): Syntax | undefined => node.children.find((child) => child.type === type);

/** Every node below and with this one, parents first; without recursion. */
export function* everyNode(root: Syntax): Generator<Syntax> {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index];
      if (child) stack.push(child);
    }
  }
}

export function depthOf(root: Syntax): number {
  let deepest = 0;
  const stack: [Syntax, number][] = [[root, 1]];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [node, depth] = top;
    deepest = Math.max(deepest, depth);
    for (const child of node.children) stack.push([child, depth + 1]);
  }
  return deepest;
}
