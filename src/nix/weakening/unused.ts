import { basename } from "node:path";
import { tryGit } from "../../system/git.ts";

/** Found by their place, without being named. */
const BY_PLACE = /^(?:default|flake|shell)\.nix$/u;

/** Ways by which a file is read whose name stands nowhere: folders that are listed, names that are put together, globs. */
const BY_NO_NAME = ["readDir", "listFilesRecursive", "import-tree", "haumea", '+ "/', "/${", "*.nix"];

/**
 * Whether nothing in a commit refers to a Nix file of it, so that no output rests on what it holds. In doubt it is in use: any text but prose
 * that holds its name, or that reads files without naming them, is a use.
 */
export async function isUnused(directory: string, commit: string, path: string): Promise<boolean> {
  const name = basename(path);
  if (!name.endsWith(".nix") || BY_PLACE.test(name)) return false;
  const patterns = [name.slice(0, -".nix".length), ...BY_NO_NAME].flatMap((text) => ["-e", text]);
  const found = await tryGit(
    [
      "grep",
      "--quiet",
      "--text",
      "--fixed-strings",
      ...patterns,
      commit,
      "--",
      ":/",
      `:(exclude,top,literal)${path}`,
      ":(exclude,top)*.md",
    ],
    { cwd: directory },
  );
  return found.exit === 1;
}
