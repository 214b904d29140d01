import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { sha256, UnlistableError } from "../../../world/content/listing.ts";

/**
 * sha256 of the leaves below a folder by their paths, as `listTree` has them, for the thousands of small folders that a run consists of.
 * Synchronous: of a file of a few lines, promises for opening, reading and closing it take several times as long as doing so. In parts:
 * a log may be larger than the memory that a report is allowed.
 * @param without paths that are not read
 * @throws UnlistableError
 */
export function treeHashes(root: string, without: ReadonlySet<string>): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  addHashes(root, "", without, hashes);
  return hashes;
}

function addHashes(root: string, folder: string, without: ReadonlySet<string>, hashes: Map<string, string>): void {
  for (const entry of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (without.has(path)) continue;
    const file = `${root}/${path}`;
    if (entry.name.includes("\uFFFD")) throw new UnlistableError(file, "has a name that is not UTF-8");
    if (entry.isDirectory()) addHashes(root, path, without, hashes);
    else if (entry.isFile()) hashes.set(path, hashOfFile(file));
    else if (entry.isSymbolicLink()) hashes.set(path, sha256(readlinkSync(file)));
    else throw new UnlistableError(file, "is neither a file, a folder nor a symbolic link");
  }
}

const part = Buffer.allocUnsafeSlow(2 ** 18);

function hashOfFile(path: string): string {
  const file = openSync(path, "r");
  try {
    let hash: Hash | undefined;
    for (;;) {
      const length = fill(file);
      if (length < part.length) {
        const last = part.subarray(0, length);
        return hash === undefined ? sha256(last) : hash.update(last).digest("hex");
      }
      hash ??= createHash("sha256");
      hash.update(part);
    }
  } finally {
    closeSync(file);
  }
}

/** @returns bytes that `part` holds now; fewer than all of it at the end of the file */
function fill(file: number): number {
  let length = 0;
  while (length < part.length) {
    const read = readSync(file, part, length, part.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}
