import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { errorCode, errorText } from "../../system/error.ts";
import type { Crq, CrqDiagnostic } from "../model.ts";
import { type CrqHead, readHead } from "../parse/head.ts";
import { decodeCrq, MAX_CRQ_BYTES, parseCrq } from "../parse.ts";
import { byCodePoint, type Catalogue, type CatalogueEntry, entryOf, INDEX_FILE, knownEntry } from "./catalogue.ts";
import type { Found } from "./list.ts";
import { type Remembered, rememberedSummaries } from "./remembered.ts";
import { summaryOf } from "./summary.ts";

/** More files than any CRQ folder has; a wrong folder in the configuration must not read a whole disk. */
const MAX_FILES = 5_000;

/** Fewer documents are parsed before anybody notices; nothing of them is kept. */
const MANY_FILES = 20;

/** Files that are open at one time. */
const AT_ONCE = 64;

/**
 * Reads every CRQ under `folder` of a repository (reports, hidden folders and links are left out). A missing folder is an empty
 * catalogue; a file that is not text is a problem, the others are still read.
 * @param cache the user's cache folder: documents that did not change since the last run are then not parsed again until their text is
 *   asked for
 * @param parse for a caller that keeps what was read beside the model
 */
export async function readCatalogue(
  repository: string,
  folder: string,
  cache?: string,
  parse: Parse = parseCrq,
): Promise<Catalogue> {
  const problems: CrqDiagnostic[] = [];
  const entries: CatalogueEntry[] = [];
  const others: string[] = [];
  const all = await filesUnder(join(repository, folder));
  if (all.length > MAX_FILES)
    problems.push(unreadable(folder, `more than ${MAX_FILES} files; is \`crqs\` in crq-agent.toml right? the rest is skipped`));
  const paths = all.slice(0, MAX_FILES).sort(byCodePoint);
  const isDocument = (path: string): boolean => /\.(?:md|markdown)$/i.test(path) && path !== INDEX_FILE;
  const remembered =
    cache === undefined || paths.length < MANY_FILES ? undefined : await rememberedSummaries(cache, repository, folder);
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE);
    const read = await Promise.all(
      some.map((path) => (isDocument(path) ? readText(join(repository, folder, path), `${folder}/${path}`) : undefined)),
    );
    for (const [index, path] of some.entries()) {
      const text = read[index];
      if (text !== undefined && "problem" in text) {
        problems.push(text.problem);
        continue;
      }
      const entry = text && entryFor(path, `${folder}/${path}`, text, remembered, parse);
      if (entry === undefined) others.push(path);
      else entries.push(entry);
    }
  }
  await remembered?.save();
  return { folder, entries, others, problems };
}

type Parse = (path: string, source: string) => Crq;

interface ReadText {
  readonly source: string;
  readonly bytes: Uint8Array;
}

function entryFor(
  path: string,
  shownAs: string,
  { source, bytes }: ReadText,
  remembered: Remembered | undefined,
  parse: Parse,
): CatalogueEntry | undefined {
  const summary = remembered?.get(bytes);
  if (summary !== undefined) return knownEntry(path, shownAs, source, summary);
  const crq = parse(shownAs, source);
  remembered?.add(bytes, summaryOf(crq));
  return entryOf(path, crq);
}

/** Reads and parses one CRQ file; `shownAs` is its path in diagnostics. */
export async function readCrqFile(
  file: string,
  shownAs: string,
  parse: Parse = parseCrq,
): Promise<{ readonly crq: Crq } | { readonly problem: CrqDiagnostic }> {
  const text = await readText(file, shownAs);
  return "problem" in text ? text : { crq: parse(shownAs, text.source) };
}

/** H1 and metadata block of a file, read with as little parsing as they need; undefined where it is no text. */
export async function readCrqHead(file: string, shownAs: string): Promise<CrqHead | undefined> {
  const text = await readText(file, shownAs);
  return "problem" in text ? undefined : readHead(shownAs, text.source);
}

async function readText(file: string, shownAs: string): Promise<ReadText | { readonly problem: CrqDiagnostic }> {
  try {
    const { size } = await stat(file);
    if (size > MAX_CRQ_BYTES)
      return {
        problem: unreadable(shownAs, `${size} bytes are more than the ${MAX_CRQ_BYTES} a CRQ may have; the file is skipped`),
      };
    const bytes = await readFile(file);
    const decoded = decodeCrq(shownAs, bytes);
    return "problem" in decoded ? decoded : { source: decoded.source, bytes };
  } catch (error) {
    return { problem: unreadable(shownAs, `cannot be read: ${errorText(error)}`) };
  }
}

/** What an entry of a list is on disk; links that lead out of both folders do not count as found. */
export function listLookup(...roots: readonly string[]): (path: string) => Promise<Found> {
  let realRoots: Promise<readonly string[]> | undefined;
  // A list may hold a hundred thousand dead entries; one look at their folder tells.
  const folders = new Map<string, Promise<ReadonlySet<string> | undefined>>();
  const namesIn = (folder: string): Promise<ReadonlySet<string> | undefined> => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const names = readdir(folder).then(
      (all) => new Set(all.map((name) => name.toLowerCase())),
      () => undefined,
    );
    folders.set(folder, names);
    return names;
  };
  return async (path) => {
    try {
      const names = await namesIn(dirname(path));
      // A folder that may not be listed may still be entered.
      if (names !== undefined && basename(path) !== "" && !names.has(basename(path).toLowerCase())) return "missing";
      const found = await stat(path);
      realRoots ??= Promise.all(roots.map((root) => realpath(root)));
      const [real, inside] = [await realpath(path), await realRoots];
      if (!inside.some((root) => isInside(root, real))) return "outside";
      return found.isDirectory() ? "directory" : found.isFile() ? "file" : "missing";
    } catch (error) {
      if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES"].includes(errorCode(error) ?? "")) return "missing";
      throw error;
    }
  };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (!way.startsWith(`..${sep}`) && way !== ".." && !isAbsolute(way));
}

async function filesUnder(directory: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string, prefix: string): Promise<void> => {
    if (files.length > MAX_FILES) return;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = prefix + entry.name;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && !entry.name.startsWith(".") && path !== "reports")
        await walk(join(folder, entry.name), `${path}/`);
    }
  };
  try {
    await walk(directory, "");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
  return files;
}

function unreadable(file: string, message: string): CrqDiagnostic {
  return { severity: "error", rule: "structure/unreadable", message, file, line: 1, column: 1 };
}
