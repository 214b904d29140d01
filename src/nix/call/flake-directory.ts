import { stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const encodePath = (path: string): string => path.split(sep).map(encodeURIComponent).join("/");

/** The git worktree that a folder lies in; undefined where there is none. */
export async function worktreeOf(directory: string): Promise<string | undefined> {
  for (let root = resolve(directory); ; root = dirname(root)) {
    if (await exists(join(root, ".git"))) return root;
    if (dirname(root) === root) return undefined;
  }
}

/**
 * The reference by which Nix takes exactly this folder: `git+file:` (tracked files only) where it lies in a git worktree, else `path:`.
 * Never `.`: Nix would look for a flake.nix in the parent folders.
 */
export async function flakeReferenceOf(directory: string): Promise<string> {
  const flake = resolve(directory);
  const root = await worktreeOf(flake);
  if (root === undefined) return `path:${encodePath(flake)}`;
  const inside = relative(root, flake);
  return `git+file://${encodePath(root)}${inside === "" ? "" : `?dir=${encodePath(inside)}`}`;
}
