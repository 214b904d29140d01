import { describe, expect, it } from "vitest";
import type { Baseline, BaselineCheck } from "../../../../src/crq/criteria/baseline.ts";
import type { CriterionOutcome } from "../../../../src/crq/criteria/outcomes.ts";
import type { Verdict } from "../../../../src/crq/model.ts";
import { judgeRed, missingQuestions } from "../../../../src/evals/grading/draft/gates.ts";
import { verdictOf } from "../../../../src/evals/grading/draft/try-overlay.ts";
import { judgeUnchanged } from "../../../../src/evals/grading/refuse/grade-refusal.ts";

const check = (part: Partial<BaselineCheck>): BaselineCheck => ({
  criterion: "AC-1",
  index: 0,
  kind: "nix-build",
  regression: false,
  verdict: "fail",
  code: "no-flake",
  tier: "build",
  reason: "there is no flake.nix",
  ...part,
});
const baseline = (...checks: readonly Partial<BaselineCheck>[]): Baseline => ({
  schema: "crq-baseline/1",
  key: "k",
  base: "0".repeat(40),
  checks: checks.map(check),
});

describe("red-at-base", () => {
  const said = (...checks: readonly Partial<BaselineCheck>[]): readonly string[] => {
    const { verdict, detail } = judgeRed(baseline(...checks));
    return [verdict, detail];
  };

  it("wants a check that is false before the change, and none that holds", () => {
    expect(said({})).toEqual(["pass", "the criteria are red where they ask for a change"]);
    expect(said({}, { criterion: "AC-2", verdict: "pass", code: "met" })).toEqual([
      "fail",
      "AC-2.0 hold before the change already",
    ]);
    expect(said({}, { criterion: "AC-2", verdict: "pass", code: "met", regression: true })[0]).toBe("pass");
    expect(said({ verdict: "pass", code: "met", regression: true })).toEqual(["fail", "no check is red at the base"]);
    expect(said({ verdict: "unavailable", code: "unreachable", reason: "no answer" })).toEqual([
      "fail",
      "AC-1 cannot be judged at the base: no answer",
    ]);
  });
});

describe("questions", () => {
  const place = { line: 1, column: 1 };
  const fact = {
    id: "F-1",
    key: "inputs.nixpkgs.url",
    claim: "",
    source: "a.md",
    line: 1,
    sha256: "",
    quote: "",
    usedIn: [],
    place,
  };
  const question = (text: string) => ({ id: "Q-1", text, place });

  it("are raised by the key, or by a fact that has it", () => {
    const due = ["inputs.nixpkgs.url"];
    expect(missingQuestions(due, { facts: [], questions: [question("Which inputs.nixpkgs.url holds?")] })).toEqual([]);
    expect(missingQuestions(due, { facts: [fact], questions: [question("F-1 or F-2?")] })).toEqual([]);
    expect(missingQuestions(due, { facts: [fact], questions: [question("F-12 or F-2?")] })).toEqual(due);
    expect(missingQuestions(due, { facts: [fact], questions: [] })).toEqual(due);
  });
});

describe("what checks say of a tree", () => {
  const outcome = (id: string, verdict: Verdict): CriterionOutcome => ({
    criterion: { id, text: "", need: "all", checks: [], place: { line: 1, column: 1 } },
    verdict,
    reason: `${id} said so`,
    checks: [],
  });

  it("is yes where everything that a machine can judge passes", () => {
    expect(verdictOf([outcome("AC-1", "pass"), outcome("AC-2", "manual")])).toEqual({
      accepted: true,
      reason: "AC-1 pass: AC-1 said so",
    });
    expect(verdictOf([outcome("AC-1", "pass"), outcome("AC-2", "vacuous")])).toEqual({
      accepted: false,
      reason: "AC-2 vacuous: AC-2 said so",
    });
    expect(verdictOf([outcome("AC-1", "manual")])).toEqual({ accepted: false, reason: "no criterion that a machine can judge" });
  });
});

describe("unchanged", () => {
  const file = (path: string) => ({ path, before: undefined, after: "x", binary: false });

  it("does not mind what the program itself writes of a CRQ", () => {
    expect(judgeUnchanged([]).verdict).toBe("pass");
    expect(judgeUnchanged([file("crqs/CRQ-001-x.md"), file("crqs/reports/CRQ-001/report.md")]).verdict).toBe("pass");
    expect(judgeUnchanged([file("crqs/list.txt"), file("flake.nix")])).toEqual({
      verdict: "fail",
      detail: "flake.nix changed, where nothing should",
    });
  });
});
