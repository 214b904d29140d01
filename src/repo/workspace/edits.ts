/**
 * The edits of one proposal, applied in memory. A proposal is one transaction: either every edit applies or none does. `old` must match
 * exactly and once; nothing is matched fuzzily, but a failure shows the nearest real lines so that the next try is right.
 */

export type FileEdit =
  | { readonly path: string; readonly create: string }
  | { readonly path: string; readonly replace: { readonly old: string; readonly new: string } }
  | { readonly path: string; readonly delete: true }
  | { readonly path: string; readonly move: string }
  | { readonly path: string; readonly restore: true };

/** undefined: the file does not exist. */
export type FileState = string | undefined;

export interface FileChange {
  readonly path: string;
  readonly before: FileState;
  readonly after: FileState;
}

export type EditResult =
  | { readonly ok: true; readonly changes: readonly FileChange[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * @param edits in order; a later edit sees what the earlier ones did
 * @param before contents of every file that the edits name (and of move targets)
 * @param atBase contents at the base commit of every file that an edit restores
 */
export function applyEdits(
  edits: readonly FileEdit[],
  before: ReadonlyMap<string, FileState>,
  atBase: ReadonlyMap<string, FileState> = new Map(),
): EditResult {
  const now = new Map(before);
  const problems: string[] = [];
  edits.forEach((edit, index) => {
    const problem = applyOne(edit, now, atBase);
    if (problem !== undefined) problems.push(`edit ${index + 1} (${edit.path}): ${problem}`);
  });
  if (problems.length > 0) return { ok: false, problems };
  const changes = [...now]
    .map(([path, after]) => ({ path, before: before.get(path), after }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ok: true, changes };
}

/** The files that an edit is about. */
export const namesOf = (edit: FileEdit): readonly string[] => ("move" in edit ? [edit.path, edit.move] : [edit.path]);

/**
 * By its new path the file that each moved one was.
 * @param before what earlier edits moved
 */
export function movedFiles(edits: readonly FileEdit[], before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const moved = new Map(before);
  for (const edit of edits) {
    if ("move" in edit) moved.set(edit.move, moved.get(edit.path) ?? edit.path);
    if ("move" in edit || "create" in edit || "restore" in edit) moved.delete(edit.path);
  }
  return moved;
}

function applyOne(edit: FileEdit, now: Map<string, FileState>, atBase: ReadonlyMap<string, FileState>): string | undefined {
  const content = now.get(edit.path);
  if ("create" in edit) {
    now.set(edit.path, matchLineEnds(content, edit.create));
    return undefined;
  }
  if ("restore" in edit) {
    const original = atBase.get(edit.path);
    if (original === undefined && content === undefined) return "the base commit has no such file, so nothing can be put back";
    now.set(edit.path, original);
    return undefined;
  }
  if (content === undefined) return "the file does not exist; use create for a new file, or list_files to see what is there";
  if ("delete" in edit) {
    now.set(edit.path, undefined);
    return undefined;
  }
  if ("move" in edit) {
    if (now.get(edit.move) !== undefined)
      return `cannot move: ${edit.move} exists; delete it in the same proposal if that is meant`;
    now.set(edit.path, undefined);
    now.set(edit.move, content);
    return undefined;
  }
  const old = matchLineEnds(content, edit.replace.old);
  const first = content.indexOf(old);
  if (first < 0) return `\`old\` does not occur in the file. ${nearest(content, old)}`;
  const second = content.indexOf(old, first + 1);
  if (second >= 0) {
    return `\`old\` occurs more than once (lines ${lineOf(content, first)} and ${lineOf(content, second)}); add a neighbouring line so that it is unique`;
  }
  now.set(edit.path, content.slice(0, first) + matchLineEnds(content, edit.replace.new) + content.slice(first + old.length));
  return undefined;
}

/** A model writes LF; a CRLF file stays a CRLF file. */
function matchLineEnds(existing: FileState, text: string): string {
  if (existing === undefined || !existing.includes("\r\n")) return text;
  return text.replace(/\r?\n/gu, "\r\n");
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** The lines of the file that look most like the first line of `old`. */
function nearest(content: string, old: string): string {
  const wanted = old
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "");
  if (wanted === undefined) return "It holds only blanks.";
  const lines = content.split(/\r?\n/u);
  const scored = lines
    .map((line, index) => ({ index, score: likeness(wanted, line.trim()) }))
    .filter(({ score }) => score > 0.5)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, 1);
  const best = scored[0];
  if (best === undefined)
    return `The file has ${lines.length} lines and none resembles ${JSON.stringify(wanted.slice(0, 80))}; read it first.`;
  const from = Math.max(0, best.index - 2);
  const shown = lines.slice(from, best.index + 4).map((line, i) => `${from + i + 1}: ${line}`);
  return `Nearest lines:\n${shown.join("\n")}`;
}

/** Dice coefficient of letter pairs, 0 to 1. */
function likeness(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length < 2 || b.length < 2) return 0;
  const pairs = new Map<string, number>();
  for (let i = 0; i < a.length - 1; i++) pairs.set(a.slice(i, i + 2), (pairs.get(a.slice(i, i + 2)) ?? 0) + 1);
  let shared = 0;
  for (let i = 0; i < b.length - 1; i++) {
    const left = pairs.get(b.slice(i, i + 2)) ?? 0;
    if (left > 0) {
      shared++;
      pairs.set(b.slice(i, i + 2), left - 1);
    }
  }
  return (2 * shared) / (a.length + b.length - 2);
}
