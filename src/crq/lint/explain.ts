import { nearest } from "../toml/suggest.ts";
import { isAbsolute, PROFILES, type Rule } from "./rule.ts";
import { RULES } from "./rules/all.ts";

/** Finds a rule by name; a string says that there is none and which was probably meant. */
export function findRule(name: string): Rule | string {
  const rule = RULES.find((candidate) => candidate.name === name);
  if (rule !== undefined) return rule;
  const names = RULES.map((candidate) => candidate.name);
  const meant = nearest(name, names) ?? names.find((candidate) => candidate.endsWith(`/${name}`));
  const area = names.filter((candidate) => candidate.startsWith(`${name.replace(/\/$/, "")}/`));
  const hint =
    meant !== undefined
      ? `; did you mean \`${meant}\`?`
      : area.length > 0
        ? `; the rules of that area are ${area.join(", ")}`
        : "";
  return `there is no rule \`${name}\`${hint}`;
}

/** The text of `lint --explain RULE`. */
export function explainRule(rule: Rule): string {
  return [
    `${rule.name}: ${rule.about}`,
    "",
    rule.explain,
    "",
    ...(rule.examples === undefined
      ? []
      : ["Found:", "", indented(rule.examples.bad), "", "Fine:", "", indented(rule.examples.good), ""]),
    `Severity: ${PROFILES.map((profile) => `${profile} ${rule.levels[profile]}`).join(", ")}.`,
    rule.fixes === true ? "`--fix` repairs some of its findings." : "It has no automatic fix.",
    isAbsolute(rule)
      ? "It cannot be ignored."
      : rule.name.startsWith("index/")
        ? "It is about the lists, not about a document, so no comment can ignore it."
        : `Ignore one finding: \`<!-- crq-lint ignore ${rule.name}: reason -->\` above the block.`,
    "",
  ].join("\n");
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}
