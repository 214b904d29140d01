import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import type { Config } from "../../config.ts";
import type { Catalogue } from "../../crq/catalogue/catalogue.ts";
import { readList } from "../../crq/catalogue/list.ts";
import { listLookup, readCrqHead } from "../../crq/catalogue/read.ts";
import { documentId, formatId, numberOf, readFileName } from "../../crq/ids.ts";
import type { CrqDiagnostic } from "../../crq/model.ts";
import { describeMention, type Mention } from "../../crq/numbering.ts";
import { numbersInUse } from "../../jobs/facts/numbers/numbers.ts";
import type { ExistingCrq } from "../../tools/contract.ts";
import { CommandError } from "../wiring/context.ts";

/** A list of documents that somebody else may keep: what it says of numbers, and what had to be left out of it. */
export interface ForeignList {
  /** Names of the documents, and the ids that stand in them. */
  readonly mentions: readonly Mention[];
  /** The documents that could be read and have an id, each number once. */
  readonly documents: readonly ExistingCrq[];
  readonly problems: readonly CrqDiagnostic[];
}

/** Larger files are no lists. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Documents of a list that are opened for their titles, and for ids that their names do not tell; the others count by their names. */
const MAX_OPENED = { all: 200, nameless: 2_000 };

/** @throws CommandError (exit 2) where the file is no list at all */
export async function readForeignList(file: string, root: string): Promise<ForeignList> {
  const bytes = await readFile(file).catch(() => {
    throw new CommandError("unreadable-file", `${file}: cannot be read; give the list of CRQs with --list FILE, or leave it out`);
  });
  if (bytes.length > MAX_LIST_BYTES)
    throw new CommandError(
      "bad-list",
      `${file}: ${bytes.length} bytes are more than the ${MAX_LIST_BYTES} a list may have; is it the list?`,
    );
  const nul = bytes.indexOf(0);
  if (nul >= 0)
    throw new CommandError("bad-list", `${file}: a NUL byte at offset ${nul}: this is no list of files, one path a line`);
  const folder = dirname(file);
  const shown = relative(root, file);
  const { entries, problems } = await readList(bytes.toString("utf8"), {
    file: shown,
    folder,
    repository: root,
    lookup: listLookup(folder, root),
  });
  const mentions: Mention[] = [];
  const documents = new Map<number, ExistingCrq>();
  let opened = 0;
  for (const { written, file: path, line } of entries) {
    mentions.push({ origin: "list", name: written, where: `in ${shown}:${line}` });
    const isNamed = readFileName(path.split("/").at(-1) ?? path)?.id !== undefined;
    const opens = /\.(?:md|markdown)$/i.test(path) && opened < (isNamed ? MAX_OPENED.all : MAX_OPENED.nameless);
    if (opens) opened += 1;
    const head = opens ? await readCrqHead(path, written) : undefined;
    const id = documentId({ block: head?.metadata?.id, title: head?.title?.id, fileName: path.split("/").at(-1) ?? path });
    if (id === undefined) continue;
    const number = numberOf(id);
    const { title, metadata } = head ?? {};
    if (number !== undefined && !documents.has(number))
      documents.set(number, {
        id,
        title: metadata?.title ?? title?.text ?? "",
        status: metadata?.status,
        kind: metadata?.kind,
      });
    mentions.push({ origin: "document", name: id, where: `${written} in ${shown}:${line}` });
  }
  return { mentions, documents: [...documents.values()], problems };
}

/** The list that `list` of crq-agent.toml names, if it names one. */
export async function listOfSettings(root: string, { list }: Config): Promise<ForeignList | undefined> {
  return list === undefined ? undefined : readForeignList(resolve(root, list), root);
}

/** The first bad entries by name, the others by their number: a list may be larger than anybody reads. */
export function notesOfList(problems: readonly CrqDiagnostic[], limit = 20): readonly string[] {
  const shown = problems.slice(0, limit).map(({ file, line, message }) => `${file}:${line}: ${message}`);
  const [first] = problems;
  return problems.length > limit && first
    ? [
        ...shown,
        `${first.file}: ${problems.length - limit} more entries were left out; \`grep\` for what is wrong with them, or mend the list`,
      ]
    : shown;
}

/** The id of a new document: the wished one when it is free, else the number after the highest in use. `notes` are for the person. */
export async function allocate(
  root: string,
  crqFolder: string,
  catalogue: Catalogue,
  listed: readonly Mention[],
  options: { readonly id?: string; readonly unnumbered?: boolean },
): Promise<{ readonly id: string; readonly notes: readonly string[] }> {
  if (options.unnumbered) return { id: "CRQ-XXX", notes: [] };
  const wanted = options.id === undefined ? undefined : numberOf(options.id);
  if (options.id !== undefined && (wanted === undefined || wanted === 0 || !/\d{3}/.test(options.id)))
    throw new CommandError("bad-id", `--id ${options.id}: an id is CRQ- and three to seven digits, from CRQ-001`);
  const { next, notes } = await numbersInUse(root, crqFolder, catalogue, listed);
  if (wanted !== undefined) {
    const user = typeof next === "string" ? undefined : next.taken.get(wanted);
    if (user !== undefined && typeof next !== "string")
      throw new CommandError(
        "number-taken",
        `--id ${options.id}: this number is taken (${describeMention(user)}); the next free one is ${next.id}`,
      );
    return { id: formatId(wanted), notes };
  }
  if (typeof next === "string") throw new CommandError("no-number", next);
  return { id: next.id, notes };
}
