import type { CrqDiagnostic, Place } from "../../model.ts";

/** Collects what a parser could not make sense of. All are errors here; the linter sets the severity of the profile. */
export interface Problems {
  readonly found: readonly CrqDiagnostic[];
  add(rule: string, place: Place, message: string, fix?: CrqDiagnostic["fix"]): void;
}

/** An empty collection for one file. */
export function problemsOf(file: string): Problems {
  const found: CrqDiagnostic[] = [];
  return {
    found,
    add: (rule, place, message, fix) => {
      found.push({ severity: "error", rule, message, file, line: place.line, column: place.column, ...(fix && { fix }) });
    },
  };
}
