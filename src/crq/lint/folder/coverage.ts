import { wasChecked } from "../lint.ts";
import type { LintContext, Profile } from "../rule.ts";
import { RULES } from "../rules/all.ts";

/** What a run looked at and what it could not look at: no finding is worth something only where there was a look. */
export interface Coverage {
  readonly documents: number;
  /** Rules that are on in a profile of the run and were checked. */
  readonly rules: number;
  readonly unchecked: readonly { readonly rule: string; readonly why: string }[];
}

/** @param why what was missing, by the part of the context that a rule needs, or by the rule's name */
export function coverageOf(
  documents: number,
  profiles: readonly Profile[],
  context: LintContext,
  why: Readonly<Record<string, string>>,
): Coverage {
  const on = RULES.filter((rule) => profiles.some((profile) => rule.levels[profile] !== "off"));
  const reason = (rule: (typeof RULES)[number]): string | undefined =>
    why[rule.name] ??
    (profiles.some((profile) => wasChecked(rule, profile, context)) ? undefined : (why[rule.needs ?? ""] ?? "not looked at"));
  const unchecked = on.flatMap((rule) => {
    const missing = reason(rule);
    return missing === undefined ? [] : [{ rule: rule.name, why: missing }];
  });
  return { documents, rules: on.length - unchecked.length, unchecked };
}

/** `3 documents, 57 rules`, and a line for what was not checked. */
export function describeCoverage({ documents, rules, unchecked }: Coverage): string {
  const counted = `${documents} document${documents === 1 ? "" : "s"}, ${rules} rules`;
  const byReason = Map.groupBy(unchecked, ({ why }) => why);
  const missing = [...byReason].map(([why, entries]) => `${entries.map(({ rule }) => rule).join(", ")} (${why})`);
  return missing.length === 0 ? counted : `${counted}\nnot checked: ${missing.join("; ")}`;
}
