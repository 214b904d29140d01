import { explainRule } from "../../src/crq/lint/explain.ts";
import { PROFILES } from "../../src/crq/lint/rule.ts";
import { RULES } from "../../src/crq/lint/rules/all.ts";
import { MADE } from "./made.ts";

/** docs/reference/lint-rules.md */
export function lintRules(): string {
  const rows = RULES.map(
    (rule) =>
      `| [\`${rule.name}\`](#${rule.name.replace("/", "")}) | ${cell(rule.about)} | ${PROFILES.map((profile) => rule.levels[profile]).join(" | ")} | ${rule.fixes ? "yes" : ""} |`,
  );
  const texts = RULES.map((rule) => {
    // The first line is the heading, the severities are in the table.
    const text = explainRule(rule)
      .split("\n")
      .slice(2)
      .filter((line) => !line.startsWith("Severity: "));
    return `## ${rule.name}\n\n${text
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trimEnd()}\n`;
  });
  return `# Lint rules\n\n${MADE} \`crq-agent lint --explain RULE\` prints the same.\n\n| rule | finds | import | standard | strict | \`--fix\` |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n\n${texts.join("\n")}`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "\\<");
