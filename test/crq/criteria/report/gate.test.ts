import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckVerdict } from "../../../../src/crq/criteria/check/result.ts";
import { type CriterionOutcome, outcomesOf } from "../../../../src/crq/criteria/outcomes.ts";
import { buildReport } from "../../../../src/crq/criteria/report/build-report.ts";
import type { CanaryEvidence, CrqReport } from "../../../../src/crq/criteria/report/evidence.ts";
import { type GateFacts, judgeGate, reportExitCode } from "../../../../src/crq/criteria/report/gate.ts";
import { SEVERITY } from "../../../../src/crq/criteria/verdicts.ts";
import { withWaivers } from "../../../../src/crq/criteria/weakening/waivers.ts";
import type { Waiver } from "../../../../src/crq/model.ts";
import { BUILD, baselineOf, criterion, observed, runOf } from "../samples.ts";

const RED = baselineOf([["AC-1.0", "nix-build", "fail", "no-flake"]]);

function outcomes(verdicts: readonly CheckVerdict[], waivers: readonly Waiver[] = []): readonly CriterionOutcome[] {
  const run = runOf(verdicts.map((verdict, at) => [criterion(`AC-${at + 1}`, [BUILD]), [observed(verdict)]] as const));
  return outcomesOf({ run, baseline: RED, acceptedCanaries: new Set(), waivers, today: "2026-11-20" });
}

const clean: GateFacts = { outcomes: outcomes(["pass", "pass"]), baseline: RED, canaries: [], weakenings: [], tampering: [] };
const waiver: Waiver = { ac: "AC-2", reason: "later", by: "human:Ada", until: "2026-12-31" };
const canary = (accepted: boolean): CanaryEvidence => ({ kind: "nix-build", verdict: accepted ? "pass" : "vacuous", accepted });
const weakening = (waived: boolean) => ({ pattern: "do-check-false", file: "flake.nix", line: 12, waived });

const idle = { weakening: "do-check-false:flake.nix", reason: "the wish allows it", by: "human:Ada", until: "2026-01-31" };

describe("the gate is ok", () => {
  test("when every criterion passes or is waived and something was red at base", () => {
    expect([judgeGate(clean), judgeGate({ ...clean, outcomes: outcomes(["pass", "fail"], [waiver]) })]).toEqual([
      { ok: true, failures: [] },
      { ok: true, failures: [] },
    ]);
  });

  test("with rejected canaries and waived weakenings", () => {
    expect(judgeGate({ ...clean, canaries: [canary(false)], weakenings: [weakening(true)] }).ok).toBe(true);
  });
});

describe("the gate fails", () => {
  test.each([
    [
      "a criterion that fails",
      { outcomes: outcomes(["pass", "fail"]) },
      [{ rule: "criterion", detail: "fail: it was fail", ac: "AC-2" }],
    ],
    ["no criterion", { outcomes: [] }, [{ rule: "no-criteria", detail: "the CRQ has no acceptance criterion" }]],
    ["no baseline", { baseline: undefined }, [{ rule: "no-baseline", detail: "the criteria were not tried at the base commit" }]],
    [
      "a baseline that could not be taken",
      {
        baseline: baselineOf([
          ["AC-1.0", "nix-build", "unavailable", "no-nix"],
          ["AC-2.0", "nix-build", "unavailable", "no-nix"],
        ]),
      },
      [
        {
          rule: "baseline-incomplete",
          detail: "at the base commit AC-1.0 was unavailable: it was unavailable (no-nix) (and 1 more)",
        },
      ],
    ],
    [
      "nothing red at base",
      { baseline: baselineOf([["AC-1.0", "nix-build", "pass", "met", true]]) },
      [
        {
          rule: "nothing-red-at-base",
          detail: "no check was red at the base commit for its content, so the criteria do not show that anything changed",
        },
      ],
    ],
    [
      "an accepted canary",
      { canaries: [canary(true)] },
      [{ rule: "canary-accepted", detail: "checks of kind nix-build accept a known bad example on this machine" }],
    ],
    [
      "an open weakening",
      { weakenings: [weakening(false)] },
      [
        {
          rule: "weakening",
          detail:
            "do-check-false at flake.nix:12 weakens what is checked; a person can add a waiver for `do-check-false:flake.nix`",
        },
      ],
    ],
    [
      "a weakening whose waiver nobody has approved",
      { weakenings: [weakening(false)], idleWaivers: [{ ...idle, by: "agent:crq-agent@0.1.0/openai:x" }] },
      [
        {
          rule: "weakening",
          detail:
            "do-check-false at flake.nix:12 weakens what is checked; the waiver for it is only proposed, by agent:crq-agent@0.1.0/openai:x, and counts once a person has approved it",
        },
      ],
    ],
    [
      "a weakening whose waiver is over, and one of another file",
      { weakenings: [weakening(false)], idleWaivers: [{ ...idle, weakening: "do-check-false:other.nix" }, idle] },
      [
        {
          rule: "weakening",
          detail:
            "do-check-false at flake.nix:12 weakens what is checked; the waiver for it ended on 2026-01-31; a person can give it anew",
        },
      ],
    ],
    [
      "tampering",
      { tampering: ["crqs/CRQ-001-x.md was changed"] },
      [{ rule: "tampering", detail: "crqs/CRQ-001-x.md was changed" }],
    ],
  ] as const)("for %s", (_, change, failures) => {
    expect(judgeGate({ ...clean, ...change })).toEqual({ ok: false, failures });
  });
});

describe("as a property", () => {
  const verdicts = fc.array(fc.constantFrom<CheckVerdict>(...SEVERITY), { minLength: 1, maxLength: 5 });

  test("ok if and only if all pass", () => {
    fc.assert(
      fc.property(verdicts, (all) => {
        expect(judgeGate({ ...clean, outcomes: outcomes(all) }).ok).toBe(all.every((verdict) => verdict === "pass"));
      }),
    );
  });

  test("no further fact ever opens a gate that is closed", () => {
    const more = fc.record({
      baseline: fc.constantFrom(undefined, RED, baselineOf([["AC-1.0", "nix-build", "pass", "met"]])),
      canaries: fc.array(fc.boolean().map(canary), { maxLength: 2 }),
      weakenings: fc.array(fc.boolean().map(weakening), { maxLength: 2 }),
      tampering: fc.array(fc.constant("crq-agent.toml was changed"), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(verdicts, verdicts, more, (some, others, facts) => {
        const before = judgeGate({ ...clean, ...facts, outcomes: outcomes(some) });
        const after = judgeGate({
          ...clean,
          ...facts,
          outcomes: outcomes([...some, ...others]),
          canaries: [...facts.canaries, canary(true)],
        });
        expect(after.ok && !before.ok).toBe(false);
        expect(after.failures.length).toBeGreaterThanOrEqual(before.failures.length);
      }),
    );
  });
});

describe("exit codes", () => {
  const report = (facts: GateFacts): CrqReport =>
    buildReport({
      crq: {
        path: "crqs/CRQ-001-x.md",
        source: "",
        metadata: undefined,
        metadataRange: undefined,
        title: undefined,
        sections: [],
        criteria: [],
        steps: [],
        questions: [],
        facts: [],
        problems: [],
      },
      hash: undefined,
      subject: { repo: ".", base: "0", commit: null, tree: "0", dirty: false, untracked: [], lockSha256: null },
      env: { crqAgent: "0.1.0", nix: "2.26.3", world: "live", system: "x86_64-linux", network: true, unsafeLocal: false },
      run: runOf([]),
      unrequested: [],
      changes: {},
      ...facts,
    });
  const code = (change: Partial<GateFacts>): number => reportExitCode(report({ ...clean, ...change }));

  test.each([
    ["ok", {}, 0],
    ["a fail", { outcomes: outcomes(["pass", "fail"]) }, 1],
    ["a vacuous pass", { outcomes: outcomes(["vacuous"]) }, 1],
    ["unavailable", { outcomes: outcomes(["pass", "unavailable"]) }, 4],
    ["manual", { outcomes: outcomes(["manual"]) }, 4],
    ["skipped", { outcomes: outcomes(["skipped"]) }, 4],
    ["a baseline that could not be taken", { baseline: baselineOf([["AC-1.0", "nix-build", "unavailable", "no-nix"]]) }, 4],
    ["no baseline", { baseline: undefined }, 4],
    ["a fail beside what is unavailable", { outcomes: outcomes(["unavailable", "fail"]) }, 1],
    ["an open weakening beside what is manual", { outcomes: outcomes(["manual"]), weakenings: [weakening(false)] }, 1],
    ["nothing red at base", { baseline: baselineOf([["AC-1.0", "nix-build", "pass", "met", true]]) }, 1],
    ["tampering beside a fail", { outcomes: outcomes(["fail"]), tampering: ["crq-agent.toml was changed"] }, 6],
  ] as const)("%s", (_, change, expected) => {
    expect(code(change)).toBe(expected);
  });
});

test("a weakening is waived by its pattern, or by pattern and file, until the day", () => {
  const found = [
    { pattern: "do-check-false", file: "flake.nix", line: 12 },
    { pattern: "or-true", file: "nix/test.nix", line: 3 },
  ];
  const byPattern: Waiver = { weakening: "do-check-false", reason: "slow", by: "human:Ada", until: "2026-11-20" };
  const byFile: Waiver = { weakening: "or-true:nix/test.nix", reason: "flaky", by: "human:Ada", until: "2026-11-20" };
  const waived = (waivers: readonly Waiver[], today: string): boolean[] =>
    withWaivers(found, waivers, today).map((one) => one.waived);
  expect([
    waived([byPattern], "2026-11-20"),
    waived([byFile], "2026-11-20"),
    waived([{ ...byFile, weakening: "or-true:flake.nix" }], "2026-11-20"),
    waived([byPattern, byFile], "2026-11-21"),
    waived([{ ...byPattern, by: "agent:x@1/y" }], "2026-11-20"),
  ]).toEqual([
    [true, false],
    [false, true],
    [false, false],
    [false, false],
    [false, false],
  ]);
});
