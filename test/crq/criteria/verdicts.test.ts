import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckVerdict } from "../../../src/crq/criteria/check/result.ts";
import { combine, isValid, SEVERITY, waiverFor, withWaiver, worst } from "../../../src/crq/criteria/verdicts.ts";
import type { Waiver } from "../../../src/crq/model.ts";

const verdict = fc.constantFrom<CheckVerdict>(...SEVERITY);
const verdicts = fc.array(verdict, { minLength: 1, maxLength: 6 });
const rank = (of: CheckVerdict): number => SEVERITY.indexOf(of);

describe("the worst verdict", () => {
  test("is in the order fail, vacuous, unavailable, manual, skipped, pass", () => {
    expect(SEVERITY).toEqual(["fail", "vacuous", "unavailable", "manual", "skipped", "pass"]);
    expect(worst(["pass", "manual", "skipped"])).toBe("manual");
    expect(worst([])).toBeUndefined();
  });
});

describe("combining with need = all", () => {
  test("pass only when every check passes", () => {
    fc.assert(
      fc.property(verdicts, (all) => {
        expect(combine("all", all) === "pass").toBe(all.every((one) => one === "pass"));
      }),
    );
  });

  test("does not depend on the order, and one more check never makes it better", () => {
    fc.assert(
      fc.property(verdicts, verdict, (all, more) => {
        expect(combine("all", [...all].reverse())).toBe(combine("all", all));
        expect(rank(combine("all", [...all, more]))).toBeLessThanOrEqual(rank(combine("all", all)));
      }),
    );
  });
});

describe("combining with need = any", () => {
  test("one pass is enough, else it is the worst", () => {
    fc.assert(
      fc.property(verdicts, (all) => {
        expect(combine("any", all)).toBe(all.includes("pass") ? "pass" : worst(all));
      }),
    );
  });
});

test("a criterion without checks has proven nothing", () => {
  expect([combine("all", []), combine("any", [])]).toEqual(["skipped", "skipped"]);
});

describe("a waiver", () => {
  const waiver: Waiver = { ac: "AC-2", reason: "later", by: "human:Ada", until: "2026-11-20" };

  test("counts on its last day and not after it", () => {
    expect([isValid(waiver, "2026-11-19"), isValid(waiver, "2026-11-20"), isValid(waiver, "2026-11-21")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("covers its own criterion, and only when a person gave it", () => {
    const byAgent = { ...waiver, by: "agent:crq-agent@0.1.0/rules" };
    expect([
      waiverFor("AC-2", [waiver], "2026-11-20"),
      waiverFor("AC-1", [waiver], "2026-11-20"),
      waiverFor("AC-2", [byAgent], "2026-11-20"),
      waiverFor("AC-2", [waiver], "2026-11-21"),
    ]).toEqual([waiver, undefined, undefined, undefined]);
  });

  test("makes everything but a pass `waived`, and never a pass", () => {
    fc.assert(
      fc.property(verdict, (of) => {
        expect(withWaiver(of, waiver)).toBe(of === "pass" ? "pass" : "waived");
        expect(withWaiver(of, undefined)).toBe(of);
      }),
    );
  });
});
