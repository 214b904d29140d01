import { CHECK_KINDS } from "../../src/crq/checks.ts";
import { KINDS } from "../../src/crq/criteria/kinds/registry.ts";
import { describeCheckKinds } from "../../src/jobs/facts/check-kinds-text.ts";
import { MADE } from "./made.ts";

/** docs/reference/check-kinds.md */
export function checkKinds(): string {
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
