import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GateResult, GateResults } from "../../../src/evals/grading/change/gate.ts";
import { isResolved, stageReached } from "../../../src/evals/grading/change/ladder.ts";
import { judgeClaim, judgeRefusal } from "../../../src/evals/grading/claim.ts";
import { GATES, STAGES } from "../../../src/evals/results/trial-row.ts";

type Verdict = GateResult["verdict"];

const of = (verdicts: Readonly<Record<string, Verdict>>): GateResults =>
  Object.fromEntries(Object.entries(verdicts).map(([gate, verdict]) => [gate, { verdict, ms: 0, detail: gate }]));

const CHANGE = [
  "patch",
  "parse",
  "outputs",
  "lock",
  "checks",
  "build",
  "golden",
  "shadow",
  "metamorphic",
  "preserved",
  "rebuild",
];

const claim = (success: boolean) => ({
  schema: "crq-claim/1" as const,
  outcome: success ? ("done" as const) : ("gave-up" as const),
  success,
  criteria: [],
});

describe("the ladder", () => {
  it("ends where the first gate of a rung does not pass", () => {
    const upTo = (failing: string) =>
      stageReached(of(Object.fromEntries(CHANGE.map((gate) => [gate, gate === failing ? "fail" : "pass"]))));
    expect(Object.fromEntries(CHANGE.map((gate) => [gate, upTo(gate)]))).toEqual({
      patch: "none",
      parse: "patch",
      outputs: "parses",
      lock: "parses",
      checks: "evaluates",
      build: "checks",
      golden: "builds",
      shadow: "runs",
      metamorphic: "runs",
      preserved: "runs",
      rebuild: "follows",
    });
  });

  it("asks nothing of a gate that is off, and takes one that was skipped for no proof", () => {
    expect([
      stageReached(of({ patch: "pass", parse: "off", outputs: "pass", lock: "off", checks: "skipped", claim: "fail" })),
      stageReached(of({ patch: "pass", parse: "off" })),
    ]).toEqual(["evaluates", "resolved"]);
  });

  it("never falls when one more gate passes, and is resolved exactly when all do", () => {
    const verdict = fc.constantFrom<Verdict>("pass", "fail", "skipped", "off");
    const results = fc.dictionary(fc.constantFrom(...GATES), verdict, { minKeys: 1 });
    fc.assert(
      fc.property(results, fc.nat(), (verdicts, pick) => {
        const names = Object.keys(verdicts);
        const better = { ...verdicts, [names[pick % names.length] ?? ""]: "pass" as const };
        const height = (gates: Readonly<Record<string, Verdict>>): number => STAGES.indexOf(stageReached(of(gates)));
        expect(height(better)).toBeGreaterThanOrEqual(height(verdicts));
        expect(stageReached(of(verdicts)) === "resolved").toBe(isResolved(of(verdicts)));
      }),
    );
  });
});

describe("a claim", () => {
  it("passes exactly where it says what the other gates say", () => {
    const good = of({ patch: "pass", rebuild: "off" });
    const bad = of({ patch: "pass", build: "fail", golden: "skipped" });
    expect([
      judgeClaim(claim(true), good),
      judgeClaim(claim(false), good),
      judgeClaim(claim(true), bad),
      judgeClaim(claim(false), bad),
    ]).toEqual([
      { verdict: "pass", detail: "claims success (done), rightly" },
      { verdict: "fail", detail: "claims no success (gave-up), although every other gate passes" },
      { verdict: "fail", detail: "claims success (done), but build fails" },
      { verdict: "pass", detail: "claims no success (gave-up), rightly" },
    ]);
  });

  it("of a wish that is refused names an outcome and a reason that are expected", () => {
    const expected = { outcomes: ["gave-up"], reasons: ["lock-file-missing"] };
    const refusal = (reason?: string) => ({ ...claim(false), ...(reason !== undefined && { reason }) });
    expect([
      judgeRefusal(refusal("lock-file-missing"), expected).verdict,
      judgeRefusal(refusal("needs-credentials"), expected).verdict,
      judgeRefusal(refusal(), expected).verdict,
      judgeRefusal(claim(true), expected).verdict,
    ]).toEqual(["pass", "fail", "fail", "fail"]);
  });
});
