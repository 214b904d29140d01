import { PROFILES } from "../../src/crq/lint/rule.ts";
import { RULES } from "../../src/crq/lint/rules/all.ts";
import { MADE } from "./made.ts";

/** docs/reference/lint-rules.md */
export function lintRules(): string {
  const rows = RULES.map(
    (rule) =>
      `| \`${rule.name}\` | ${cell(rule.about)} | ${PROFILES.map((profile) => rule.levels[profile]).join(" | ")} | ${rule.fixes ? "yes" : ""} |`,
  );
  return `# Lint rules\n\n${MADE} \`crq-agent lint --explain RULE\` says more.\n\n| rule | finds | import | standard | strict | \`--fix\` |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "\\<");
