import { documentId, numberOf } from "../ids.ts";
import type { Crq, CrqDiagnostic } from "../model.ts";
import { parseCrq } from "../parse.ts";
import { type CrqSummary, summaryOf } from "./summary.ts";

/** One CRQ of a folder. */
export interface CatalogueEntry {
  /** Relative to the CRQ folder, with forward slashes. */
  readonly path: string;
  readonly source: string;
  readonly summary: CrqSummary;
  /** The document as it was read; parsed when it is first asked for, where the summary was known already. */
  readonly crq: Crq;
  /** From the block, else the H1, else the file name. */
  readonly id: string | undefined;
}

/** All CRQs under one folder, sorted by path. */
export interface Catalogue {
  /** The CRQ folder relative to the repository root. */
  readonly folder: string;
  readonly entries: readonly CatalogueEntry[];
  /** Other files of the folder, which are no CRQs. */
  readonly others: readonly string[];
  /** Files that could not be read. */
  readonly problems: readonly CrqDiagnostic[];
}

export const LIST_FILE = "list.txt";
export const INDEX_FILE = "INDEX.md";

/** Order of code points, which is the order of UTF-8 bytes. */
export function byCodePoint(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8"));
}

/** Makes an entry of a document; `undefined` when neither name nor text say that it is a CRQ. */
export function entryOf(path: string, crq: Crq): CatalogueEntry | undefined {
  const summary = summaryOf(crq);
  const id = idOf(path, summary);
  return isCrq(id, summary) ? { path, source: crq.source, crq, summary, id } : undefined;
}

/**
 * As `entryOf`, for a document whose summary is known: it is parsed only if somebody asks for it.
 * @param shownAs its path in diagnostics
 */
export function knownEntry(path: string, shownAs: string, source: string, summary: CrqSummary): CatalogueEntry | undefined {
  const id = idOf(path, summary);
  let parsed: Crq | undefined;
  const entry = {
    path,
    source,
    summary,
    id,
    get crq() {
      parsed ??= parseCrq(shownAs, source);
      return parsed;
    },
  };
  return isCrq(id, summary) ? entry : undefined;
}

function idOf(path: string, { blockId, titleId }: CrqSummary): string | undefined {
  return documentId({ block: blockId, title: titleId, fileName: path.split("/").at(-1) ?? path });
}

const isCrq = (id: string | undefined, { hasBlock }: CrqSummary): boolean => id !== undefined || hasBlock;

/** Whether two ids mean the same number: `CRQ-016` and `CRQ-0016` do, `CRQ-XXX` is never the same as another. */
export function isSameId(left: string, right: string): boolean {
  const number = numberOf(left);
  return number !== undefined && number === numberOf(right);
}

const byNumber = new WeakMap<Catalogue, ReadonlyMap<number, readonly CatalogueEntry[]>>();

/** The entries with an id, whatever its number of zeros. Rules ask for each document and relation, so a catalogue is indexed once. */
export function withId(catalogue: Catalogue | undefined, id: string): readonly CatalogueEntry[] {
  const number = numberOf(id);
  if (catalogue === undefined || number === undefined) return [];
  let index = byNumber.get(catalogue);
  if (index === undefined) {
    index = Map.groupBy(catalogue.entries, (entry) => numberOf(entry.id ?? "") ?? -1);
    byNumber.set(catalogue, index);
  }
  return index.get(number) ?? [];
}

export type Lookup =
  | { readonly kind: "found"; readonly entry: CatalogueEntry }
  /** The argument is a path: the caller reads that file. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] }
  | { readonly kind: "unknown"; readonly id: string; readonly known: readonly string[] };

/** Finds the CRQ a person means: an id (`CRQ-16`, `crq-016`), a bare number, or a path. */
export function findCrq(catalogue: Catalogue, argument: string): Lookup {
  const digits = /^(?:CRQ-?)?(\d{1,7})$/i.exec(argument.trim())?.[1];
  if (digits === undefined) return { kind: "path", path: argument };
  const id = `CRQ-${digits}`;
  const found = catalogue.entries.filter((entry) => entry.id !== undefined && isSameId(entry.id, id));
  const [entry] = found;
  if (entry === undefined) {
    return { kind: "unknown", id: `CRQ-${digits.padStart(3, "0")}`, known: catalogue.entries.flatMap((other) => other.id ?? []) };
  }
  return found.length === 1
    ? { kind: "found", entry }
    : { kind: "ambiguous", candidates: found.map(({ path }) => `${catalogue.folder}/${path}`) };
}
