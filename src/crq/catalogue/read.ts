import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { errorCode, errorText } from "../../system/error.ts";
import type { Crq, CrqDiagnostic } from "../model.ts";
import { decodeCrq, MAX_CRQ_BYTES, parseCrq } from "../parse.ts";
import { byCodePoint, type Catalogue, type CatalogueEntry, entryOf, INDEX_FILE } from "./catalogue.ts";
import type { Found } from "./list.ts";

/** More files than any CRQ folder has; a wrong folder in the configuration must not read a whole disk. */
const MAX_FILES = 5_000;

/**
 * Reads every CRQ under `folder` of a repository (reports, hidden folders and links are left out). A missing folder is an empty
 * catalogue; a file that is not text is a problem, the others are still read.
 */
export async function readCatalogue(repository: string, folder: string): Promise<Catalogue> {
  const problems: CrqDiagnostic[] = [];
  const entries: CatalogueEntry[] = [];
  const others: string[] = [];
  const paths = await filesUnder(join(repository, folder));
  if (paths.length > MAX_FILES)
    problems.push(unreadable(folder, `more than ${MAX_FILES} files; is \`crqs\` in crq-agent.toml right? the rest is skipped`));
  for (const path of paths.slice(0, MAX_FILES).sort(byCodePoint)) {
    const name = path.split("/").at(-1) ?? path;
    if (!/\.(?:md|markdown)$/i.test(name) || path === INDEX_FILE) {
      others.push(path);
      continue;
    }
    const read = await readCrqFile(join(repository, folder, path), `${folder}/${path}`);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    const entry = entryOf(path, read.crq);
    if (entry === undefined) others.push(path);
    else entries.push(entry);
  }
  return { folder, entries, others, problems };
}

/** Reads and parses one CRQ file; `shownAs` is its path in diagnostics. */
export async function readCrqFile(
  file: string,
  shownAs: string,
): Promise<{ readonly crq: Crq } | { readonly problem: CrqDiagnostic }> {
  try {
    const { size } = await stat(file);
    if (size > MAX_CRQ_BYTES)
      return {
        problem: unreadable(shownAs, `${size} bytes are more than the ${MAX_CRQ_BYTES} a CRQ may have; the file is skipped`),
      };
    const decoded = decodeCrq(shownAs, await readFile(file));
    return "problem" in decoded ? decoded : { crq: parseCrq(shownAs, decoded.source) };
  } catch (error) {
    return { problem: unreadable(shownAs, `cannot be read: ${errorText(error)}`) };
  }
}

/** What an entry of a list is on disk; links that lead out of both folders do not count as found. */
export function listLookup(...roots: readonly string[]): (path: string) => Promise<Found> {
  return async (path) => {
    try {
      const [real, ...realRoots] = await Promise.all([realpath(path), ...roots.map((root) => realpath(root))]);
      if (real === undefined || !realRoots.some((root) => isInside(root, real))) return "outside";
      const found = await stat(real);
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
