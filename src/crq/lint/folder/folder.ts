import { type Catalogue, type CatalogueEntry, entryOf } from "../../catalogue/catalogue.ts";
import type { CrqDiagnostic } from "../../model.ts";
import type { CrqDocument } from "../../parse/document.ts";
import { lintDocument } from "../lint.ts";
import type { LintContext, Profile } from "../rule.ts";

/** Texts of files by path. */
export type Files = ReadonlyMap<string, string>;
/** Old path to new one. */
export type Renames = ReadonlyMap<string, string>;

export interface FolderSetup {
  readonly context: LintContext;
  readonly profileOf: (path: string) => Profile;
  readonly read: (path: string, source: string) => CrqDocument;
}

interface Known {
  readonly source: string;
  readonly own: readonly CrqDiagnostic[];
  /** The renames it was judged under. */
  readonly moves: string;
  /** Findings of the rules that read other documents, and which state of the folder they are of. */
  across: { readonly generation: number; readonly found: readonly CrqDiagnostic[] };
}

/**
 * Lints the documents of a folder again and again, as `--fix` does for each fix it tries. A document is read and judged anew only when its
 * text changed; the rules that compare documents run again only when something they compare changed.
 */
export function folderLinter({ context, profileOf, read }: FolderSetup): (files: Files, renames?: Renames) => CrqDiagnostic[] {
  const known = new Map<string, Known>();
  let generation = 0;
  let lastRenames: Renames = new Map();
  let last = context.catalogue === undefined ? "" : shapeOf(context.catalogue);
  return (files, renames = new Map()) => {
    const catalogue = context.catalogue && catalogueWith(context.catalogue, files, renames, read);
    const shape = catalogue === undefined ? "" : shapeOf(catalogue);
    if (shape !== last) generation += 1;
    last = shape;
    const now: LintContext = { ...context, ...(catalogue && { catalogue }), ...existsAfter(context.exists, renames) };
    const moves = JSON.stringify([...renames]);
    const names = [...renames, ...lastRenames].flat().map((path) => path.split("/").at(-1) ?? path);
    lastRenames = renames;
    return [...files].flatMap(([path, source]) => {
      let entry = known.get(path);
      if (
        entry === undefined ||
        entry.source !== source ||
        (entry.moves !== moves && names.some((name) => source.includes(name)))
      ) {
        const document = read(path, source);
        const across = { generation, found: lintDocument(document, profileOf(path), now, "across") };
        entry = { source, own: lintDocument(document, profileOf(path), now, "own"), moves, across };
        known.set(path, entry);
      } else if (entry.across.generation !== generation) {
        entry.across = { generation, found: lintDocument(read(path, source), profileOf(path), now, "across") };
      }
      const { own, across } = entry;
      return across.found.length === 0 ? own : [...own, ...across.found].sort((a, b) => a.line - b.line || a.column - b.column);
    });
  };
}

/** The catalogue as it is with these texts and names. */
function catalogueWith(catalogue: Catalogue, files: Files, renames: Renames, read: FolderSetup["read"]): Catalogue {
  let changed = false;
  const entries = catalogue.entries.map((entry): CatalogueEntry => {
    const before = `${catalogue.folder}/${entry.path}`;
    const path = renames.get(before) ?? before;
    const source = files.get(path);
    if (source === undefined || (source === entry.source && path === before)) return entry;
    changed = true;
    return entryOf(path.slice(catalogue.folder.length + 1), read(path, source).crq) ?? entry;
  });
  return changed ? { ...catalogue, entries } : catalogue;
}

const shapes = new WeakMap<CatalogueEntry, string>();

/** What rules compare across documents. */
function shapeOf({ entries }: Catalogue): string {
  return entries
    .map((entry) => {
      let shape = shapes.get(entry);
      if (shape === undefined) {
        const { dependsOn, related, supersedes, supersededBy } = entry.crq.metadata ?? {};
        shape = JSON.stringify([entry.path, entry.id, dependsOn, related, supersedes, supersededBy]);
        shapes.set(entry, shape);
      }
      return shape;
    })
    .join("\n");
}

function existsAfter(exists: LintContext["exists"], renames: Renames): Pick<LintContext, "exists"> {
  if (exists === undefined || renames.size === 0) return {};
  const added = new Set(renames.values());
  return { exists: (path) => (renames.has(path) ? false : added.has(path) || exists(path)) };
}
