import { createHash } from "node:crypto";
import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { basename, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { externalSource, isExternal } from "../../system/source-name.ts";
import { decodeText } from "../tracked-tree.ts";

/** Finds and reads the documents that a drafter may quote, within a budget; what is left out is said. */

export interface ReadDocument {
  /** Relative to the root; outside of it `external:` with the name of the folder that was given. */
  readonly source: string;
  readonly text: string;
  /** Of the bytes on disk, hex. */
  readonly sha256: string;
}

export interface DocumentBudget {
  readonly files: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files. */
  readonly bytes: number;
}

export const DOCUMENT_BUDGET: DocumentBudget = { files: 200, fileBytes: 1024 * 1024, bytes: 8 * 1024 * 1024 };

const TEXT = new Set([".md", ".markdown", ".mdx", ".txt", ".rst", ".adoc", ".org"]);
const SKIPPED_FOLDERS = new Set([".git", "target", "node_modules", "result", ".direnv"]);
const MAX_DEPTH = 8;

interface Found {
  readonly path: string;
  readonly source: string;
}

/** Paths of documents below a path, sorted; links that lead out of the place they stand in are not followed. */
async function find(path: string, depth: number, nameOf: (path: string) => string, leftOut: string[]): Promise<readonly Found[]> {
  const info = await lstat(path).catch(() => undefined);
  if (!info) {
    leftOut.push(`${nameOf(path)}: does not exist`);
    return [];
  }
  if (info.isFile()) return [{ path, source: nameOf(path) }];
  if (!info.isDirectory()) return [];
  if (depth > MAX_DEPTH) {
    leftOut.push(`${nameOf(path)}: deeper than ${MAX_DEPTH} folders`);
    return [];
  }
  const entries = await readdir(path, { withFileTypes: true });
  const found: Found[] = [];
  const others = new Map<string, number>();
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = join(path, entry.name);
    const ending = extname(entry.name).toLowerCase();
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) found.push(...(await find(below, depth + 1, nameOf, leftOut)));
    else if (entry.isFile() && TEXT.has(ending)) found.push({ path: below, source: nameOf(below) });
    else if (entry.isFile()) others.set(ending, (others.get(ending) ?? 0) + 1);
  }
  for (const [ending, count] of others)
    leftOut.push(
      `${nameOf(path)}: ${count} ${count === 1 ? "file" : "files"} ${ending === "" ? "without an ending" : `*${ending}`}, which is no document that is read`,
    );
  return found;
}

/** A folder or file that was given, and how facts name what is in it. */
interface DocumentPlace {
  readonly path: string;
  readonly nameOf: (path: string) => string;
}

function documentPlace(path: string, root: string): DocumentPlace {
  const slashes = (below: string): string => below.split(sep).join("/");
  const inside = relative(root, path);
  if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside))
    return { path, nameOf: (below) => slashes(relative(root, below)) };
  return { path, nameOf: (below) => externalSource(basename(path), slashes(relative(path, below))) };
}

/** READMEs of a folder, by any spelling. */
async function readmes(root: string): Promise<readonly Found[]> {
  const names = await readdir(root).catch((): string[] => []);
  return names
    .filter((name) => /^readme(?:\.(?:md|markdown|txt|rst))?$/i.test(name))
    .sort()
    .map((name) => ({ path: join(root, name), source: name }));
}

/** @param paths folders and files; none: the root's `docs` folder. READMEs of the root are always read. */
export async function readDocuments(
  paths: readonly string[],
  root: string,
  budget: DocumentBudget = DOCUMENT_BUDGET,
): Promise<{ readonly documents: readonly ReadDocument[]; readonly leftOut: readonly string[] }> {
  const leftOut: string[] = [];
  const real = await realpath(root);
  const given =
    paths.length > 0
      ? paths.map((path) => resolve(root, path))
      : (await readdir(root)).includes("docs")
        ? [join(root, "docs")]
        : [];
  const places = given.map((path) => documentPlace(path, root));
  const listed = (await Promise.all(places.map(({ path, nameOf }) => find(path, 0, nameOf, leftOut)))).flat();
  const found = [...new Map([...listed, ...(await readmes(root))].map((one) => [one.path, one])).values()];
  const documents: ReadDocument[] = [];
  let bytes = 0;
  for (const { path, source } of found) {
    const info = await lstat(path);
    if (!info.isFile() || (!isExternal(source) && !(await realpath(path)).startsWith(real + sep))) {
      leftOut.push(`${source}: leads out of the repository`);
    } else if (info.size > budget.fileBytes)
      leftOut.push(`${source}: ${info.size} bytes are more than the ${budget.fileBytes} a document may have`);
    else if (documents.length >= budget.files) leftOut.push(`${source}: ${budget.files} documents had been read before it`);
    else if (bytes + info.size > budget.bytes)
      leftOut.push(`${source}: ${budget.bytes} bytes of documents had been read before it`);
    else {
      const data = await readFile(path);
      bytes += data.length;
      if (data.includes(0)) leftOut.push(`${source}: is no text`);
      else documents.push({ source, text: decodeText(data).text, sha256: createHash("sha256").update(data).digest("hex") });
    }
  }
  return { documents, leftOut };
}
