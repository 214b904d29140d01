import { branchOf, fileNameOf, formatId, numberOf, readFileName, slugOf } from "../ids.ts";
import type { Crq } from "../model.ts";

/** The old and new names of one document. */
export interface Renaming {
  /** `CRQ-002`, or `CRQ-XXX`; undefined: the document has no id yet. */
  readonly oldId: string | undefined;
  readonly newId: string;
  /** Last path segments. */
  readonly oldName: string;
  readonly newName: string;
  /** Set where the block names a branch. */
  readonly branch: { readonly old: string; readonly now: string } | undefined;
  /** Whether the old id means this document alone, so that whoever writes it means this one. */
  readonly isUnique: boolean;
}

const BRANCH = /^feature\/(CRQ-\d{1,7})-(.+)$/;
const SLUG = /^[a-z0-9-]{3,60}$/;

/** @param isUnique whether no other document of the folder has the old id */
export function renamingOf(crq: Crq, oldId: string | undefined, number: number, isUnique: boolean): Renaming {
  const newId = formatId(number);
  const oldName = crq.path.split("/").at(-1) ?? crq.path;
  const written = readFileName(oldName)?.slug;
  const title = crq.metadata?.title ?? crq.title?.text ?? "";
  const slug = written !== undefined && SLUG.test(written) ? written : slugOf(title === "" ? (written ?? "") : title);
  const old = crq.metadata?.branch;
  const branchSlug = old === undefined ? undefined : BRANCH.exec(old)?.[2];
  return {
    oldId,
    newId,
    oldName,
    newName: fileNameOf(newId, slug),
    branch: old === undefined || branchSlug === undefined ? undefined : { old, now: branchOf(newId, branchSlug) },
    isUnique: isUnique && oldId !== undefined && numberOf(oldId) !== undefined,
  };
}

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Whole tokens of a text that name the document: its file name, its branch, and its bare id where that means it alone. `CRQ-002-other` is
 * another branch, `CRQ-0021` another number.
 * @param own the text is the document's own, where its id means itself
 */
export function replacementsIn(text: string, renaming: Renaming, own: boolean): readonly Replacement[] {
  const { oldId, newId, oldName, newName, branch, isUnique } = renaming;
  const found: Replacement[] = [];
  const add = (pattern: RegExp, replacement: string): void => {
    for (const { index, 0: match } of text.matchAll(pattern)) {
      const end = index + match.length;
      if (!found.some((other) => index < other.end && other.start < end)) found.push({ start: index, end, text: replacement });
    }
  };
  add(new RegExp(`(?<![\\w.-])${escaped(oldName)}(?![\\w-])`, "g"), newName);
  if (branch !== undefined) add(new RegExp(`(?<![\\w-])${escaped(branch.old)}(?![\\w/-])`, "g"), branch.now);
  if (oldId !== undefined && (own || isUnique)) {
    const number = numberOf(oldId);
    add(new RegExp(`(?<![\\w/.-])${number === undefined ? "CRQ-XXX" : `CRQ-0*${number}`}(?![\\w]|[-.]\\w)`, "g"), newId);
    // Reports of a document are kept in a folder of its id.
    add(new RegExp(`(?<=(?:^|[/\`'"( ])reports/)${escaped(oldId)}(?![\\w-])`, "g"), newId);
  }
  return found.sort((a, b) => a.start - b.start);
}

export function replaced(text: string, renaming: Renaming, own: boolean): string {
  let result = "";
  let from = 0;
  for (const { start, end, text: now } of replacementsIn(text, renaming, own)) {
    result += text.slice(from, start) + now;
    from = end;
  }
  return result + text.slice(from);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
