import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { type Catalogue, entryOf, findCrq } from "../../../crq/catalogue/catalogue.ts";
import { readCrqFile } from "../../../crq/catalogue/read.ts";
import type { Crq, CrqDiagnostic } from "../../../crq/model.ts";
import { decodeCrq } from "../../../crq/parse.ts";
import { errorCode, errorText } from "../../../system/error.ts";

/** Name of a document that came through a pipe. */
export const STDIN = "<stdin>";

export interface Arguments {
  /** Text by path from the repository root. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files that are not text. */
  readonly unreadable: readonly CrqDiagnostic[];
  /** Arguments that mean nothing: exit 2, after the others were linted. */
  readonly wrong: readonly CrqDiagnostic[];
  /** The whole CRQ folder is meant, its lists too. */
  readonly whole: boolean;
}

export interface ArgumentPlace {
  readonly root: string;
  readonly cwd: string;
  readonly catalogue: Catalogue;
  readonly parse: (path: string, source: string) => Crq;
  readonly stdin: AsyncIterable<Buffer | string>;
}

/**
 * What is to be linted: files, folders (the CRQs below them), ids, `-` for stdin; nothing at all is the CRQ folder with its lists. One bad
 * argument does not keep the others from being linted.
 */
export async function readArguments(given: readonly string[], place: ArgumentPlace): Promise<Arguments> {
  const { root, cwd, catalogue, parse } = place;
  const texts = new Map<string, string>();
  const unreadable: CrqDiagnostic[] = [];
  const wrong: CrqDiagnostic[] = [];
  const realRoot = await realpath(root);
  let whole = given.length === 0;
  const take = async (file: string, path: string): Promise<void> => {
    const read = await readCrqFile(file, path, parse);
    if ("problem" in read) unreadable.push(read.problem);
    else texts.set(path, read.crq.source);
  };
  for (const argument of given) {
    const refuse = (message: string) =>
      wrong.push({ severity: "error", rule: "crq-agent", message, file: argument, line: 1, column: 1 });
    if (argument === "-") {
      const decoded = decodeCrq(STDIN, await bytesOf(place.stdin));
      if ("problem" in decoded) unreadable.push(decoded.problem);
      else texts.set(STDIN, decoded.source);
      continue;
    }
    const found = await realpath(resolve(cwd, argument)).catch((error: unknown) => {
      if (errorCode(error) !== "ENOENT") refuse(`cannot be read (${errorText(error)})`);
      return undefined;
    });
    if (found === undefined) {
      if (wrong.at(-1)?.file === argument) continue;
      const named = findCrq(catalogue, argument);
      if (named.kind === "found") texts.set(named.entry.crq.path, named.entry.crq.source);
      else if (named.kind === "ambiguous") refuse(`names several CRQs: ${named.candidates.join(", ")}; give a path`);
      else if (named.kind === "unknown") refuse(`${named.id} does not exist in ${catalogue.folder}/`);
      else refuse("cannot be read: there is no such file or folder");
      continue;
    }
    const path = relative(realRoot, found).split(sep).join("/");
    if (path.startsWith("../") || path === ".." || isAbsolute(path)) {
      refuse(
        `lies outside the repository ${root}, against which paths, policy and lists are judged; give its own with --repo DIR, or pipe the text: crq-agent lint -`,
      );
    } else if (path === catalogue.folder) whole = true;
    else if ((await stat(found)).isDirectory()) {
      const inside = await crqsBelow(found, path, parse);
      for (const [name, source] of inside.texts) texts.set(name, source);
      unreadable.push(...inside.unreadable);
      if (inside.texts.size + inside.unreadable.length === 0) refuse("there is no CRQ below this folder");
    } else await take(found, path);
  }
  if (whole) for (const { crq } of catalogue.entries) texts.set(crq.path, crq.source);
  return { texts, unreadable, wrong, whole };
}

/** Markdown files below a folder that are CRQs by name, H1 or block. */
async function crqsBelow(
  folder: string,
  path: string,
  parse: ArgumentPlace["parse"],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly unreadable: readonly CrqDiagnostic[] }> {
  const texts = new Map<string, string>();
  const unreadable: CrqDiagnostic[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(?:md|markdown)$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((name) => !name.split("/").some((part) => part.startsWith(".") || part === "node_modules" || part === "reports"))
    .sort();
  for (const name of files) {
    const shown = path === "" ? name : `${path}/${name}`;
    const read = await readCrqFile(join(folder, name), shown, parse);
    if ("problem" in read) unreadable.push(read.problem);
    else if (entryOf(name, read.crq) !== undefined) texts.set(shown, read.crq.source);
  }
  return { texts, unreadable };
}

async function bytesOf(stream: AsyncIterable<Buffer | string>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
