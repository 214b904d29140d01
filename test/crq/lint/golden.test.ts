import { describe, expect, test } from "vitest";
import { lint } from "../../../src/crq/lint/lint.ts";
import { undeclaredArguments } from "../../../src/nix/recipes/existing/undeclared-arguments.ts";
import { CHAT_LEFTOVERS, NIX_MISTAKES } from "../fixtures/imitations.ts";
import { CONTEXT, catalogueOf } from "./context.ts";

type Profile = "import" | "standard" | "strict";
const context = { ...CONTEXT, catalogue: catalogueOf({}), undeclaredInputs: undeclaredArguments };
const found = (profile: Profile, path: string, source: string) =>
  lint(path, source, profile, context).map(({ line, column, severity, rule }) => `${line}:${column} ${severity} ${rule}`);

describe("a change request full of chat leftovers", () => {
  const PATH = "crqs/CRQ-012-tide-tables.md";

  test("strict: every phenomenon at its place, and nothing besides", () => {
    expect(found("strict", PATH, CHAT_LEFTOVERS)).toEqual([
      "1:1 error meta/missing-block",
      "11:1 error plan/scope-split",
      "11:1 error plan/scope-split",
      "14:1 error structure/leaked-prompt",
      "16:1 error structure/leaked-prompt",
      "16:44 error grounding/machine-path",
      "16:100 error grounding/machine-path",
      "17:1 error structure/leaked-prompt",
      "19:19 error grounding/missing-path",
      "26:40 error grounding/machine-path",
      "27:75 warning nix/unknown-crq-ref",
      "28:1 error structure/leaked-prompt",
      "28:23 error grounding/machine-path",
      "35:1 error acceptance/criterion-without-id",
      "35:1 error acceptance/criterion-without-check",
      "35:1 error plan/uncovered-criterion",
      "35:16 warning acceptance/weak-word",
      "35:55 error acceptance/placeholder",
      "36:1 error acceptance/criterion-without-id",
      "36:1 error acceptance/criterion-without-check",
      "36:1 error plan/uncovered-criterion",
      "36:35 warning acceptance/weak-word",
      "37:1 error acceptance/criterion-without-id",
      "37:1 error acceptance/criterion-without-check",
      "37:1 error plan/uncovered-criterion",
      "41:1 error plan/uncovered-criterion",
      "42:1 error plan/uncovered-criterion",
      "46:5 error grounding/dead-reference",
      "46:17 error grounding/dead-reference",
      "47:6 error grounding/machine-path",
      "48:1 error structure/unbalanced-fence",
      "53:1 error grounding/machine-path",
      "55:20 error grounding/machine-path",
    ]);
  });

  test("as a foreign document the same is found and nothing is an error", () => {
    const places = (lines: readonly string[]) => lines.map((line) => line.replace(/ \w+ /, " "));
    const lenient = found("import", PATH, CHAT_LEFTOVERS);
    expect(lenient.filter((line) => line.includes(" error "))).toEqual([]);
    expect(places(lenient)).toEqual(places(found("strict", PATH, CHAT_LEFTOVERS)));
  });

  test("at the standard profile only what is a matter of form is milder", () => {
    const milder = found("standard", PATH, CHAT_LEFTOVERS).flatMap((line) => / warning (.*)/.exec(line)?.[1] ?? []);
    expect([...new Set(milder)]).toEqual([
      "plan/scope-split",
      "grounding/missing-path",
      "nix/unknown-crq-ref",
      "plan/uncovered-criterion",
      "acceptance/weak-word",
      "grounding/dead-reference",
    ]);
  });
});

test("commands that Nix rejects, inputs that no one else has, a name that is not declared", () => {
  const rules = found("standard", "crqs/CRQ-013-checks.md", NIX_MISTAKES).filter((line) => line.includes(" nix/"));
  expect(rules).toEqual([
    "13:1 error nix/malformed-command",
    "14:1 error nix/malformed-command",
    "18:16 info nix/malformed-command",
    "23:30 error nix/local-input",
    "28:25 warning nix/off-policy-input",
    "37:12 warning nix/off-policy-input",
  ]);
});
