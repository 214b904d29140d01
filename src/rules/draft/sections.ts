import { renderFacts } from "../../crq/render/blocks.ts";
import type { Evidence } from "./evidence.ts";
import { joined } from "./subject.ts";

/** Parts that every drafted document has in the same form. */

export const bullets = (lines: readonly string[]): string => lines.map((line) => `-   ${line}`).join("\n");

/** Section 7: each source with its facts, then the facts. */
export function referenceList({ facts }: Evidence, otherwise: string): string {
  if (facts.length === 0) return bullets([otherwise]);
  const sources = [...new Set(facts.map((fact) => fact.source))];
  const lines = sources.map(
    (source) => `\`${source}\`, see ${joined(facts.filter((fact) => fact.source === source).map((fact) => fact.id))}.`,
  );
  return `${bullets(lines)}\n\n${renderFacts(facts, 4)}`;
}

/** Sections 9 and 10, where they have content. */
export function tails({ questions, clarifications }: Evidence): string {
  const asked = questions.map(
    ({ text, answer }, index) => `-   **Q-${index + 1}**: ${text}${answer === undefined ? "" : `\n    Answer: ${answer}`}`,
  );
  return [
    ...(asked.length > 0 ? ["", "## 9. Open Questions", "", asked.join("\n")] : []),
    ...(clarifications.length > 0 ? ["", "## 10. Clarifications", "", bullets(clarifications)] : []),
  ].join("\n");
}
