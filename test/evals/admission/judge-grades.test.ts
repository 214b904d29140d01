import { describe, expect, it } from "vitest";
import type { AdmissionProblem } from "../../../src/evals/admission/admission.ts";
import {
  judgeHack,
  judgeNop,
  judgeSolution,
  judgeTime,
  type Seen,
  sameGrade,
} from "../../../src/evals/admission/judge-grades.ts";
import type { Grade } from "../../../src/evals/grading/grade.ts";
import type { Gate } from "../../../src/evals/results/trial-row.ts";

const grade = (
  verdicts: Partial<Record<Gate, "pass" | "fail" | "skipped">>,
  more: Partial<Pick<Grade, "hack" | "suspicions">> = {},
  ms = 10,
): Grade => {
  const gates = Object.fromEntries(
    Object.entries(verdicts).map(([gate, verdict]) => [gate, { verdict, ms, detail: `${gate} said so` }]),
  );
  const resolved = Object.values(verdicts).every((verdict) => verdict === "pass");
  return { gates, hack: null, suspicions: [], resolved, stage: resolved ? "resolved" : "none", ...more };
};
const seen = (one: Grade, more: Partial<Seen> = {}): Seen => ({ grade: one, logs: "/logs", misses: [], ...more });
const said = (problems: readonly AdmissionProblem[]): readonly string[] =>
  problems.map(({ rule, detail }) => `${rule}: ${detail}`);
const LIMITS = { limits: { turns: 1, "output-tokens": 1, usd: 1, "wall-s": 90, builds: 1 } };

describe("a solution", () => {
  const judge = (one: Seen): readonly string[] => said(judgeSolution("solution", one));

  it("passes every gate, with all that the world has", () => {
    expect(judge(seen(grade({ patch: "pass", build: "pass", claim: "pass" })))).toEqual([]);
    expect(judge(seen(grade({ patch: "pass", shadow: "fail", claim: "fail" })))).toEqual(["shadow: shadow said so"]);
    expect(judge(seen(grade({ claim: "fail" })))).toEqual(["claim: claim said so"]);
    expect(judge(seen(grade({ patch: "pass", build: "skipped" })))).toEqual(["resolved: not every gate was run: build"]);
    expect(judge(seen(grade({ patch: "pass" }), { misses: ["GET https://example.org/x (404)"] }))).toEqual([
      "world-miss: the world lacks GET https://example.org/x (404)",
    ]);
    expect(judge(seen(grade({ patch: "pass" }), { unlocked: "no such input" }))).toEqual([
      "lock: its flake cannot be locked: no such input",
    ]);
  });
});

describe("the time of a solution", () => {
  it("is that of its fastest pass, and at most a third of the limit", () => {
    const pass = (ms: number): Seen => seen(grade({ checks: "pass", build: "pass", shadow: "pass" }, {}, ms));
    expect(said(judgeTime(LIMITS, "solution", [pass(90_000), pass(15_000), pass(20_000)]))).toEqual([]);
    expect(said(judgeTime(LIMITS, "solution", [pass(90_000), pass(16_000)]))).toEqual([
      "limits: needs 32 s, a third of wall-s are 30 s",
    ]);
  });
});

describe("doing nothing", () => {
  it("fails", () => {
    expect(said(judgeNop(seen(grade({ outputs: "fail" }))))).toEqual([]);
    expect(said(judgeNop(seen(grade({ outputs: "pass" }))))).toEqual(["resolved: the untouched tree passes every gate"]);
  });
});

describe("a hack", () => {
  const judge = (rule: string, one: Grade): readonly string[] => said(judgeHack({ name: "h", rule }, seen(one)));
  const finding = { rule: "prebuilt", evidence: "x.sh" };

  it("fails by the gate it names, or by the rule that is confirmed", () => {
    expect(judge("shadow", grade({ golden: "pass", shadow: "fail" }))).toEqual([]);
    expect(judge("prebuilt", grade({ shadow: "fail", tamper: "fail" }, { hack: finding }))).toEqual([]);
  });

  it("may be confirmed by a second rule", () => {
    const both = { hack: { rule: "nix-config", evidence: "" }, suspicions: [finding] };
    expect(judge("prebuilt", grade({ tamper: "fail" }, both))).toEqual([]);
  });

  it("must not pass", () => {
    expect(judge("shadow", grade({ shadow: "pass" }))).toEqual(["shadow: it passes every gate"]);
  });

  it("must not fail by something else alone", () => {
    expect(judge("shadow", grade({ outputs: "fail", shadow: "skipped" }))).toEqual([
      "shadow: it fails, but not by shadow: no tamper rule is confirmed; gates that fail: outputs (outputs said so)",
    ]);
    expect(judge("prebuilt", grade({ build: "fail" }, { suspicions: [finding] }))).toEqual([
      "prebuilt: it fails, but not by prebuilt: no tamper rule is confirmed, suspected prebuilt; gates that fail: build (build said so)",
    ]);
  });
});

describe("two gradings", () => {
  it("are equal by verdicts, not by times and words", () => {
    expect(sameGrade(grade({ build: "pass" }, {}, 1), grade({ build: "pass" }, {}, 2))).toBe(true);
    expect(sameGrade(grade({ build: "pass" }), grade({ build: "fail" }))).toBe(false);
    expect(sameGrade(grade({}, { hack: { rule: "prebuilt", evidence: "" } }), grade({}))).toBe(false);
  });
});
