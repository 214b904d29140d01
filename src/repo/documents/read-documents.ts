import { createHash } from "node:crypto";
import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { decodeText } from "../tracked-tree.ts";

/** Finds and reads the documents that a drafter may quote, within a budget; what is left out is said. */

export interface ReadDocument {
  /** Relative to the root, or as given when outside of it. */
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

/** Paths of documents below a path, sorted; links that lead out of the place they stand in are not followed. */
async function find(path: string, depth: number, leftOut: string[]): Promise<readonly string[]> {
  const info = await lstat(path).catch(() => undefined);
  if (!info) {
    leftOut.push(`${path}: does not exist`);
    return [];
  }
  if (info.isFile()) return [path];
  if (!info.isDirectory()) return [];
  if (depth > MAX_DEPTH) {
    leftOut.push(`${path}: deeper than ${MAX_DEPTH} folders`);
    return [];
  }
  const entries = await readdir(path, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = join(path, entry.name);
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) found.push(...(await find(below, depth + 1, leftOut)));
    else if (entry.isFile() && TEXT.has(extname(entry.name).toLowerCase())) found.push(below);
  }
  return found;
}

/** READMEs of a folder, by any spelling. */
async function readmes(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch((): string[] => []);
  return names
    .filter((name) => /^readme(?:\.(?:md|markdown|txt|rst))?$/i.test(name))
    .sort()
    .map((name) => join(root, name));
}

/** @param paths folders and files; none: the root's `docs` folder. READMEs of the root are always read. */
export async function readDocuments(
  paths: readonly string[],
  root: string,
  budget: DocumentBudget = DOCUMENT_BUDGET,
): Promise<{ readonly documents: readonly ReadDocument[]; readonly leftOut: readonly string[] }> {
  const leftOut: string[] = [];
  const real = await realpath(root);
  const places =
    paths.length > 0
      ? paths.map((path) => resolve(root, path))
      : (await readdir(root)).includes("docs")
        ? [join(root, "docs")]
        : [];
  const found = [
    ...new Set([...(await Promise.all(places.map((path) => find(path, 0, leftOut)))).flat(), ...(await readmes(root))]),
  ];
  const documents: ReadDocument[] = [];
  let bytes = 0;
  for (const path of found) {
    const source = sourceName(path, root);
    const info = await lstat(path);
    if (!info.isFile() || (source !== path && !(await realpath(path)).startsWith(real + sep))) {
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
  return { documents, leftOut: leftOut.map((reason) => reason.replaceAll(`${root}${sep}`, "")) };
}

function sourceName(path: string, root: string): string {
  const inside = relative(root, path);
  return inside.startsWith("..") || isAbsolute(inside) ? path : inside.split(sep).join("/");
}
