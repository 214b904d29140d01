import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { type GitOptions, tryGit } from "../../system/git.ts";

/** A folder without git is copied whole before anything is done with it: one that is no project (a home, a disk of data) is refused instead. */

export interface FolderLimit {
  readonly files: number;
  readonly bytes: number;
}

export const FOLDER_LIMIT: FolderLimit = { files: 50_000, bytes: 1024 * 1024 * 1024 };

/** Bytes of a list of paths; what is longer holds more files than are copied. */
const MAX_LIST_BYTES = 32 * 1024 * 1024;

/**
 * What is too large about a folder, with the next move; undefined: nothing is. Files that its ignore rules leave out do not count.
 * @param gitDir of the private repository, whose exclude file holds too
 */
export async function tooLarge(
  root: string,
  gitDir: string,
  limit: FolderLimit = FOLDER_LIMIT,
  options: Pick<GitOptions, "signal"> = {},
): Promise<string | undefined> {
  const listed = await tryGit(
    [`--git-dir=${gitDir}`, `--work-tree=${root}`, "ls-files", "-z", "--others", "--exclude-standard"],
    { cwd: root, maxOutputBytes: MAX_LIST_BYTES, ...options },
  );
  const paths = listed.stdout.split("\0").filter((path) => path !== "");
  if (listed.exit !== 0 || paths.length > limit.files)
    return refusal(root, `more than ${limit.files} files${mostOf(counted(paths), (count) => `${count} files`)}`);
  let bytes = 0;
  const folders = new Map<string, number>();
  for (const path of paths) {
    // A file may be gone since it was listed.
    const size = (await lstat(join(root, path)).catch(() => undefined))?.size ?? 0;
    bytes += size;
    const top = topOf(path);
    folders.set(top, (folders.get(top) ?? 0) + size);
    if (bytes > limit.bytes) return refusal(root, `more than ${sizeText(limit.bytes)}${mostOf(folders, sizeText)}`);
  }
  return undefined;
}

const refusal = (root: string, what: string): string =>
  `${root}: is no git repository and holds ${what}, all of which would be copied; give the project's own folder with --repo DIR, name what does not belong to it in a .gitignore, or make it a repository (git init && git add -A && git commit)`;

const topOf = (path: string): string => path.split("/", 1)[0] ?? path;

function counted(paths: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(topOf(path), (counts.get(topOf(path)) ?? 0) + 1);
  return counts;
}

/** The largest part, which is most likely the one that does not belong. */
function mostOf(parts: ReadonlyMap<string, number>, shown: (amount: number) => string): string {
  const [most] = [...parts].sort((a, b) => b[1] - a[1]);
  return most === undefined ? "" : ` (most of it in ${most[0]}: ${shown(most[1])} so far)`;
}

const sizeText = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${Math.ceil(bytes / 1024 ** 2)} MiB`;
