import { createHash, hash } from "node:crypto";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";

/** What a tree is made of: Git's three kinds of leaves. Empty folders do not count (Nix drops them from a tarball before it hashes). */
export interface Leaf {
  /** Relative to the listed folder, `/` between its parts. */
  readonly path: string;
  readonly mode: "100644" | "100755" | "120000";
  /** Hex, of the content; of the target for a link. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** A device, socket or pipe, or a name that is not UTF-8: nothing that a tarball of a repository could hold. */
export class UnlistableError extends Error {
  override readonly name = "UnlistableError";
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path} ${why}`);
    this.path = path;
  }
}

/** Order of Unix path bytes, which differs from JavaScript's order outside of the Basic Multilingual Plane. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const FILES_AT_ONCE = 64;

/**
 * All leaves below a folder, sorted by the bytes of their paths. Links are not followed.
 * @throws UnlistableError
 */
export async function listTree(directory: string): Promise<Leaf[]> {
  const paths = await leafPaths(directory, "");
  paths.sort((a, b) => byBytes(a.path, b.path));
  const leaves: Leaf[] = [];
  for (let start = 0; start < paths.length; start += FILES_AT_ONCE) {
    leaves.push(...(await Promise.all(paths.slice(start, start + FILES_AT_ONCE).map((found) => leafAt(directory, found)))));
  }
  return leaves;
}

interface Found {
  readonly path: string;
  readonly link: boolean;
}

async function leafPaths(root: string, folder: string): Promise<Found[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry): Promise<Found[]> => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.includes("\uFFFD")) throw new UnlistableError(join(root, path), "has a name that is not UTF-8");
      if (entry.isDirectory()) return leafPaths(root, path);
      if (entry.isFile() || entry.isSymbolicLink()) return [{ path, link: entry.isSymbolicLink() }];
      throw new UnlistableError(join(root, path), "is neither a file, a folder nor a symbolic link");
    }),
  );
  return nested.flat();
}

async function leafAt(root: string, { path, link }: Found): Promise<Leaf> {
  const file = join(root, path);
  if (link) {
    const target = await readlink(file);
    return { path, mode: "120000", sha256: sha256(target), size: Buffer.byteLength(target) };
  }
  const [content, facts] = await Promise.all([readFile(file), stat(file)]);
  return { path, mode: (facts.mode & 0o100) === 0 ? "100644" : "100755", sha256: sha256(content), size: content.length };
}

/** Hex. */
export const sha256 = (content: string | Uint8Array): string => hash("sha256", content);

/** sha256 over the sorted list `path \0 mode \0 sha256-of-content \n`: the hash of a world, a task and a tree alike. Hex. */
export function listingHash(leaves: readonly Leaf[]): string {
  const sum = createHash("sha256");
  for (const leaf of leaves) sum.update(`${leaf.path}\0${leaf.mode}\0${leaf.sha256}\n`);
  return sum.digest("hex");
}

/** The leaves below a folder of the listing, with paths relative to it; the order stays. */
export function leavesBelow(leaves: readonly Leaf[], folder: string): Leaf[] {
  const prefix = `${folder}/`;
  return leaves.filter((leaf) => leaf.path.startsWith(prefix)).map((leaf) => ({ ...leaf, path: leaf.path.slice(prefix.length) }));
}

/**
 * The made-up revision of a tree: twelve zeros and 28 hex digits of its hash. It changes with the content, so that no cache ever serves
 * an old tree, and is told from a real one at sight.
 */
export const madeUpRevision = (leaves: readonly Leaf[]): string => `000000000000${listingHash(leaves).slice(0, 28)}`;

export const isMadeUp = (revision: string): boolean => revision.startsWith("000000000000");
