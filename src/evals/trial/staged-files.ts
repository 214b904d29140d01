import { posix } from "node:path";
import type { Leaf } from "../../world/content/listing.ts";
import { PARTS } from "../task/task.ts";

/** A file of the staged repository and the file of the task folder that it is a copy of. Paths relative to each. */
export interface StagedFile {
  readonly path: string;
  readonly source: string;
  readonly mode: Leaf["mode"];
}

/** A task that cannot be staged as it lies on disk. */
export class StageError extends Error {
  override readonly name = "StageError";
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path} ${message}`);
    this.path = path;
  }
}

/** Where given documents go: `crq/docs/` over the fixture's docs, everything else among its CRQs. */
const CRQ_FOLDER = "crqs";
const DOCS = "docs/";

/**
 * What a staged repository is made of: repo/, with crq/ laid over it. Sorted by path.
 * @throws StageError for a name that belongs to git, and for a path below one that is a file or a link
 */
export function stagedFiles(leaves: readonly Leaf[]): readonly StagedFile[] {
  const files = new Map<string, StagedFile>();
  for (const leaf of leaves) {
    const path = placeOf(leaf.path);
    if (path === undefined) continue;
    if (path.split("/").some((part) => part.toLowerCase() === ".git")) throw new StageError(leaf.path, "belongs to git");
    const before = files.get(path);
    // The listing is sorted by folder (crq/ before repo/), so the given file may come first: it wins either way.
    if (before === undefined || leaf.path.startsWith(`${PARTS.given}/`))
      files.set(path, { path, source: leaf.path, mode: leaf.mode });
  }
  for (const { path, source } of files.values()) {
    for (let above = posix.dirname(path); above !== "."; above = posix.dirname(above)) {
      const file = files.get(above);
      if (file) throw new StageError(source, `would lie below ${file.source}, which is no folder`);
    }
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function placeOf(path: string): string | undefined {
  const below = (folder: string): string | undefined =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  const given = below(PARTS.given);
  if (given !== undefined) return given.startsWith(DOCS) ? given : `${CRQ_FOLDER}/${given}`;
  return below(PARTS.repository);
}
