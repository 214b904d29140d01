import { describe, expect, test } from "vitest";
import { approvalHash } from "../../src/crq/approval.ts";
import { stateOf } from "../../src/crq/lifecycle.ts";
import { parseCrq } from "../../src/crq/parse.ts";
import { approve } from "../../src/crq/transitions.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "./fixtures/example.ts";

const approved = (() => {
  const written = approve(parseCrq(EXAMPLE_PATH, EXAMPLE), { by: "human:Ada", at: "2026-11-21T09:00:00Z", via: "prompt" });
  if ("problem" in written) throw new Error(written.problem);
  return parseCrq(EXAMPLE_PATH, written.source);
})();
const hash = approvalHash(approved) ?? "";

describe("stateOf an approved CRQ: the first rule that fits", () => {
  test.each([
    ["nothing is known", undefined, { state: "approved" }],
    ["no run", { tree: "t" }, { state: "approved" }],
    ["report ok and current", { tree: "t", report: { ok: true, hash, tree: "t" } }, { state: "verified" }],
    [
      "report ok, files changed",
      { tree: "u", report: { ok: true, hash, tree: "t" } },
      { state: "stale", reason: "the files changed since the report" },
    ],
    [
      "report ok, criteria changed and approved again",
      { tree: "t", report: { ok: true, hash: "sha256:old", tree: "t" } },
      { state: "stale", reason: "the criteria changed since the report" },
    ],
    [
      "report not ok, last run without success, files unchanged",
      { tree: "t", report: { ok: false, hash, tree: "t" }, lastApply: { ok: false, outcome: "gave-up", tree: "t", hash } },
      { state: "blocked", reason: "gave-up" },
    ],
    [
      "last run without success, files changed since",
      { tree: "u", lastApply: { ok: false, outcome: "gave-up", tree: "t", hash } },
      { state: "in-progress" },
    ],
    ["a run was started", { tree: "t", started: true }, { state: "in-progress" }],
  ])("%s", (_, runs, expected) => {
    expect(stateOf(approved, runs)).toEqual(expected);
  });

  test("a changed criterion voids the approval, whatever the report says", () => {
    const changed = parseCrq(EXAMPLE_PATH, approved.source.replace("min-inputs = 3", "min-inputs = 1"));
    expect(stateOf(changed, { tree: "t", report: { ok: true, hash, tree: "t" } })).toEqual({
      state: "proposed",
      reason: "Scope or Acceptance Criteria changed since the approval",
    });
  });

  test("approved by an agent counts as proposed", () => {
    const changed = parseCrq(EXAMPLE_PATH, approved.source.replace("human:Ada", "agent:x@1/y"));
    expect(stateOf(changed, undefined)).toEqual({ state: "proposed", reason: "approved by agent:x@1/y, which is no person" });
  });
});

test("any other status is what is stored", () => {
  for (const status of ["draft", "proposed", "rejected", "deferred", "withdrawn"]) {
    expect(stateOf(parseCrq(EXAMPLE_PATH, exampleWith(['"proposed"', `"${status}"`])), { tree: "t", started: true })).toEqual({
      state: status,
    });
  }
});
