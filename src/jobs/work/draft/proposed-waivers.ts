import type { Crq, CrqDiagnostic } from "../../../crq/model.ts";
import { WEAKENING_PATTERNS } from "../../../nix/weakening/patterns.ts";

/**
 * A drafter may only propose a waiver, and only in the person's own words: who approves reads it and gives it. A model that could write
 * `human:` would waive by itself (docs/decisions/0033).
 */
export function unfoundedWaivers(crq: Crq, author: string, task: string): readonly CrqDiagnostic[] {
  return (crq.metadata?.waivers ?? []).flatMap(({ weakening = "", reason, by }) => {
    const problem =
      by !== author
        ? `only a person can waive; a draft proposes it with by = "${author}"`
        : !WEAKENING_PATTERNS.some((pattern) => weakening === pattern || weakening.startsWith(`${pattern}:`))
          ? `a draft proposes a waiver of a weakening, \`PATTERN\` or \`PATTERN:FILE\`, with one of the patterns ${WEAKENING_PATTERNS.join(", ")}`
          : !flat(task).includes(flat(reason)) || flat(reason).length < MIN_REASON
            ? "the reason of a waiver is what the wish says of it, word for word; where the wish allows nothing, propose none"
            : undefined;
    if (problem === undefined) return [];
    return [{ severity: "error", rule: "lifecycle/unfounded-waiver", message: problem, file: crq.path, line: 1, column: 1 }];
  });
}

/** Fewer characters than a permission can be said in. */
const MIN_REASON = 12;

const flat = (text: string): string => text.replace(/\s+/gu, " ").trim();
