import { createHash } from "node:crypto";
import { git, tryGit } from "../system/git.ts";

/**
 * The files of one commit, read from git's object store. Nothing is read through the checkout: what is not committed is not seen, a
 * symlink is never followed, and no filter or hook of the repository runs.
 */

export interface TrackedEntry {
  /** Relative to the repository; bytes that are no UTF-8 appear as U+FFFD. */
  readonly path: string;
  readonly kind: "file" | "symlink" | "submodule";
  readonly executable: boolean;
  readonly object: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
}

export interface TrackedText {
  /** Of the bytes, hex. */
  readonly sha256: string;
  readonly text: string;
  /** Whether the bytes were valid UTF-8; a text that was not must not be written back. */
  readonly valid: boolean;
}

/** Files larger than this are listed but never read. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** Bytes that one tree reads in all; what lies beyond is reported by `skipped`. */
export const MAX_TREE_BYTES = 64 * 1024 * 1024;

const utf8 = new TextDecoder("utf-8", { fatal: true });
const lossy = new TextDecoder("utf-8");

/** UTF-8 with a byte order mark dropped; invalid bytes become U+FFFD and `valid` is false. */
export function decodeText(bytes: Uint8Array): TrackedText {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    return { sha256, text: utf8.decode(bytes), valid: true };
  } catch {
    return { sha256, text: lossy.decode(bytes), valid: false };
  }
}

export class TrackedTree {
  readonly head: string;
  readonly entries: readonly TrackedEntry[];
  /** Files that were wanted but not read, each with its reason. */
  readonly skipped: string[] = [];
  readonly #directory: string;
  readonly #git: string | undefined;
  readonly #byPath: ReadonlyMap<string, TrackedEntry>;
  readonly #texts = new Map<string, TrackedText>();
  #bytes = 0;

  constructor(directory: string, gitProgram: string | undefined, head: string, entries: readonly TrackedEntry[]) {
    this.#directory = directory;
    this.#git = gitProgram;
    this.head = head;
    this.entries = entries;
    this.#byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  entry(path: string): TrackedEntry | undefined {
    return this.#byPath.get(path);
  }

  /** A folder that holds at least one tracked file. */
  hasFolder(path: string): boolean {
    return path === "." ? this.entries.length > 0 : this.entries.some((entry) => entry.path.startsWith(`${path}/`));
  }

  /** Text of a regular file, if it was small enough to be read. Call `load` first for many files. */
  async text(path: string): Promise<TrackedText | undefined> {
    await this.load([path]);
    return this.#texts.get(path);
  }

  /** Reads the given files in one git process; unknown paths, links, large files and files beyond the budget are left out. */
  async load(paths: readonly string[]): Promise<void> {
    const wanted: TrackedEntry[] = [];
    for (const path of new Set(paths)) {
      const entry = this.#byPath.get(path);
      if (entry?.kind !== "file" || this.#texts.has(path)) continue;
      if (entry.size > MAX_FILE_BYTES) this.#skip(`${path} is larger than 1 MiB (${entry.size} bytes) and was not read`);
      else if (this.#bytes + entry.size > MAX_TREE_BYTES)
        this.#skip(`${path} was not read: 64 MiB of sources had been read before it`);
      else {
        this.#bytes += entry.size;
        wanted.push(entry);
      }
    }
    if (wanted.length === 0) return;
    const blobs = splitBatch(await this.#batch(wanted));
    for (const entry of wanted) {
      const bytes = blobs.get(entry.object);
      if (bytes) this.#texts.set(entry.path, decodeText(bytes));
      else this.#skip(`${entry.path} was not read: its object ${entry.object} is missing from this repository`);
    }
  }

  #skip(reason: string): void {
    if (!this.skipped.includes(reason)) this.skipped.push(reason);
  }

  async #batch(entries: readonly TrackedEntry[]): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await git(["cat-file", "--batch"], {
      cwd: this.#directory,
      ...(this.#git !== undefined && { git: this.#git }),
      stdin: entries.map((entry) => `${entry.object}\n`).join(""),
      maxOutputBytes: 0,
      onStdout: (chunk) => chunks.push(chunk),
    });
    return Buffer.concat(chunks);
  }
}

/** `git cat-file --batch`: `OID TYPE SIZE LF BYTES LF` for each object, `OID missing LF` for an unknown one. */
function splitBatch(output: Buffer): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  let at = 0;
  while (at < output.length) {
    const lineEnd = output.indexOf(0x0a, at);
    if (lineEnd < 0) break;
    const [object, type, size] = output.subarray(at, lineEnd).toString("latin1").split(" ");
    at = lineEnd + 1;
    if (object === undefined || type === "missing" || size === undefined) continue;
    const length = Number(size);
    blobs.set(object, output.subarray(at, at + length));
    at += length + 1;
  }
  return blobs;
}

const ENTRY = /^(?<mode>\d{6}) \S+ (?<object>[0-9a-f]+) +(?<size>\d+|-)\t(?<path>[\s\S]+)$/;

/** Lists what `ref` holds, sorted by path (code units). Throws a GitError where there is no such commit. */
export async function readTree(directory: string, ref: string, gitProgram?: string): Promise<TrackedTree> {
  const place = { cwd: directory, ...(gitProgram !== undefined && { git: gitProgram }) };
  const head = (await git(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`], place)).trim();
  const chunks: Buffer[] = [];
  await git(["ls-tree", "-r", "-l", "-z", "--full-tree", head], {
    ...place,
    maxOutputBytes: 0,
    onStdout: (chunk) => chunks.push(chunk),
  });
  const entries: TrackedEntry[] = [];
  for (const record of Buffer.concat(chunks).toString("utf8").split("\0")) {
    const { mode, object, size, path } = ENTRY.exec(record)?.groups ?? {};
    if (mode === undefined || object === undefined || path === undefined) continue;
    const kind = mode === "120000" ? "symlink" : mode === "160000" ? "submodule" : "file";
    entries.push({ path, kind, executable: mode === "100755", object, size: Number(size) || 0 });
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return new TrackedTree(directory, gitProgram, head, entries);
}

/** Paths present in the checkout that differ from HEAD or are unknown to it, sorted; ignored files are not among them. */
export async function uncommittedPaths(directory: string, gitProgram?: string): Promise<readonly string[]> {
  const finished = await tryGit(
    ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all"],
    {
      cwd: directory,
      ...(gitProgram !== undefined && { git: gitProgram }),
    },
  );
  if (finished.exit !== 0) return [];
  const paths = finished.stdout
    .split("\0")
    .filter((record) => record.length > 3)
    .map((record) => record.slice(3));
  return [...new Set(paths)].sort();
}

/** The rule of a tracked ignore file that keeps `path` out of git, if there is one. Personal excludes do not count: nobody else has them. */
export async function ignoreRule(
  directory: string,
  path: string,
  gitProgram?: string,
): Promise<{ readonly file: string; readonly line: number; readonly pattern: string } | undefined> {
  const finished = await tryGit(["check-ignore", "--verbose", "--no-index", "-z", "--stdin"], {
    cwd: directory,
    stdin: `${path}\0`,
    ...(gitProgram !== undefined && { git: gitProgram }),
  });
  const [file, line, pattern] = finished.exit === 0 ? finished.stdout.split("\0") : [];
  if (file === undefined || pattern === undefined || pattern.startsWith("!") || file.startsWith("/") || file.startsWith(".git/"))
    return undefined;
  return { file, line: Number(line), pattern };
}

/** `path:12` for the first line that a pattern matches, `path` where none does: a fact names the line it stands on. */
export function sourceLine(path: string, text: string, pattern: RegExp): string {
  const index = text.split(/\r?\n/).findIndex((line) => pattern.test(line));
  return index < 0 ? path : `${path}:${index + 1}`;
}
