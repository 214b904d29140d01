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
 * Applies fixes one at a time. A fix is kept only if afterwards its own finding is gone and no rule has more findings than before; so the
 * result is never worse in any respect, and a second run changes nothing.
 * @param lint lints all files given; called once for each fix that is tried
 */
export function applyFixes(files: Files, lint: (files: Files) => readonly CrqDiagnostic[]): Fixed {
  let now = files;
  let diagnostics = lint(now);
  const applied: { rule: string; file: string; description: string }[] = [];
  const renames = new Map<string, string>();
  /** Findings that are not tried again; those with a value were left as they are. */
  const tried = new Map<string, CrqDiagnostic | undefined>();
  for (let round = 0; round < MAX_FIXES; round += 1) {
    const next = diagnostics.find((diagnostic) => diagnostic.fix !== undefined && !tried.has(keyOf(diagnostic)));
    if (next?.fix === undefined) break;
    const { fix, rule, file } = next;
    if (fix.rename !== undefined) {
      tried.set(keyOf(next), undefined);
      renames.set(file, fix.rename);
      applied.push({ rule, file, description: fix.description });
      continue;
    }
    const after = edited(now, fix.edits);
    const found = after === undefined ? undefined : lint(after);
    if (
      after === undefined ||
      found === undefined ||
      isWorse(diagnostics, found) ||
      howOften(found, next) >= howOften(diagnostics, next)
    ) {
      tried.set(keyOf(next), next);
      continue;
    }
    applied.push({ rule, file, description: fix.description });
    now = after;
    diagnostics = found;
    // What was refused may do now: the text around it is another one.
    for (const [key, diagnostic] of tried) if (diagnostic !== undefined) tried.delete(key);
  }
  return { files: now, renames, applied, refused: [...tried.values()].filter((diagnostic) => diagnostic !== undefined) };
}

function howOften(diagnostics: readonly CrqDiagnostic[], wanted: CrqDiagnostic): number {
  return diagnostics.filter((diagnostic) => keyOf(diagnostic) === keyOf(wanted)).length;
}

/** What makes a finding the same one after other lines moved it: everything but its place. */
function keyOf({ file, rule, message, fix }: CrqDiagnostic): string {
  return JSON.stringify([file, rule, message, fix?.description]);
}

function isWorse(before: readonly CrqDiagnostic[], after: readonly CrqDiagnostic[]): boolean {
  const counted = counts(before);
  return [...counts(after)].some(([name, count]) => count > (counted.get(name) ?? 0));
}

/** Findings a rule, all of them and the errors alone: turning a remark into an error is worse too. */
function counts(diagnostics: readonly CrqDiagnostic[]): Map<string, number> {
  const result = new Map<string, number>();
  const add = (name: string) => result.set(name, (result.get(name) ?? 0) + 1);
  for (const { rule, severity } of diagnostics) {
    add(rule);
    if (severity === "error") add(`${rule} as error`);
  }
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
