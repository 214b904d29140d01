import type { CrqDiagnostic, TextEdit } from "../model.ts";
import { applyEdits } from "../write/edits.ts";
import type { Files, Renames } from "./folder/folder.ts";

export interface AppliedFix {
  readonly rule: string;
  /** Its name before a rename. */
  readonly file: string;
  readonly description: string;
  readonly renamedTo?: string;
}

export interface Fixed {
  /** By new path where a file is to be renamed. */
  readonly files: Files;
  /** The caller renames. */
  readonly renames: Renames;
  readonly applied: readonly AppliedFix[];
  /** Findings that carry a fix which was left out because another rule would be worse off. */
  readonly refused: readonly CrqDiagnostic[];
}

/** No document has more findings than this to repair; a fix that undoes another must not run for ever. */
const MAX_FIXES_A_FILE = 500;

/**
 * Applies fixes one at a time. A fix is kept only if afterwards its own finding is gone and no rule has more findings than before; so the
 * result is never worse in any respect, and a second run changes nothing.
 * @param lint lints all files given, under their new names; called once for each fix that is tried
 */
export function applyFixes(files: Files, lint: (files: Files, renames: Renames) => readonly CrqDiagnostic[]): Fixed {
  let now = files;
  let renames: Renames = new Map();
  let diagnostics = lint(now, renames);
  const applied: AppliedFix[] = [];
  /** Findings that are not tried again; those with a value were left as they are. */
  const tried = new Map<string, CrqDiagnostic | undefined>();
  for (let round = 0; round < MAX_FIXES_A_FILE * files.size; round += 1) {
    const next = diagnostics.find((diagnostic) => diagnostic.fix !== undefined && !tried.has(keyOf(diagnostic)));
    if (next?.fix === undefined) break;
    const { fix, rule, file } = next;
    const moved = fix.rename === undefined ? renames : withRename(renames, file, fix.rename);
    const after = fix.rename === undefined ? edited(now, fix.edits) : renamed(now, file, fix.rename);
    const found = after === undefined ? undefined : lint(after, moved);
    if (
      after === undefined ||
      found === undefined ||
      isWorse(diagnostics, found) ||
      howOften(found, next) >= howOften(diagnostics, next)
    ) {
      tried.set(keyOf(next), next);
      continue;
    }
    applied.push({ rule, file, description: fix.description, ...(fix.rename !== undefined && { renamedTo: fix.rename }) });
    now = after;
    renames = moved;
    diagnostics = found;
    // What was refused may do now: the text around it is another one.
    const touched = new Set([file, ...fix.edits.map((edit) => edit.file)]);
    for (const [key, diagnostic] of tried) if (diagnostic !== undefined && touched.has(diagnostic.file)) tried.delete(key);
  }
  return { files: now, renames, applied, refused: [...tried.values()].filter((diagnostic) => diagnostic !== undefined) };
}

function howOften(diagnostics: readonly CrqDiagnostic[], wanted: CrqDiagnostic): number {
  const key = keyOf(wanted);
  return diagnostics.filter(
    (diagnostic) => diagnostic.rule === wanted.rule && diagnostic.file === wanted.file && keyOf(diagnostic) === key,
  ).length;
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

function withRename(renames: Renames, from: string, to: string): Renames {
  const first = [...renames].find(([, now]) => now === from)?.[0] ?? from;
  return new Map([...renames, [first, to]]);
}

/** undefined: the new name is taken. */
function renamed(files: Files, from: string, to: string): Files | undefined {
  if (files.has(to)) return undefined;
  return new Map([...files].map(([path, source]) => [path === from ? to : path, source]));
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
