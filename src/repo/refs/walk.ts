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
  /** Made for the trees whose entries are looked up by name. */
  readonly #names = new Map<string, ReadonlyMap<string, TreeEntry>>();
  /** The last large tree of each beginning. */
  readonly #large = new Map<string, ReadTree>();
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
      const entries = this.#parse(bytes, id.length / 2);
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

  /** Reuses the entries of a tree that was read before, where the new one begins and ends alike: a folder of thousands of files is mostly the same on every branch. */
  #parse(bytes: Buffer, idBytes: number): readonly TreeEntry[] {
    if (bytes.length < LARGE_TREE) return parseTree(bytes, idBytes).entries;
    const key = bytes.toString("latin1", 0, 64);
    const like = this.#large.get(key);
    const tree = parseTree(bytes, idBytes, like);
    this.#large.set(key, { bytes: Buffer.from(bytes), ...tree });
    return tree.entries;
  }

  /** Whether the commit's own tree was found. */
  isKnown(commit: string): boolean {
    return this.#roots.get(commit) !== undefined;
  }

  /** The tree of a folder (`a/b`, `.` for the root) in a commit; undefined where it has none. */
  folder(commit: string, path: string): string | undefined {
    let tree = this.#roots.get(commit);
    for (const part of path.split("/").filter((name) => name !== "" && name !== ".")) {
      const entry: TreeEntry | undefined = this.entries(tree ?? "").find(({ name }) => name === part);
      tree = entry?.kind === "folder" ? entry.object : undefined;
    }
    return tree;
  }

  entries(tree: string): readonly TreeEntry[] {
    return this.#entries.get(tree) ?? [];
  }

  /** The entry of a tree with a name. */
  entry(tree: string, name: string): TreeEntry | undefined {
    let names = this.#names.get(tree);
    if (names === undefined) {
      names = new Map(this.entries(tree).map((entry) => [entry.name, entry]));
      this.#names.set(tree, names);
    }
    return names.get(name);
  }

  /** Every tree that was read. */
  all(): Iterable<readonly [tree: string, entries: readonly TreeEntry[]]> {
    return this.#entries;
  }
}

interface ReadTree {
  readonly bytes: Buffer;
  readonly entries: readonly TreeEntry[];
  /** Where each entry begins, and the end. */
  readonly offsets: readonly number[];
}

/** Bytes from which it pays to look for what two trees share. */
const LARGE_TREE = 4_096;

/** `MODE NAME NUL ID`, over and over. Entries at the beginning that a tree shares with `like` are the same objects. */
function parseTree(bytes: Buffer, idBytes: number, like?: ReadTree): Omit<ReadTree, "bytes"> {
  const shared = like === undefined ? 0 : entriesBefore(like.offsets, sharedLength(like.bytes, bytes));
  const entries = like === undefined ? [] : like.entries.slice(0, shared);
  const offsets = like === undefined ? [] : like.offsets.slice(0, shared);
  let at = like?.offsets[shared] ?? 0;
  // From where both end alike, counted from the end.
  const tail = like === undefined ? undefined : sharedTail(like, bytes, at);
  while (at < (tail?.at ?? bytes.length)) {
    const blank = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, blank);
    if (blank < 0 || end < 0) break;
    const mode = bytes.toString("latin1", at, blank);
    const kind = mode === "40000" ? "folder" : mode.startsWith("100") ? "file" : "other";
    offsets.push(at);
    entries.push({
      name: bytes.toString("utf8", blank + 1, end),
      kind,
      object: bytes.toString("hex", end + 1, end + 1 + idBytes),
    });
    at = end + 1 + idBytes;
  }
  if (like !== undefined && tail !== undefined && at === tail.at) {
    const moved = bytes.length - like.bytes.length;
    for (let index = tail.index; index < like.entries.length; index += 1) {
      const entry = like.entries[index];
      if (entry !== undefined) entries.push(entry);
      offsets.push((like.offsets[index] ?? 0) + moved);
    }
    return { entries, offsets: [...offsets, bytes.length] };
  }
  return { entries, offsets: [...offsets, at] };
}

/** The first entry of `like` from which on both trees are the same to their ends, and where it begins in `bytes`. */
function sharedTail(like: ReadTree, bytes: Buffer, from: number): { readonly index: number; readonly at: number } | undefined {
  const moved = bytes.length - like.bytes.length;
  let low = 0;
  let high = like.entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const offset = like.offsets[middle] ?? 0;
    const isSame = offset + moved >= from && offset >= from && like.bytes.subarray(offset).equals(bytes.subarray(offset + moved));
    if (isSame) high = middle;
    else low = middle + 1;
  }
  return low >= like.entries.length ? undefined : { index: low, at: (like.offsets[low] ?? 0) + moved };
}

/** Length of what two buffers begin with alike. */
function sharedLength(left: Buffer, right: Buffer): number {
  let low = 0;
  let high = Math.min(left.length, right.length);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (left.subarray(low, middle).equals(right.subarray(low, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many entries end at or before an offset. */
function entriesBefore(offsets: readonly number[], length: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= length) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
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
