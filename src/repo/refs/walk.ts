import { objectSizes, readObjects } from "./objects.ts";

/** What the trees of many commits hold, each tree and blob read once however many commits share it. */

export interface TreeEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
  readonly object: string;
}

/** Trees read beyond this many are a repository larger than any that was tried; the rest is left out, and that is said. */
const MAX_TREES = 100_000;

export class Trees {
  readonly #directory: string;
  readonly #entries = new Map<string, readonly TreeEntry[]>();
  /** Root tree of each commit (or tag) asked for; undefined: it leads to no tree, or is not in this repository. */
  readonly #roots = new Map<string, string | undefined>();
  /** Trees that were not read: missing from a partial or shallow clone, or beyond the limit. */
  unread = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads every tree below the given commits, one git process a level. */
  async load(commits: readonly string[]): Promise<void> {
    const asked = [...new Set(commits)].filter((commit) => !this.#roots.has(commit));
    let level = new Set<string>();
    const add = (id: string, bytes: Buffer): void => {
      const entries = parseTree(bytes, id.length / 2);
      this.#entries.set(id, entries);
      for (const entry of entries) if (entry.kind === "folder" && !this.#entries.has(entry.object)) level.add(entry.object);
    };
    for (const commit of asked) this.#roots.set(commit, undefined);
    await readObjects(
      this.#directory,
      asked.map((commit) => `${commit}^{tree}`),
      ({ index, id, bytes }) => {
        this.#roots.set(asked[index] ?? "", id);
        if (!this.#entries.has(id)) add(id, bytes);
      },
    );
    while (level.size > 0) {
      const wanted = [...level].filter((id) => !this.#entries.has(id)).slice(0, Math.max(0, MAX_TREES - this.#entries.size));
      this.unread += level.size - wanted.length;
      level = new Set();
      this.unread += await readObjects(this.#directory, wanted, ({ id, bytes }) => add(id, bytes));
      if (wanted.length === 0) break;
    }
  }

  /** Whether the commit's own tree was found. */
  isKnown(commit: string): boolean {
    return this.#roots.get(commit) !== undefined;
  }

  /** The tree of a folder (`a/b`, `.` for the root) in a commit; undefined where it has none. */
  folder(commit: string, path: string): string | undefined {
    let tree = this.#roots.get(commit);
    for (const part of path.split("/").filter((name) => name !== "" && name !== ".")) {
      const entries: readonly TreeEntry[] = tree === undefined ? [] : (this.#entries.get(tree) ?? []);
      tree = entries.find(({ name, kind }) => name === part && kind === "folder")?.object;
    }
    return tree;
  }

  entries(tree: string): readonly TreeEntry[] {
    return this.#entries.get(tree) ?? [];
  }

  /** Files below a tree, with their paths from it. `enter` says which folders are looked into. */
  *files(tree: string, enter: (path: string) => boolean = () => true, prefix = ""): Iterable<{ path: string; object: string }> {
    for (const { name, kind, object } of this.entries(tree)) {
      const path = prefix + name;
      if (kind === "file") yield { path, object };
      else if (kind === "folder" && enter(path)) yield* this.files(object, enter, `${path}/`);
    }
  }

  /** Every tree that was read. */
  all(): Iterable<readonly [tree: string, entries: readonly TreeEntry[]]> {
    return this.#entries;
  }
}

/** `MODE NAME NUL ID`, over and over. */
function parseTree(bytes: Buffer, idBytes: number): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const blank = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, blank);
    if (blank < 0 || end < 0) break;
    const mode = bytes.toString("latin1", at, blank);
    const kind = mode === "40000" ? "folder" : mode.startsWith("100") ? "file" : "other";
    entries.push({
      name: bytes.toString("utf8", blank + 1, end),
      kind,
      object: bytes.toString("hex", end + 1, end + 1 + idBytes),
    });
    at = end + 1 + idBytes;
  }
  return entries;
}

/**
 * Texts of blobs, each handed to `take` once. Blobs that are larger than `maxBytes` or lie beyond `maxTotal` are left out.
 * @returns how many were left out
 */
export async function readBlobs(
  directory: string,
  ids: readonly string[],
  limits: { readonly maxBytes: number; readonly maxTotal: number },
  take: (id: string, bytes: Buffer) => void,
): Promise<number> {
  const unique = [...new Set(ids)];
  const sizes = await objectSizes(directory, unique);
  let total = 0;
  const wanted = unique.filter((id) => {
    const size = sizes.get(id);
    if (size === undefined || size > limits.maxBytes || total + size > limits.maxTotal) return false;
    total += size;
    return true;
  });
  const missing = await readObjects(directory, wanted, ({ id, bytes }) => take(id, bytes));
  return unique.length - wanted.length + missing;
}
