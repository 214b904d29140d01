import { describe, expect, test } from "vitest";
import { lint } from "../../../src/crq/lint/lint.ts";
import { CHAT_LEFTOVERS } from "../fixtures/imitations.ts";
import { CONTEXT } from "./context.ts";

const PATH = "crqs/CRQ-012-tide-tables.md";
const found = (profile: "import" | "standard" | "strict") =>
  lint(PATH, CHAT_LEFTOVERS, profile, CONTEXT).map(({ line, column, severity, rule }) => `${line}:${column} ${severity} ${rule}`);

describe("a change request full of chat leftovers", () => {
  test("strict", () => {
    expect(found("strict")).toEqual([
      "1:1 error meta/missing-block",
      "11:1 error plan/scope-split",
      "11:1 error plan/scope-split",
      "14:1 error structure/leaked-prompt",
      "14:68 error grounding/machine-path",
      "16:19 error grounding/missing-path",
      "23:31 error grounding/machine-path",
      "24:1 error structure/leaked-prompt",
      "28:1 error acceptance/criterion-without-id",
      "28:1 error acceptance/criterion-without-check",
      "28:1 error plan/uncovered-criterion",
      "28:18 error acceptance/placeholder",
      "29:1 error acceptance/criterion-without-id",
      "29:1 error acceptance/criterion-without-check",
      "29:1 error plan/uncovered-criterion",
      "29:18 warning acceptance/weak-word",
      "30:1 error acceptance/criterion-without-id",
      "30:1 error acceptance/criterion-without-check",
      "30:1 error plan/uncovered-criterion",
      "34:1 error plan/uncovered-criterion",
      "35:1 error plan/uncovered-criterion",
      "39:5 error grounding/dead-reference",
      "39:17 error grounding/dead-reference",
      "40:6 error grounding/machine-path",
      "41:1 error structure/unbalanced-fence",
    ]);
  });

  test("as a foreign document nothing is an error", () => {
    expect(found("import").filter((line) => line.includes(" error "))).toEqual([]);
    expect(new Set(found("import").map((line) => line.split(" ")[1]))).toEqual(new Set(["warning", "info"]));
  });
});
