import type { CrqDiagnostic, TextEdit } from "../../model.ts";
import { linesOf } from "../../parse/text/lines.ts";
import { locationOf, sarifLog, uriOf } from "../../sarif.ts";
import { explainRule } from "../explain.ts";
import type { Coverage } from "../folder/coverage.ts";
import type { Level, Profile, Rule } from "../rule.ts";
import { RULES } from "../rules/all.ts";

const LEVEL = { error: "error", warning: "warning", info: "note", off: "none" } as const satisfies Record<Level, string>;

export interface SarifInput {
  readonly diagnostics: readonly CrqDiagnostic[];
  readonly version: string;
  readonly profile: Profile;
  /** Texts of the documents that were linted: the log's artifacts, and the regions of fixes; a fix of another file is left out. */
  readonly sources: ReadonlyMap<string, string>;
  readonly coverage?: Coverage;
}

/**
 * Findings as a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning services. All rules are in it, so that
 * "checked and clean" can be told from "never checked"; a rule that could not be checked is a notification of the invocation.
 */
export function toSarif({ diagnostics, version, profile, sources, coverage }: SarifInput) {
  return sarifLog(
    version,
    RULES.map((rule) => ruleOf(rule, profile)),
    diagnostics.map((diagnostic) => resultOf(diagnostic, sources)),
    {
      invocations: [
        {
          executionSuccessful: true,
          toolConfigurationNotifications: (coverage?.unchecked ?? []).map(({ rule, why }) => ({
            level: "note",
            message: { text: `${rule} was not checked: ${why}` },
            associatedRule: { id: rule, index: RULES.findIndex(({ name }) => name === rule) },
          })),
        },
      ],
      artifacts: [...sources.keys()].map((path) => ({ location: { uri: uriOf(path) }, mimeType: "text/markdown" })),
    },
  );
}

function ruleOf(rule: Rule, profile: Profile) {
  const level = rule.levels[profile];
  return {
    id: rule.name,
    name: pascalCase(rule.name),
    shortDescription: { text: sentence(rule.about) },
    fullDescription: { text: rule.explain },
    help: { text: explainRule(rule) },
    defaultConfiguration: { enabled: level !== "off", level: LEVEL[level] },
    properties: { tags: [rule.name.split("/")[0] ?? ""] },
  };
}

/** `id/file-name` → `IdFileName`, the form that SARIF asks of a rule's name. */
function pascalCase(name: string): string {
  return name.replace(/(?:^|[/-])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function resultOf(diagnostic: CrqDiagnostic, sources: ReadonlyMap<string, string>) {
  const index = RULES.findIndex(({ name }) => name === diagnostic.rule);
  return {
    ruleId: diagnostic.rule,
    ...(index >= 0 && { ruleIndex: index }),
    level: LEVEL[diagnostic.severity],
    message: { text: diagnostic.message },
    locations: [locationOf(diagnostic.file, Math.max(diagnostic.line, 1), Math.max(diagnostic.column, 1))],
    ...fixesOf(diagnostic, sources),
  };
}

function fixesOf({ fix }: CrqDiagnostic, sources: ReadonlyMap<string, string>) {
  // A rename has no form in SARIF.
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
