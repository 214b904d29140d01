import { describe, expect, test } from "vitest";
import { approvalHash } from "../../../src/crq/lifecycle/approval.ts";
import { stateOf, unmetGuards } from "../../../src/crq/lifecycle/state.ts";
import { approve } from "../../../src/crq/lifecycle/transitions.ts";
import { parseCrq } from "../../../src/crq/parse.ts";
import { EXAMPLE, EXAMPLE_PATH, exampleWith } from "../fixtures/example.ts";

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

describe("runs that say more than their end", () => {
  const ok = { ok: true, hash, tree: "proven" };
  const done = { ok: true, outcome: "done", tree: "t", hash, handedOver: "branch feature/x" };
  test.each([
    [
      "handed over, not merged",
      { tree: "t", report: ok, lastApply: done },
      "in-progress: handed over as branch feature/x, which is not merged here",
    ],
    ["handed over, files changed since", { tree: "u", report: ok, lastApply: done }, "stale: the files changed since the report"],
    [
      "handed over, not merged, and verified here since",
      { tree: "t", report: { ok: false, hash, tree: "t" }, lastApply: done },
      "in-progress: handed over as branch feature/x, which is not merged here",
    ],
    [
      "blocked for other criteria",
      { tree: "t", lastApply: { ok: false, outcome: "question: AC-1", tree: "t", hash: "sha256:old" } },
      "in-progress",
    ],
    ["no tree at all", { tree: undefined, lastApply: { ok: false, outcome: "x", tree: undefined, hash } }, "in-progress"],
    ["interrupted", { tree: "t", unended: "an apply was interrupted" }, "in-progress: an apply was interrupted"],
  ])("%s", (_, runs, expected) => {
    const { state, reason } = stateOf(approved, runs);
    expect(reason === undefined ? state : `${state}: ${reason}`).toBe(expected);
  });
});

test("unmetGuards: what a hand edit left out", () => {
  const guards = (status: string, history = ""): readonly string[] =>
    unmetGuards(parseCrq(EXAMPLE_PATH, `${exampleWith(['"proposed"', `"${status}"`])}${history}`));
  const line = (text: string): string => `## 11. History\n-   2026-11-21: ${text}\n`;
  expect(guards("rejected")).toEqual(["rejected without a reason in section 11"]);
  expect(guards("rejected", line("rejected"))).toEqual(["rejected without a reason in section 11"]);
  expect(guards("rejected", line("deferred: after the release"))).toEqual(["rejected without a reason in section 11"]);
  expect(guards("rejected", line("Rejected: nobody needs it"))).toEqual([]);
  expect(guards("superseded")).toEqual(["superseded without `superseded-by`"]);
  expect(guards("closed")).toEqual(["closed without `evidence`"]);
  expect(guards("withdrawn")).toEqual([]);
});
