import type { CrqDiagnostic, Place, Severity } from "../model.ts";

/** Collects what a parser could not make sense of. Severities are those of the standard profile; the linter sets those of its own. */
export interface Problems {
  readonly found: readonly CrqDiagnostic[];
  add(rule: string, place: Place, message: string, severity?: Severity): void;
}

/** An empty collection for one file. */
export function problemsOf(file: string): Problems {
  const found: CrqDiagnostic[] = [];
  return {
    found,
    add: (rule, place, message, severity = "error") => {
      found.push({ severity, rule, message, file, line: place.line, column: place.column });
    },
  };
}
