import type { CrqDiagnostic, Severity } from "../../model.ts";
import { type Coverage, describeCoverage } from "../folder/coverage.ts";

/**
 * Findings for people: `file:line:column severity rule message`, then what was looked at and the totals.
 * @param coverage left out: the findings alone
 */
export function formatText(diagnostics: readonly CrqDiagnostic[], coverage?: Coverage): string {
  const lines = diagnostics.map(({ file, line, column, severity, rule, message, fix }) => {
    const position = line > 0 ? `${file}:${line}:${column}` : file;
    return `${position} ${severity} ${rule} ${message}${fix === undefined ? "" : " (--fix)"}`;
  });
  if (coverage !== undefined) {
    const [counted = "", ...missing] = describeCoverage(coverage).split("\n");
    lines.push(`${counted}: ${summary(diagnostics)}`, ...missing);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** `2 errors, 1 warning` or `no findings`. */
export function summary(diagnostics: readonly CrqDiagnostic[]): string {
  const kinds: readonly (readonly [Severity, string])[] = [
    ["error", "error"],
    ["warning", "warning"],
    ["info", "remark"],
  ];
  const parts = kinds.flatMap(([severity, word]) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
  });
  return parts.length === 0 ? "no findings" : parts.join(", ");
}
