import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Path below the folder to what is there: `mode content-hash mtime`. */
export type Fingerprint = Readonly<Record<string, string>>;

/**
 * Every entry below a folder, `.git` included, with kind, mode, content and time of its last change: a file that was written anew with the
 * same bytes, or made and removed again beside others, shows too. Loose objects have no time here: git sets it anew on those that another
 * repository shares and meets again, so that no clean-up takes them.
 */
export async function fingerprint(directory: string): Promise<Fingerprint> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const info = await lstat(path);
    const content = info.isSymbolicLink() ? `-> ${await readlink(path)}` : info.isFile() ? await hashOf(path) : "folder";
    const time = /\/\.git\/objects\/[0-9a-f]{2}\/[0-9a-f]{38}$/u.test(path) ? "shared" : info.mtimeMs;
    found[path.slice(directory.length)] = `${info.mode.toString(8)} ${content} ${time}`;
  }
  return found;
}

export interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export const SAME: Difference = { added: [], changed: [], removed: [] };

/**
 * Files that are new, changed or gone.
 * @param times whether a file that holds what it held but was written again counts, and a folder in which something came and went
 */
export function difference(before: Fingerprint, after: Fingerprint, times = true): Difference {
  const part = (entry: string): string => (times ? entry : entry.slice(0, entry.lastIndexOf(" ")));
  const isFolder = (entry: string | undefined): boolean => entry?.split(" ")[1] === "folder";
  const added = Object.keys(after).filter((path) => before[path] === undefined);
  const grown = new Set(added.map((path) => path.slice(0, path.lastIndexOf("/"))));
  const differs = (path: string, now: string): boolean => {
    const then = before[path];
    return then !== undefined && part(then) !== part(now) && !(grown.has(path) && isFolder(now));
  };
  return {
    added: added.filter((path) => !isFolder(after[path])).sort(),
    changed: Object.entries(after)
      .filter(([path, now]) => differs(path, now))
      .map(([path]) => path)
      .sort(),
    removed: Object.keys(before)
      .filter((path) => after[path] === undefined)
      .sort(),
  };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
