import { expect, test } from "vitest";
import { explainRule, findRule } from "../../../src/crq/lint/explain.ts";
import { RULES } from "../../../src/crq/lint/rules/all.ts";

test("explainRule says what, why, how severe, and how to get rid of it", () => {
  const rule = findRule("id/file-name");
  expect(typeof rule === "string" ? rule : explainRule(rule)).toBe(`id/file-name: the file is not named \`CRQ-NNN-kebab-slug.md\`

One form of name keeps lists sorted and ids findable. \`--fix\` renames the file.

Severity: import info, standard warning, strict error.
\`--fix\` repairs some of its findings.
Ignore one finding: \`<!-- crq-lint ignore id/file-name: reason -->\` above the block.
`);
});

test("findRule names the rule that was meant", () => {
  expect(findRule("id/filename")).toBe("there is no rule `id/filename`; did you mean `id/file-name`?");
  expect(findRule("weak-word")).toBe("there is no rule `weak-word`; did you mean `acceptance/weak-word`?");
  expect(findRule("x")).toBe("there is no rule `x`");
});

test("every rule has a text for people", () => {
  for (const rule of RULES)
    expect([rule.name, rule.about.length > 10, rule.explain.length > 40]).toEqual([rule.name, true, true]);
});
