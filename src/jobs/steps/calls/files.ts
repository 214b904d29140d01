import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { CallFile } from "../../../repo/steps/calls/call.ts";

/** Files of a build: their hashes, and which of them changed. */

const SKIPPED: ReadonlySet<string> = new Set([".git", "node_modules"]);

/** Whether a path lies below one of the folders. */
export const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** A regular file with its hash; undefined where there is none. */
export async function hashed(path: string): Promise<CallFile | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { path, sha256: hash.digest("hex"), ...(found.size === 0 && { empty: true }) };
}

export async function hashedAll(paths: Iterable<string>): Promise<CallFile[]> {
  const files: CallFile[] = [];
  for (const path of new Set(paths)) {
    const file = await hashed(path);
    if (file) files.push(file);
  }
  return files;
}

/** Regular files below the folders that `wanted` takes; links are not followed. */
export async function filesBelow(
  folders: readonly string[],
  ignored: readonly string[],
  wanted: (entry: Stats) => boolean = () => true,
): Promise<string[]> {
  const found: string[] = [];
  const open = [...folders];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !ignored.includes(path)) open.push(path);
      } else if (entry.isFile() && !entry.name.startsWith(".crq-real-")) {
        const about = await lstat(path).catch(() => undefined);
        if (about && wanted(about)) found.push(path);
      }
    }
  }
  return found.sort();
}

export type Snapshot = ReadonlyMap<string, string>;

/** What each file of the folders is, cheaply. */
export async function snapshot(folders: readonly string[], ignored: readonly string[]): Promise<Snapshot> {
  const marks = new Map<string, string>();
  for (const path of await filesBelow(folders, ignored)) {
    const about = await lstat(path).catch(() => undefined);
    if (about) marks.set(path, `${about.ino} ${about.size} ${about.mtimeMs}`);
  }
  return marks;
}

export const changed = (before: Snapshot, after: Snapshot): string[] =>
  [...after].flatMap(([path, mark]) => (before.get(path) === mark ? [] : [path]));
