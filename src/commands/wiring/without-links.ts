import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode } from "../../system/error.ts";

/**
 * A folder's path with its links resolved, whether it is there yet or not. Caches and homes are links to bigger disks, and neither a Nix
 * store nor a place that bubblewrap binds may lie behind one.
 */
export async function withoutLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) return path;
    return join(await withoutLinks(dirname(path)), basename(path));
  }
}

/**
 * The same, but for the last part, which keeps its name: a file as a person named it, in the folder that git knows. git names its root with links
 * resolved, so nothing else can be compared with it.
 */
export const inRealFolder = async (path: string): Promise<string> => join(await withoutLinks(dirname(path)), basename(path));
