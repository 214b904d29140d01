import type { CrqDiagnostic, TextEdit } from "../model.ts";
import { applyEdits } from "../write/edits.ts";

/** Texts of files by path. */
export type Files = ReadonlyMap<string, string>;

export interface Fixed {
  readonly files: Files;
  /** New names, by old path; the caller renames. */
  readonly renames: ReadonlyMap<string, string>;
  readonly applied: readonly { readonly rule: string; readonly file: string; readonly description: string }[];
  /** Findings that carry a fix which was left out because another rule would be worse off. */
  readonly refused: readonly CrqDiagnostic[];
}

/** No document has more findings than this to repair; a fix that undoes another must not run for ever. */
const MAX_FIXES = 500;

/**
 * Applies fixes one at a time. A fix is kept only if afterwards every other rule has no more findings than before, and its own no more
 * either; so the result never is worse in any respect, and a second run changes nothing.
 * @param lint lints all files given; called once for each fix that is tried
 */
export function applyFixes(files: Files, lint: (files: Files) => readonly CrqDiagnostic[]): Fixed {
  let now = files;
  let diagnostics = lint(now);
  const applied: { rule: string; file: string; description: string }[] = [];
  const renames = new Map<string, string>();
  const refused = new Map<string, CrqDiagnostic>();
  for (let round = 0; round < MAX_FIXES; round += 1) {
    const next = diagnostics.find(
      (diagnostic) => diagnostic.fix !== undefined && !refused.has(keyOf(diagnostic)) && isOpen(diagnostic, renames),
    );
    if (next?.fix === undefined) break;
    const { fix, rule, file } = next;
    if (fix.rename !== undefined) renames.set(file, fix.rename);
    const after = fix.edits.length === 0 ? now : edited(now, fix.edits);
    const found = after === undefined ? undefined : after === now ? diagnostics : lint(after);
    if (after === undefined || found === undefined || isWorse(diagnostics, found)) {
      refused.set(keyOf(next), next);
      continue;
    }
    // A fix that leaves its own finding as it was would come again and again.
    if (found.some((diagnostic) => keyOf(diagnostic) === keyOf(next))) refused.set(keyOf(next), next);
    applied.push({ rule, file, description: fix.description });
    now = after;
    diagnostics = found;
  }
  return {
    files: now,
    renames,
    applied,
    refused: [...refused.values()].filter(
      (diagnostic) =>
        !applied.some(({ description, file }) => description === diagnostic.fix?.description && file === diagnostic.file),
    ),
  };
}

function isOpen({ file, fix }: CrqDiagnostic, renames: ReadonlyMap<string, string>): boolean {
  return fix?.rename === undefined || !renames.has(file);
}

/** What makes a finding the same one after other lines moved it: everything but its place. */
function keyOf({ file, rule, message, fix }: CrqDiagnostic): string {
  return JSON.stringify([file, rule, message, fix?.description]);
}

function isWorse(before: readonly CrqDiagnostic[], after: readonly CrqDiagnostic[]): boolean {
  const counted = counts(before);
  return [...counts(after)].some(([rule, count]) => count > (counted.get(rule) ?? 0));
}

function counts(diagnostics: readonly CrqDiagnostic[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { rule } of diagnostics) result.set(rule, (result.get(rule) ?? 0) + 1);
  return result;
}

/** undefined: an edit is for a file that is not there. */
function edited(files: Files, edits: readonly TextEdit[]): Files | undefined {
  const result = new Map(files);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const source = files.get(file);
    if (source === undefined) return undefined;
    result.set(
      file,
      applyEdits(
        source,
        edits.filter((edit) => edit.file === file),
      ),
    );
  }
  return result;
}
