import { resolve } from "node:path";
import type { CrqDiagnostic } from "../model.ts";
import { isConflictMark } from "./conflict.ts";

/** What a path of a list is on disk. `outside`: it leads out of the folders that may be read. */
export type Found = "file" | "directory" | "missing" | "outside";

export interface ListEntry {
  readonly line: number;
  /** As it stands in the list, without `./`. */
  readonly written: string;
  /** Absolute path of the file. */
  readonly file: string;
}

export interface ReadList {
  /** The usable entries, in the order of the list. */
  readonly entries: readonly ListEntry[];
  /** `index/bad-entry`, one for each entry left out. */
  readonly problems: readonly CrqDiagnostic[];
}

const BACKUP = /(?:~|\.(?:bak|orig|old|rej|swp|swo|tmp))$|^\.?#|\.md\.\d+$/i;

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text);

/**
 * Reads a list of documents leniently: `./` is stripped, each path is looked up from the list's own folder, then from the repository
 * root. Dead, repeated, directory and backup entries are named, the rest is used.
 * @param folder absolute path of the list's folder
 * @param repository absolute path of the repository root
 */
export async function readList(
  text: string,
  where: {
    readonly file: string;
    readonly folder: string;
    readonly repository: string;
    readonly lookup: (path: string) => Promise<Found>;
  },
): Promise<ReadList> {
  const entries: ListEntry[] = [];
  const problems: CrqDiagnostic[] = [];
  const seen = new Map<string, number>();
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const written = raw.trim().replace(/^(?:\.\/)+/, "");
    if (written === "" || written.startsWith("# ")) continue;
    const bad = (why: string) =>
      problems.push({
        severity: "warning",
        rule: "index/bad-entry",
        message: `\`${shortened(written)}\` ${why}; it is left out`,
        file: where.file,
        line,
        column: 1,
      });
    if (written.includes("\0")) {
      bad("holds a NUL byte");
      continue;
    }
    if (isConflictMark(written)) {
      bad("is a mark of a merge conflict");
      continue;
    }
    if (BACKUP.test(written.split("/").at(-1) ?? written)) {
      bad("is a backup or temporary file");
      continue;
    }
    const candidates = [...new Set([resolve(where.folder, written), resolve(where.repository, written)])];
    const found = await Promise.all(candidates.map(async (file) => ({ file, is: await where.lookup(file) })));
    const hit = found.find(({ is }) => is === "file");
    if (hit !== undefined) {
      const first = seen.get(hit.file);
      if (first !== undefined) {
        bad(`repeats line ${first}`);
        continue;
      }
      seen.set(hit.file, line);
      entries.push({ line, written, file: hit.file });
    } else if (found.some(({ is }) => is === "directory")) bad("is a directory");
    else if (found.some(({ is }) => is === "outside")) bad("leads out of the repository");
    else bad("does not exist");
  }
  return { entries, problems };
}
