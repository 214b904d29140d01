import { nearest } from "../toml/suggest.ts";
import { isAbsolute, PROFILES, type Rule } from "./rule.ts";
import { RULES } from "./rules/all.ts";

/** Finds a rule by name; a string says that there is none and which was probably meant. */
export function findRule(name: string): Rule | string {
  const rule = RULES.find((candidate) => candidate.name === name);
  if (rule !== undefined) return rule;
  const names = RULES.map((candidate) => candidate.name);
  const meant = nearest(name, names) ?? names.find((candidate) => candidate.endsWith(`/${name}`));
  return `there is no rule \`${name}\`${meant === undefined ? "" : `; did you mean \`${meant}\`?`}`;
}

/** The text of `lint --explain RULE`. */
export function explainRule(rule: Rule): string {
  return [
    `${rule.name}: ${rule.about}`,
    "",
    rule.explain,
    "",
    `Severity: ${PROFILES.map((profile) => `${profile} ${rule.levels[profile]}`).join(", ")}.`,
    rule.fixes === true ? "`--fix` repairs some of its findings." : "It has no automatic fix.",
    isAbsolute(rule)
      ? "It cannot be ignored."
      : `Ignore one finding: \`<!-- crq-lint ignore ${rule.name}: reason -->\` above the block.`,
    "",
  ].join("\n");
}
