import { expect, test } from "vitest";
import { type PlannedNode, planProblems } from "../../../../src/crq/criteria/judge/lattice-nodes.ts";

/** A node with what its flake declares and its build uses; folders are names. */
const node = (name: string, depends: readonly string[], lower = depends, uses = lower): PlannedNode => ({
  name,
  depends,
  node: { folder: name, lower, uses: new Set(uses) },
});

test("a node may declare and use what lies below what it takes, and nothing else beyond the plan", () => {
  const below = [node("a", []), node("b", ["a"]), node("c", [])];
  expect(planProblems([...below, node("top", ["b"], ["b", "a"])])).toEqual([]);
  expect(planProblems([...below, node("top", ["b"], ["b"], ["b", "a"])])).toEqual([]);
  expect(planProblems([...below, node("top", ["b"], ["b", "c"])])).toEqual(["top takes c, which the plan does not say"]);
  expect(planProblems([...below, node("top", ["b"], ["b", "a"], ["a"])])).toEqual([
    "top takes b as an input, and its build does not use it",
  ]);
});
