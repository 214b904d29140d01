import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorldProblem } from "../problem.ts";
import { type Leaf, leavesBelow } from "./listing.ts";
import { GIT_TREE_FILE, type GitTreeFile, gitTreeSchema } from "./manifest.ts";
import { parseToml } from "./toml.ts";

/** A repository served over Git's own protocol: one commit made from a tree, or a recorded bundle. */
export type GitSource =
  | { readonly kind: "tree"; readonly directory: string; readonly leaves: readonly Leaf[]; readonly facts: GitTreeFile }
  | { readonly kind: "bundle"; readonly file: string };

/** Reads `git/`; `leaves` are relative to it. */
export async function gitSources(
  directory: string,
  leaves: readonly Leaf[],
): Promise<{ readonly found: ReadonlyMap<string, GitSource>; readonly problems: readonly WorldProblem[] }> {
  const problems: WorldProblem[] = [];
  const found = new Map<string, GitSource>();
  const trees = treeFolders(leaves);
  for (const folder of trees) {
    const file = join(directory, folder, GIT_TREE_FILE);
    const facts = parseToml(file, await readFile(file, "utf8"), gitTreeSchema);
    if (!facts.ok) {
      problems.push(...facts.problems);
      continue;
    }
    const content = leavesBelow(leaves, folder).filter((leaf) => leaf.path !== GIT_TREE_FILE);
    found.set(folder, { kind: "tree", directory: join(directory, folder), leaves: content, facts: facts.value });
  }
  for (const leaf of leaves) {
    if (trees.some((folder) => leaf.path.startsWith(`${folder}/`))) continue;
    if (leaf.path.endsWith(".bundle") && leaf.path.includes("/")) {
      found.set(leaf.path.slice(0, -".bundle".length), { kind: "bundle", file: join(directory, leaf.path) });
    } else {
      problems.push({
        file: join(directory, leaf.path),
        message: `belongs to no tree with a ${GIT_TREE_FILE}`,
        next: `write ${GIT_TREE_FILE} at the top of its tree: default = "main", tags = []`,
      });
    }
  }
  return { found, problems };
}

/** The topmost folders that hold a world-git.toml; one further down is a file like any other. */
function treeFolders(leaves: readonly Leaf[]): string[] {
  const folders = leaves
    .filter((leaf) => leaf.path.endsWith(`/${GIT_TREE_FILE}`))
    .map((leaf) => leaf.path.slice(0, -GIT_TREE_FILE.length - 1))
    .sort((a, b) => a.length - b.length);
  return folders.filter((folder, index) => !folders.slice(0, index).some((outer) => folder.startsWith(`${outer}/`)));
}
