import type { CrqDiagnostic, TextEdit } from "../../model.ts";
import { linesOf } from "../../parse/lines.ts";
import { locationOf, sarifLog, uriOf } from "../../sarif.ts";
import type { Profile } from "../rule.ts";
import { RULES } from "../rules/all.ts";

const LEVEL = { error: "error", warning: "warning", info: "note" } as const;

/**
 * Findings as a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning services.
 * @param sources texts of the files, for the regions of fixes; a fix of a file that is not given is left out
 */
export function toSarif(
  diagnostics: readonly CrqDiagnostic[],
  version: string,
  profile: Profile,
  sources: ReadonlyMap<string, string> = new Map(),
) {
  const used = RULES.filter(({ name }) => diagnostics.some(({ rule }) => rule === name));
  const rules = used.map((rule) => ({
    id: rule.name,
    shortDescription: { text: rule.about },
    fullDescription: { text: rule.explain },
    defaultConfiguration: { level: levelOf(rule.levels[profile]) },
  }));
  const results = diagnostics.map((diagnostic) => ({
    ruleId: diagnostic.rule,
    ...indexOf(used.findIndex(({ name }) => name === diagnostic.rule)),
    level: LEVEL[diagnostic.severity],
    message: { text: diagnostic.message },
    locations: [locationOf(diagnostic.file, diagnostic.line, diagnostic.column)],
    ...fixesOf(diagnostic, sources),
  }));
  return sarifLog(version, rules, results, {});
}

function levelOf(level: string): "error" | "warning" | "note" | "none" {
  return level === "error" || level === "warning" ? level : level === "info" ? "note" : "none";
}

function indexOf(index: number) {
  return index < 0 ? {} : { ruleIndex: index };
}

function fixesOf({ fix }: CrqDiagnostic, sources: ReadonlyMap<string, string>) {
  if (fix === undefined || fix.edits.length === 0 || fix.edits.some(({ file }) => !sources.has(file))) return {};
  const files = [...new Set(fix.edits.map(({ file }) => file))];
  return {
    fixes: [
      {
        description: { text: fix.description },
        artifactChanges: files.map((file) => ({
          artifactLocation: { uri: uriOf(file) },
          replacements: fix.edits.filter((edit) => edit.file === file).map((edit) => replacement(edit, sources.get(file) ?? "")),
        })),
      },
    ],
  };
}

function replacement({ start, end, text }: TextEdit, source: string) {
  const lines = linesOf(source);
  const from = lines.placeAt(start);
  const to = lines.placeAt(end);
  return {
    deletedRegion: { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column },
    insertedContent: { text },
  };
}
