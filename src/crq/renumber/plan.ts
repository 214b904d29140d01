import { type Catalogue, type CatalogueEntry, knownEntry, withId } from "../catalogue/catalogue.ts";
import { compareGenerated, generateIndex, generateList } from "../catalogue/generated.ts";
import { summaryOf } from "../catalogue/summary.ts";
import { numberOf } from "../ids.ts";
import { approvalState } from "../lifecycle/approval.ts";
import { parseCrq } from "../parse.ts";
import { renumberText } from "./edit.ts";
import { type Renaming, renamingOf, replacementsIn } from "./renaming.ts";

/** A text file of the repository, by its path from the root. */
export interface RepositoryText {
  readonly path: string;
  readonly text: string;
}

/** What giving a document another number changes; nothing is read or written here. */
export interface RenumberPlan {
  readonly renaming: Renaming;
  readonly from: string;
  readonly to: string;
  /** `before` undefined: the file is made; `after` undefined: it is removed. */
  readonly changes: readonly { readonly path: string; readonly before: string | undefined; readonly after: string | undefined }[];
  /** Documents whose approval covered a text that named the old id. */
  readonly voided: readonly string[];
  /** For the person: what was left alone, and why. */
  readonly notes: readonly string[];
}

export interface RenumberInput {
  readonly catalogue: Catalogue;
  readonly entry: CatalogueEntry;
  readonly number: number;
  /** Other Markdown files of the repository that may mention the document. */
  readonly texts: readonly RepositoryText[];
  readonly lists: { readonly list: string | undefined; readonly index: string | undefined };
}

export function planRenumber({
  catalogue,
  entry,
  number,
  texts,
  lists,
}: RenumberInput): RenumberPlan | { readonly problem: string } {
  const { folder } = catalogue;
  const sameId = entry.id === undefined ? [] : withId(catalogue, entry.id);
  const renaming = renamingOf(entry.crq, entry.id, number, sameId.length === 1);
  const inFolder = entry.path.slice(0, entry.path.length - renaming.oldName.length) + renaming.newName;
  const [from, to] = [`${folder}/${entry.path}`, `${folder}/${inFolder}`];
  if (from !== to && [...catalogue.entries.map(({ path }) => path), ...catalogue.others].includes(inFolder))
    return { problem: `${to} exists already` };

  const own = renumberText(from, entry.source, renaming, true);
  if ("problem" in own) return own;
  const renamed = knownEntry(inFolder, to, own.source, summaryOf(parseCrq(to, own.source)));
  if (renamed === undefined) return { problem: `${from}: would no longer be read as a CRQ` };
  const changes: { path: string; before: string | undefined; after: string | undefined }[] =
    from === to
      ? [{ path: from, before: entry.source, after: own.source }]
      : [
          { path: from, before: entry.source, after: undefined },
          { path: to, before: undefined, after: own.source },
        ];
  const voided = isVoided(entry, own.source) ? [to] : [];
  const notes: string[] = [];

  const entries = [renamed];
  for (const other of catalogue.entries) {
    if (other.path === entry.path) continue;
    const path = `${folder}/${other.path}`;
    const edited = mayMention(other.source, renaming)
      ? renumberText(path, other.source, renaming, false)
      : { source: other.source };
    if ("problem" in edited) notes.push(`${edited.problem}; it was left alone`);
    const after = "source" in edited ? edited.source : other.source;
    if (after === other.source) {
      entries.push(other);
      continue;
    }
    changes.push({ path, before: other.source, after });
    if (isVoided(other, after)) voided.push(path);
    entries.push(knownEntry(other.path, path, after, summaryOf(parseCrq(path, after))) ?? other);
  }
  for (const { path, text } of texts) {
    const edited = mayMention(text, renaming) ? renumberText(path, text, renaming, false) : { source: text };
    if ("problem" in edited) notes.push(`${edited.problem}; it was left alone`);
    else if (edited.source !== text) changes.push({ path, before: text, after: edited.source });
  }
  notes.push(...ambiguous(entry, sameId, renaming, catalogue));

  const next: Catalogue = { ...catalogue, entries };
  const index = generateIndex(next, lists.index);
  if ("problem" in index) return { problem: `${folder}/INDEX.md: ${index.problem}` };
  const generated = new Map([
    [`${folder}/list.txt`, { before: lists.list, after: generateList(next) }],
    [`${folder}/INDEX.md`, { before: lists.index, after: index.text }],
  ]);
  const stale = new Set(compareGenerated(next, lists).map(({ file }) => file));
  for (const [path, change] of generated) if (stale.has(path)) changes.push({ path, ...change });
  return { renaming, from, to, changes, voided, notes };
}

/** A quick look before the Markdown is read. */
function mayMention(text: string, { oldId, oldName, branch }: Renaming): boolean {
  const number = oldId === undefined ? undefined : numberOf(oldId);
  return (
    text.includes(oldName) ||
    (branch !== undefined && text.includes(branch.old)) ||
    (number !== undefined && new RegExp(`CRQ-0*${number}(?!\\d)`).test(text))
  );
}

function isVoided({ crq }: CatalogueEntry, after: string): boolean {
  return approvalState(crq).state === "valid" && approvalState(parseCrq(crq.path, after)).state === "void";
}

/** Where several documents have the old id, nobody but a person knows which of them a bare id meant. */
function ambiguous(
  entry: CatalogueEntry,
  sameId: readonly CatalogueEntry[],
  renaming: Renaming,
  { folder, entries }: Catalogue,
): readonly string[] {
  if (entry.id === undefined || sameId.length < 2) return [];
  const asIfUnique = { ...renaming, isUnique: true };
  const others = entries
    .filter(
      (other) =>
        !sameId.includes(other) &&
        replacementsIn(other.source, asIfUnique, false).length > replacementsIn(other.source, renaming, false).length,
    )
    .map(({ path }) => `${folder}/${path}`);
  const holders = sameId.filter((other) => other !== entry).map(({ path }) => `${folder}/${path}`);
  return others.length === 0
    ? []
    : [
        `${entry.id} is still the id of ${holders.join(", ")}, so it is not known which document these mean by it; they were left alone: ${others.join(", ")}`,
      ];
}
