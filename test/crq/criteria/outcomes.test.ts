import { describe, expect, test } from "vitest";
import { type CheckResult, result } from "../../../src/crq/criteria/check/result.ts";
import { type OutcomeFacts, outcomesOf, ranOtherwise } from "../../../src/crq/criteria/outcomes.ts";
import type { Waiver } from "../../../src/crq/model.ts";
import { BUILD, baselineOf, criterion, observed, RUN, runOf } from "./samples.ts";

const judged = (facts: Partial<OutcomeFacts> & Pick<OutcomeFacts, "run">) =>
  outcomesOf({ baseline: undefined, acceptedCanaries: new Set(), waivers: [], today: "2026-11-20", ...facts }).map(
    ({ criterion: { id }, verdict, reason, checks }) => ({
      id,
      verdict,
      reason,
      checks: checks.map((check) => check.judged.code),
    }),
  );

const AC_1 = criterion("AC-1", [BUILD, RUN]);

test("the worst check decides and gives the reason", () => {
  expect(judged({ run: runOf([[AC_1, [observed("pass"), observed("fail", "exit")]]]) })).toEqual([
    { id: "AC-1", verdict: "fail", reason: "it was fail", checks: ["met", "exit"] },
  ]);
});

describe("a pass that proves nothing is vacuous", () => {
  const run = runOf([[AC_1, [observed("pass"), observed("pass")]]]);

  test("where it was true before", () => {
    const baseline = baselineOf([
      ["AC-1.0", "nix-build", "pass", "met"],
      ["AC-1.1", "run", "fail", "mismatch"],
    ]);
    expect(judged({ run, baseline })).toEqual([
      {
        id: "AC-1",
        verdict: "vacuous",
        reason: "this was true before the change already (it was pass); say `regression = true` if it is meant to stay true",
        checks: ["already-true", "met"],
      },
    ]);
  });

  test("but not for a regression check", () => {
    const baseline = baselineOf([
      ["AC-1.0", "nix-build", "pass", "met", true],
      ["AC-1.1", "run", "fail", "mismatch"],
    ]);
    expect(judged({ run, baseline })).toEqual([{ id: "AC-1", verdict: "pass", reason: "it was pass", checks: ["met", "met"] }]);
  });

  test("where the canary of its kind was accepted", () => {
    expect(judged({ run, acceptedCanaries: new Set(["run"]) })).toEqual([
      {
        id: "AC-1",
        verdict: "vacuous",
        reason: "checks of kind run accepted a known bad example on this machine, so their pass proves nothing",
        checks: ["met", "canary-accepted"],
      },
    ]);
  });
});

test("what was true before and is broken now stays a fail", () => {
  const baseline = baselineOf([
    ["AC-1.0", "nix-build", "pass", "met"],
    ["AC-1.1", "run", "pass", "met"],
  ]);
  const run = runOf([[AC_1, [observed("fail", "build"), observed("skipped", "prerequisite")]]]);
  expect(judged({ run, baseline })).toEqual([
    { id: "AC-1", verdict: "fail", reason: "it was fail", checks: ["build", "prerequisite"] },
  ]);
});

describe("waivers", () => {
  const waiver: Waiver = { ac: "AC-1", reason: "no aarch64 builder", by: "human:Ada", until: "2026-12-31" };
  const run = runOf([[AC_1, [observed("unavailable", "other-system"), observed("pass")]]]);

  test("are shown as waived, with what they cover", () => {
    expect(judged({ run, waivers: [waiver] })).toEqual([
      {
        id: "AC-1",
        verdict: "waived",
        reason: "no aarch64 builder (waived by human:Ada until 2026-12-31; unavailable: it was unavailable)",
        checks: ["other-system", "met"],
      },
    ]);
  });

  test("are void after their last day", () => {
    expect(judged({ run, waivers: [waiver], today: "2027-01-01" })[0]?.verdict).toBe("unavailable");
  });
});

test("need = any passes with one pass, also where another was true before", () => {
  const any = { ...AC_1, need: "any" } as const;
  const baseline = baselineOf([
    ["AC-1.0", "nix-build", "pass", "met"],
    ["AC-1.1", "run", "fail", "mismatch"],
  ]);
  expect(judged({ run: runOf([[any, [observed("pass"), observed("pass")]]]), baseline })[0]?.verdict).toBe("pass");
});

test("a criterion without a check is skipped", () => {
  expect(judged({ run: runOf([[criterion("AC-3", []), []]]) })).toEqual([
    { id: "AC-3", verdict: "skipped", reason: "the criterion has no check", checks: [] },
  ]);
});

describe("a program of its own mind", () => {
  const otherwise = result("fail", "mismatch", "run", "stdout is 4, not 3", { candidates: 1, checked: 1 });
  const of = (results: readonly CheckResult[], verdict: "fail" | "pass" = "fail") =>
    outcomesOf({
      run: runOf([[AC_1, results]]),
      baseline: undefined,
      acceptedCanaries: new Set(),
      waivers: [],
      today: "2026-11-20",
    })
      .map(({ checks }) => ranOtherwise({ verdict, checks }))
      .every(Boolean);

  test("is what a criterion fails for whose other checks pass", () => {
    expect(of([observed("pass"), otherwise])).toBe(true);
  });

  test.each([
    ["what does not build", [observed("fail", "build"), otherwise]],
    ["a weakening, which leaves every check passing", [observed("pass"), observed("pass")]],
  ])("is not seen in %s", (_, results) => {
    expect(of(results)).toBe(false);
  });
});
