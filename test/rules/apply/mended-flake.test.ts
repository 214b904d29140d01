import { expect, test } from "vitest";
import { plainDiagnosis } from "../../../src/nix/diagnose/plain-diagnosis.ts";
import { mendedFlake } from "../../../src/rules/apply/flake-draft.ts";
import { plain } from "../../nix/recipes/plans.ts";

const dummy = plainDiagnosis("build", { kind: "dummy-source" }, "the dependency step fails", "Look.");
const recipe = { kind: "recipe", plan: { ...plain, builder: "naersk" } } as const;

test("a dummy source that a mechanic filled keeps the dependencies' own step", () => {
  const text = "{ package = naersk.buildPackage { extraDummyScript = ''touch $out/link.x''; }; }";
  expect(mendedFlake(recipe, text, [dummy])).toEqual({ kind: "kept", plan: recipe.plan, text });
});

test("one that was given up for a single step is the plan's too", () => {
  const text = "{ package = naersk.buildPackage { singleStep = true; }; }";
  expect(mendedFlake(recipe, text, [dummy]).plan.singleStep).toBe(true);
});
