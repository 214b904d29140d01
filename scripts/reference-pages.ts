import { CHECK_KINDS } from "../src/crq/checks.ts";
import { KINDS } from "../src/crq/criteria/kinds/registry.ts";
import { reportJsonSchema } from "../src/crq/criteria/report/evidence.ts";
import { PROFILES } from "../src/crq/lint/rule.ts";
import { RULES } from "../src/crq/lint/rules/all.ts";
import { describeCheckKinds } from "../src/jobs/facts/check-kinds-text.ts";
import { EVENT_SCHEMA_FILE, eventSchemaText } from "../src/session/event-schema.ts";

/** The pages of docs/reference that are made from the code: file name to text. A test compares them with what is committed. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    [EVENT_SCHEMA_FILE]: eventSchemaText(),
    "crq-report-1.schema.json": `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
    "check-kinds.md": checkKinds(),
    "lint-rules.md": lintRules(),
  };
}

const MADE = "Made from the code by `node scripts/reference.ts`; edits here are lost.";

function checkKinds(): string {
  const keys = new Map(
    describeCheckKinds()
      .split("\n")
      .map((line) => [line.slice(2, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  const parts = CHECK_KINDS.map((kind) => {
    const { tier, guard, canary } = KINDS[kind];
    return [
      `## ${kind}`,
      "",
      `A pass proves up to tier **${tier}**. Vacuous when: ${guard}.`,
      ...(canary ? ["", `Its bad example, which must be rejected on a machine before passes count: ${canary.description}.`] : []),
      "",
      `Keys: ${(keys.get(kind) ?? "")
        .split(/, (?=[a-z0-9-]+\??: )/u)
        .map((key) => `\`${key}\``)
        .join(", ")}`,
      "",
    ].join("\n");
  });
  return `# Check kinds\n\n${MADE}\n\nTiers: text < parse < eval < build < run. Every check may also have \`timeout\` (seconds), \`systems\`, \`network\`,\n\`regression\` (must stay true) and \`suggested\` (never run).\n\n${parts.join("\n")}`;
}

function lintRules(): string {
  const rows = RULES.map(
    (rule) =>
      `| \`${rule.name}\` | ${cell(rule.about)} | ${PROFILES.map((profile) => rule.levels[profile]).join(" | ")} | ${rule.fixes ? "yes" : ""} |`,
  );
  return `# Lint rules\n\n${MADE} \`crq-agent lint --explain RULE\` says more.\n\n| rule | finds | import | standard | strict | \`--fix\` |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "\\<");
