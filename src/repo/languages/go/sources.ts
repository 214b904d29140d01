import type { TrackedTree } from "../../tracked-tree.ts";
import { type GoSource, readGoSource } from "./go-source.ts";

/** The Go files of a module, each read once, and how a fact names its line. */

/** Go files that are read. */
const MAX_FILES = 3000;

export interface GoLine {
  readonly source: string;
  readonly line: number;
  readonly sha256: string;
  readonly quote: string;
}

export interface OwnSource {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
  readonly go: GoSource;
}

export const lineIn = (source: string, { text, sha256 }: { readonly text: string; readonly sha256: string }) => {
  const lines = text.split(/\r?\n/);
  return (line: number): GoLine => ({ source, line, sha256, quote: (lines[line - 1] ?? "").trim().slice(0, 200) });
};

export async function readSources(tree: TrackedTree, root: string): Promise<readonly OwnSource[]> {
  const paths = tree.entries
    .filter(
      ({ path, kind }) =>
        kind === "file" &&
        path.endsWith(".go") &&
        inside(path, root) &&
        !/(?:^|\/)(?:vendor|testdata)\//.test(relative(path, root)),
    )
    .map(({ path }) => path)
    .slice(0, MAX_FILES);
  await tree.load(paths);
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: await tree.text(path) })));
  return texts.flatMap(({ path, text }) =>
    text ? [{ path, text: text.text, sha256: text.sha256, go: readGoSource(text.text) }] : [],
  );
}

export const inside = (path: string, folder: string): boolean =>
  folder === "." || path === folder || path.startsWith(`${folder}/`);
export const relative = (path: string, root: string): string => (root === "." ? path : path.slice(root.length + 1));
