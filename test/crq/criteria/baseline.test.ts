import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baselineKey, baselineOf as criterionAtBase, fits, judgeBaseline } from "../../../src/crq/criteria/baseline.ts";
import { BUILD, baselineOf, criterion, RUN } from "./samples.ts";

describe("judging a baseline", () => {
  test("a new flake: red for its content", () => {
    expect(
      judgeBaseline(
        baselineOf([
          ["AC-1.0", "nix-build", "fail", "no-flake"],
          ["AC-1.1", "run", "skipped", "prerequisite"],
        ]),
      ),
    ).toEqual({
      alreadyTrue: new Set(),
      incomplete: [],
      red: true,
    });
  });

  test("a check that passes at base is already true, unless it is a regression check", () => {
    const judged = judgeBaseline(
      baselineOf([
        ["AC-1.0", "nix-build", "pass", "met"],
        ["AC-2.0", "nix-build", "pass", "met", true],
        ["AC-3.0", "manual", "pass", "answered"],
      ]),
    );
    expect(judged).toEqual({ alreadyTrue: new Set(["AC-1.0"]), incomplete: [], red: false });
  });

  test("what could not be judged makes it incomplete", () => {
    const baseline = baselineOf([
      ["AC-1.0", "nix-build", "unavailable", "no-nix"],
      ["AC-2.0", "nix-build", "fail", "build"],
    ]);
    expect(judgeBaseline(baseline)).toEqual({ alreadyTrue: new Set(), incomplete: [baseline.checks[0]], red: true });
  });

  test.each([
    ["because nothing had changed", "unchanged"],
    ["because time ran out", "timeout"],
  ] as const)("red only %s is not red", (_, code) => {
    expect(judgeBaseline(baselineOf([["AC-1.0", "nix-build", "fail", code]])).red).toBe(false);
  });

  test("a document counts only where there are documents only, besides what must stay true", () => {
    expect([
      judgeBaseline(
        baselineOf([
          ["AC-1.0", "doc", "fail", "missing"],
          ["AC-2.0", "file", "fail", "mismatch"],
        ]),
      ).red,
      judgeBaseline(baselineOf([["AC-1.0", "doc", "fail", "unchanged"]])).red,
      judgeBaseline(
        baselineOf([
          ["AC-1.0", "doc", "fail", "missing"],
          ["AC-2.0", "nix-build", "pass", "met", true],
        ]),
      ).red,
      judgeBaseline(
        baselineOf([
          ["AC-1.0", "doc", "fail", "missing"],
          ["AC-2.0", "nix-build", "pass", "met", false],
        ]),
      ).red,
      judgeBaseline(baselineOf([["AC-1.0", "file", "fail", "mismatch"]])).red,
    ]).toEqual([true, false, true, false, false]);
  });

  test("a vacuous check at base is red where it found nothing to look at, and is not where nothing had changed", () => {
    expect([
      judgeBaseline(baselineOf([["AC-1.0", "nix-build", "vacuous", "empty"]])).red,
      judgeBaseline(baselineOf([["AC-1.0", "flake-outputs", "vacuous", "nothing-checked"]])).red,
      judgeBaseline(baselineOf([["AC-1.0", "flake-check", "vacuous", "unchanged"]])).red,
    ]).toEqual([true, true, false]);
  });
});

test("one criterion at base has its worst verdict and the reason of the check that decided", () => {
  const baseline = baselineOf([
    ["AC-1.0", "nix-build", "fail", "no-flake"],
    ["AC-1.1", "run", "skipped", "prerequisite"],
  ]);
  expect(criterionAtBase(baseline, "AC-1", "all")).toEqual({ verdict: "fail", reason: "it was fail (no-flake)" });
  expect(criterionAtBase(baseline, "AC-9", "all")).toEqual({ verdict: "skipped", reason: "the criterion has no check" });
});

describe("the key of a stored baseline", () => {
  const identity = {
    criteria: "sha256:1",
    base: "a",
    nix: "2.26.3",
    world: "live",
    unsafeLocal: false,
    agent: "crq-agent@1.0.0",
    policy: undefined,
  };

  test("is 32 hex digits and changes with every part", () => {
    expect(baselineKey(identity)).toMatch(/^[0-9a-f]{32}$/);
    const others = [
      { ...identity, criteria: "sha256:2" },
      { ...identity, base: "b" },
      { ...identity, nix: "2.34.8" },
      { ...identity, nix: undefined },
      { ...identity, world: "mini" },
      { ...identity, unsafeLocal: true },
      { ...identity, agent: "crq-agent@2.0.0" },
      { ...identity, policy: { org: "one" } },
      { ...identity, policy: { org: "other" } },
    ];
    expect(new Set([identity, ...others].map(baselineKey)).size).toBe(10);
  });

  test("cannot be made equal by moving text between its parts", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
        const one = baselineKey({ ...identity, criteria: a, base: b });
        const other = baselineKey({ ...identity, criteria: c, base: d });
        expect(one === other).toBe(a === c && b === d);
      }),
    );
  });

  test("fits only a CRQ whose checks it knows", () => {
    const baseline = baselineOf([
      ["AC-1.0", "nix-build", "fail", "no-flake"],
      ["AC-1.1", "run", "skipped", "prerequisite"],
    ]);
    const crq = (checks: readonly object[]) => ({ criteria: [criterion("AC-1", checks)] });
    expect([
      fits(baseline, crq([BUILD, RUN]), "k"),
      fits(baseline, crq([BUILD]), "k"),
      fits(baseline, crq([RUN, BUILD]), "k"),
      fits(baseline, crq([BUILD, RUN, RUN]), "k"),
      fits(baseline, crq([BUILD, RUN]), "other"),
    ]).toEqual([true, true, false, false, false]);
  });
});
