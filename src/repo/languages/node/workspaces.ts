import { posix } from "node:path";
import type { TrackedTree } from "../../tracked-tree.ts";
import { type NodeManifest, readManifest } from "./manifest.ts";

/** A package below one with workspaces. */
export interface WorkspaceMember {
  /** Relative to the package with the workspaces. */
  readonly folder: string;
  readonly manifest: NodeManifest;
}

const FOLDER = /^(?!.*\.\.)(?:[\w@.+-]+\/)*[\w@.+-]+$/;

/**
 * The members that `workspaces` names: folders by their path, or all folders of one (`packages/*`).
 * @returns what is not understood, as the end of a sentence about package.json
 */
export async function workspaceMembers(
  patterns: readonly string[],
  root: string,
  tree: TrackedTree,
): Promise<readonly WorkspaceMember[] | string> {
  const folders: string[] = [];
  for (const written of patterns) {
    const pattern = written.replace(/^\.\//, "").replace(/\/$/, "");
    const parent = pattern.endsWith("/*") ? pattern.slice(0, -2) : undefined;
    if (!FOLDER.test(parent ?? pattern)) return `has workspaces (${written}) whose folders the survey does not find out`;
    const below = (path: string): boolean => {
      const folder = posix.relative(root, posix.dirname(path));
      return parent === undefined ? folder === pattern : posix.dirname(folder) === parent;
    };
    const found = tree.entries.filter(
      ({ path, kind }) => kind === "file" && posix.basename(path) === "package.json" && below(path),
    );
    folders.push(...found.map(({ path }) => posix.relative(root, posix.dirname(path))));
  }
  const members: WorkspaceMember[] = [];
  for (const folder of [...new Set(folders)].sort()) {
    const text = await tree.text(posix.join(root, folder, "package.json"));
    const manifest = text?.valid ? readManifest(text.text) : "cannot be read";
    if (typeof manifest === "string" || !FOLDER.test(folder))
      return `has the workspace ${folder}, whose package.json cannot be read`;
    members.push({ folder, manifest });
  }
  return members;
}
