import type { CrqDiagnostic } from "../model.ts";
import { isOfNewerSchema } from "../parse/blocks/metadata.ts";
import { type CrqDocument, readDocument } from "../parse/document.ts";
import { readIgnores } from "./ignore.ts";
import type { LintContext, Profile, Rule } from "./rule.ts";
import { badIgnore, RULES } from "./rules/all.ts";

/** Which rules: those that read one document alone, those that read the others of its folder too, or all. */
export type Part = "own" | "across" | "all";

const PARTS: Readonly<Record<Part, readonly Rule[]>> = {
  own: RULES.filter((rule) => rule.acrossDocuments !== true),
  across: RULES.filter((rule) => rule.acrossDocuments === true),
  all: RULES,
};

/** Lints one document. Never throws on any text; findings come in the order of their places. */
export function lint(path: string, source: string, profile: Profile, context: LintContext = {}): CrqDiagnostic[] {
  return lintDocument(readDocument(path, source), profile, context);
}

/** As `lint`, for a document that was read already. */
export function lintDocument(
  document: CrqDocument,
  profile: Profile,
  context: LintContext = {},
  part: Part = "all",
): CrqDiagnostic[] {
  const alone = findingsThatStandAlone(document);
  if (alone.length > 0) return part === "across" ? [] : alone;
  const file = document.crq.path;
  // A document with front matter is another kind of document: `import` makes a CRQ of it, and its text stays as it is.
  const isForeign = document.metadataBlock === undefined && document.root.children.some((node) => node.type === "yaml");
  const { ignores, bad } = readIgnores(document, RULES);
  const used = new Set<(typeof ignores)[number]>();
  const found: CrqDiagnostic[] = [];
  for (const rule of PARTS[part]) {
    if (rule.levels[profile] === "off") continue;
    for (const { place, message, level, fix } of rule === badIgnore ? bad : rule.check({ document, context, profile })) {
      const severity = level ?? rule.levels[profile];
      const ignored = ignores.filter(
        (ignore) => ignore.rule === rule.name && place.line >= ignore.from && place.line <= ignore.to,
      );
      for (const ignore of ignored) used.add(ignore);
      if (severity === "off" || ignored.length > 0) continue;
      found.push({
        severity,
        rule: rule.name,
        message,
        file,
        line: place.line,
        column: place.column,
        ...(fix && !isForeign && { fix }),
      });
    }
  }
  for (const ignore of ignores) {
    const rule = PARTS[part].find(({ name }) => name === ignore.rule);
    if (rule === undefined || used.has(ignore) || !wasChecked(rule, profile, context)) continue;
    const message = `this comment ignores nothing: \`${rule.name}\` finds nothing in the block below; remove it`;
    found.push({ severity: "info", rule: badIgnore.name, message, file, ...ignore.place });
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Whether a rule could find anything: it is on, and what it needs to know of the world is known. */
export function wasChecked(rule: Rule, profile: Profile, context: LintContext): boolean {
  return rule.levels[profile] !== "off" && (rule.needs === undefined || context[rule.needs] !== undefined);
}

/** What makes all other findings worthless: a text that was not read, or a format that this program does not know. */
function findingsThatStandAlone({ crq, metadataBlock }: CrqDocument): CrqDiagnostic[] {
  const unreadable = crq.problems.filter(({ rule }) => rule === "structure/unreadable");
  if (unreadable.length > 0) return unreadable;
  if (metadataBlock === undefined || !isOfNewerSchema(metadataBlock)) return [];
  return crq.problems.filter(
    ({ rule, line }) => rule === "meta/invalid-block" && line === metadataBlock.placeOf(["schema"]).line,
  );
}

/** The severity that findings about the generated lists have in a profile (they are made without one). */
export function withProfile(diagnostics: readonly CrqDiagnostic[], profile: Profile): CrqDiagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const severity = RULES.find(({ name }) => name === diagnostic.rule)?.levels[profile] ?? diagnostic.severity;
    return severity === "off" ? [] : [{ ...diagnostic, severity }];
  });
}
