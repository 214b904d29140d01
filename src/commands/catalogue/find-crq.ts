import { existsSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { didYouMean } from "../../agent/text/nearest.ts";
import { type Catalogue, type CatalogueEntry, entryOf, findCrq, isSameId } from "../../crq/catalogue/catalogue.ts";
import { readCatalogue, readCrqFile } from "../../crq/catalogue/read.ts";
import { summaryOf } from "../../crq/catalogue/summary.ts";
import { readFileName } from "../../crq/ids.ts";
import type { Crq, CrqDiagnostic } from "../../crq/model.ts";
import { CommandError } from "../wiring/context.ts";
import { inRealFolder } from "../wiring/without-links.ts";

export interface FoundCrq {
  readonly crq: Crq;
  /** Absolute. */
  readonly file: string;
  /** Inside the repository; a CRQ from elsewhere is given a place in the CRQ folder. */
  readonly path: string;
}

/**
 * The CRQ a person means: an id, a bare number, or a path (seen from where they stand, or from the repository).
 * @param source the documents, where they were read just now; else the cache folder that saves parsing what did not change
 * @throws CommandError (exit 2) that names candidates or what was looked for
 */
export async function locateCrq(
  argument: string,
  cwd: string,
  root: string,
  folder: string,
  source: { readonly known?: Catalogue; readonly cache?: string } = {},
): Promise<FoundCrq> {
  const fromPath = [resolve(cwd, argument), resolve(root, argument)].find(
    (path) => /\.(?:md|markdown)$/iu.test(path) && existsSync(path),
  );
  if (fromPath !== undefined) return read(fromPath, root, folder);
  const catalogue = source.known ?? (await readCatalogue(root, folder, source.cache));
  const found = findCrq(catalogue, argument);
  switch (found.kind) {
    case "found":
      return read(join(root, folder, found.entry.path), root, folder);
    case "path":
      throw new CommandError(
        "unknown-crq",
        `${argument}: no such file, and no id of a CRQ; give an id (CRQ-001), a number or a path${didYouMean(nameOf(argument), namesOf(catalogue))}`,
      );
    case "ambiguous":
      throw new CommandError("ambiguous-name", `${argument} names several CRQs: ${found.candidates.join(", ")}; give a path`);
    case "unknown": {
      // A file that cannot be read is not "not there": its name tells whose it is.
      const unreadable = catalogue.problems.find(({ file }) => isSameId(readFileName(basename(file))?.id ?? "", found.id));
      if (unreadable) throw cannotBeRead(unreadable.file, unreadable);
      throw new CommandError(
        "unknown-crq",
        `${found.id} does not exist in ${folder}/; ${found.known.length > 0 ? `there are ${found.known.slice(0, 10).join(", ")}` : "the folder holds no CRQ; write one with `crq-agent draft`"}`,
      );
    }
  }
}

const nameOf = (argument: string): string => basename(argument).replace(/\.(?:md|markdown)$/iu, "");

/** What a person may have begun to write: the ids, the names of files, and these without their id. */
const namesOf = ({ entries }: Catalogue): readonly string[] =>
  entries.flatMap(({ id, path }) => [...(id === undefined ? [] : [id]), nameOf(path), nameOf(path).replace(/^CRQ-\d+-/iu, "")]);

/** The same as an entry of a catalogue that is read already. */
export async function entryFor(
  argument: string,
  cwd: string,
  root: string,
  folder: string,
  catalogue: Catalogue,
): Promise<CatalogueEntry> {
  const { crq, path } = await locateCrq(argument, cwd, root, folder, { known: catalogue });
  const inside = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
  return (
    catalogue.entries.find((entry) => `${folder}/${entry.path}` === path) ??
    entryOf(inside, crq) ?? { path: inside, source: crq.source, summary: summaryOf(crq), crq, id: undefined }
  );
}

const cannotBeRead = (file: string, { message, line, column, ...rest }: CrqDiagnostic): CommandError =>
  new CommandError("bad-crq", `${file}:${line}:${column}: ${message}`, [{ message, line, column, ...rest }]);

async function read(named: string, root: string, folder: string): Promise<FoundCrq> {
  const file = await inRealFolder(named);
  const inside = relative(root, file);
  const path = inside.startsWith("..") ? join(folder, file.slice(file.lastIndexOf("/") + 1)) : inside;
  const result = await readCrqFile(file, path);
  if ("problem" in result) throw cannotBeRead(file, result.problem);
  return { crq: result.crq, file, path };
}
