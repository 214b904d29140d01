import { expect, test } from "vitest";
import { contradictions } from "../../../../src/crq/criteria/report/contradictions.ts";
import type { CrqReport } from "../../../../src/crq/criteria/report/evidence.ts";
import { doneReport, sampleReport } from "./sample-report.ts";

test("a report of this program does not contradict itself", () => {
  expect(contradictions(sampleReport())).toEqual([]);
});

test.each<[string, (report: CrqReport) => CrqReport, string]>([
  [
    "a verdict",
    (report) => ({ ...report, criteria: report.criteria.map((one) => ({ ...one, verdict: "pass" })) }),
    "AC-2 is pass although none of its checks is",
  ],
  ["the gate", (report) => ({ ...report, gate: { ok: true, failures: [] } }), "its gate is ok although AC-2 is fail"],
  ["the failures", (report) => ({ ...report, gate: { ok: false, failures: [] } }), "its gate is not ok with 0 failures"],
  ["the totals", (report) => ({ ...report, totals: { ...report.totals, pass: 7 } }), "its totals are not those of its criteria"],
  [
    "an open weakening",
    () => ({ ...doneReport(), weakenings: sampleReport().weakenings }),
    "its gate is ok although a weakening is open",
  ],
])("somebody who changes %s alone is found out", (_, change, expected) => {
  expect(contradictions(change(sampleReport()))).toContain(expected);
});
