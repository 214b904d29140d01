import { describe, expect, test } from "vitest";
import { exampleWith } from "../../fixtures/example.ts";
import { findings } from "../context.ts";

type Case = [what: string, source: string, expected: string[]];

describe("plan/uncovered-criterion", () => {
  test.each<Case>([
    [
      "a criterion without step",
      exampleWith(["(AC-1, AC-3, AC-4)", "(AC-1 and AC-3)"]),
      ["52:1 error no step of section 6 names AC-4"],
    ],
    [
      "a step without criterion",
      exampleWith(["**Document it** (AC-5).", "**Document it** for AC-5."]),
      ["57:1 error no step of section 6 names AC-5", "67:1 error step 3 names no criterion; add `(AC-n)` or `(no-ac: reason)`"],
    ],
    [
      "a step that serves none, with the reason",
      exampleWith(["3.  **Document it** (AC-5).", "3.  **Document it** (AC-5).\n4.  Tidy up (no-ac: nothing to see)."]),
      [],
    ],
    [
      "a criterion that does not exist",
      exampleWith(["**Document it** (AC-5)", "**Document it** (AC-5, AC-6)"]),
      ["67:1 error step 3 names AC-6, which section 5 does not have"],
    ],
    [
      "a withdrawn criterion needs none",
      exampleWith(["(AC-2): Rust", "(no-ac: x): Rust"], ["-   **AC-2**: `nix", "-   **AC-2** (withdrawn 2026-11-21: no): `nix"]),
      [],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("plan/uncovered-criterion", source)).toEqual(expected);
  });
});

describe("plan/scope-split", () => {
  test.each<Case>([
    ["no 3.2", exampleWith(["### 3.2. Out of Scope\n", ""]), ["18:1 error sub-section `3.2. Out of Scope` is missing"]],
    [
      "the plan names what is out of scope",
      exampleWith(["**Document it** (AC-5)", "**Document it** in `Cargo.toml` (AC-5)"]),
      ["67:24 error the plan names `Cargo.toml`, which 3.2 puts out of scope"],
    ],
  ])("%s", (_, source, expected) => {
    expect(findings("plan/scope-split", source)).toEqual(expected);
  });
});

test("plan/hand-written-commits: an empty field can be removed", () => {
  const source = exampleWith([
    "## 7. References\n",
    "## 7. References\n\n**Associated Commits:** [List of commits]\n\n### Associated Commits\n\n",
  ]);
  expect(findings("plan/hand-written-commits", source)).toEqual([
    "70:1 warning commits are found by their trailers; this field is not kept *",
    "72:1 warning commits are found by their trailers; this field is not kept",
  ]);
});
