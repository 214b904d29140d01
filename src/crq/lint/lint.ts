import type { CrqDiagnostic } from "../model.ts";
import { type CrqDocument, readDocument } from "../parse/document.ts";
import { readIgnores } from "./ignore.ts";
import type { LintContext, Profile, Rule } from "./rule.ts";
import { badIgnore, RULES } from "./rules/all.ts";

/** Results for one context, which must not change while it is used: `--fix` lints a whole folder again for each fix it tries. */
const known = new WeakMap<LintContext, Map<string, { readonly source: string; readonly found: CrqDiagnostic[] }>>();

/** Lints one document. Never throws on any text; findings come in the order of their places. */
export function lint(path: string, source: string, profile: Profile, context: LintContext = {}): CrqDiagnostic[] {
  const results = known.get(context) ?? new Map<string, { readonly source: string; readonly found: CrqDiagnostic[] }>();
  known.set(context, results);
  const key = `${profile} ${path}`;
  const last = results.get(key);
  if (last?.source === source) return [...last.found];
  const found = lintDocument(readDocument(path, source), profile, context);
  results.set(key, { source, found });
  return [...found];
}

/** As `lint`, for a document that was read already. */
export function lintDocument(document: CrqDocument, profile: Profile, context: LintContext = {}): CrqDiagnostic[] {
  const file = document.crq.path;
  const unreadable = document.crq.problems.filter(({ rule }) => rule === "structure/unreadable");
  if (unreadable.length > 0) return unreadable;
  const { ignores, bad } = readIgnores(document, RULES);
  const found = RULES.flatMap((rule) => {
    const findings = rule === badIgnore ? bad : [...rule.check({ document, context, profile })];
    return findings.flatMap(({ place, message, level, fix }): CrqDiagnostic[] => {
      const severity = rule.levels[profile] === "off" ? "off" : (level ?? rule.levels[profile]);
      if (severity === "off" || ignores.some((ignore) => covers(ignore, rule, place.line))) return [];
      return [{ severity, rule: rule.name, message, file, line: place.line, column: place.column, ...(fix && { fix }) }];
    });
  });
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

function covers(
  ignore: { readonly rule: string; readonly from: number; readonly to: number },
  rule: Rule,
  line: number,
): boolean {
  return ignore.rule === rule.name && line >= ignore.from && line <= ignore.to;
}

/** The severity that findings about the generated lists have in a profile (they are made without one). */
export function withProfile(diagnostics: readonly CrqDiagnostic[], profile: Profile): CrqDiagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const severity = RULES.find(({ name }) => name === diagnostic.rule)?.levels[profile] ?? diagnostic.severity;
    return severity === "off" ? [] : [{ ...diagnostic, severity }];
  });
}
