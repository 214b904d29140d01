import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptanceTable } from "../../src/ui/acceptance-table.ts";
import { wrapped } from "../../src/ui/text.ts";
import { sampleReport } from "../crq/criteria/report/sample-report.ts";

test("shows on a narrow terminal what was checked and what never was, with whole reasons", () => {
  expect(acceptanceTable(sampleReport(), "/state/report", 60).split("\n")).toEqual([
    "✓  AC-1  pass         checked (build)  it was pass",
    "✗  AC-2  fail         checked (build)",
    "   it was fail",
    "   log: logs/AC-2.0.txt",
    "~  AC-3  waived       waived",
    "   no policy yet (waived by human:Ada until 2026-12-31;",
    "   vacuous: it was vacuous)",
    "   log: logs/AC-3.0.txt",
    "?  AC-4  unavailable  never checked",
    "   it was unavailable",
    "   log: logs/AC-4.0.txt",
    "✗  AC-5  vacuous      proves nothing",
    "   checks of kind doc accepted a known bad example on this",
    "   machine, so their pass proves nothing",
    "   log: logs/AC-5.0.txt",
    "?  AC-6  manual       never checked",
    "   it was manual",
    "   log: logs/AC-6.0.txt",
    "?  AC-7  skipped      never checked",
    "   it was skipped",
    "   log: logs/AC-7.0.txt, logs/AC-7.1.txt",
    "✗ canary-accepted: checks of kind doc accept a known bad",
    "   example on this machine",
    "✗ weakening: do-check-false at flake.nix:3 weakens what",
    "   is checked; a person can add a waiver for",
    "   `do-check-false:flake.nix`",
    "~ waived: || true at ci/run tests.sh:9",
    "! changed although nothing in the CRQ asks for it:",
    "   src/main.rs",
    "Evidence: /state/report",
  ]);
});

test("counts what would fill the screen", () => {
  const unrequested = Array.from({ length: 25 }, (_, n) => `f${n}`);
  const table = acceptanceTable({ ...sampleReport(), unrequested }, "/state/report", 1000);
  expect(table).toMatch(/! changed although nothing in the CRQ asks for it: f0, .*, f19 and 5 more$/mu);
});

test("text of programs cannot move the cursor or add a row", () => {
  const report = sampleReport();
  const hostile = "boom\u001b[2K\r✓  AC-2  pass\nnext";
  const table = acceptanceTable(
    { ...report, criteria: report.criteria.map((one) => ({ ...one, reason: hostile })), unrequested: [hostile] },
    "/state/report",
  );
  expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/u);
  expect(table.split("\n").filter((line) => line.startsWith("✓"))).toHaveLength(1);
});

test("wrapping loses no word and keeps to the width where words allow", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/u)), fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrapped(words.join("  "), width);
      expect(lines.join(" ").split(" ").filter(Boolean)).toEqual(words);
      for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
    }),
  );
});
