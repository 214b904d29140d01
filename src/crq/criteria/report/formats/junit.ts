import type { CriterionEvidence, CrqReport } from "../evidence.ts";

/** The report as JUnit XML: one test case a criterion; fail and vacuous are failures, every other verdict but pass is skipped. */
export function junitOf(report: CrqReport): string {
  const { criteria, totals } = report;
  const failures = totals.fail + totals.vacuous;
  const skipped = totals.unavailable + totals.skipped + totals.waived + totals.manual;
  const suite = `name="${attribute(report.crq.id)}" tests="${criteria.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const time = seconds(report.cost.durationMs);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${criteria.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${time}">`,
    `  <testsuite ${suite} time="${time}">`,
    ...criteria.map((criterion) => testCase(report.crq.id, criterion)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(crq: string, criterion: CriterionEvidence): string {
  const time = seconds(criterion.checks.reduce((sum, check) => sum + check.durationMs, 0));
  const open = `    <testcase classname="${attribute(crq)}" name="${attribute(`${criterion.id}: ${oneLine(criterion.text)}`)}" time="${time}"`;
  const { verdict, reason } = criterion;
  switch (verdict) {
    case "pass":
      return `${open}/>`;
    case "fail":
    case "vacuous":
      return `${open}>\n      <failure type="${verdict}" message="${attribute(reason)}">${text(details(criterion))}</failure>\n    </testcase>`;
    case "unavailable":
    case "skipped":
    case "waived":
    case "manual":
      return `${open}>\n      <skipped message="${attribute(`${verdict}: ${reason}`)}"/>\n    </testcase>`;
  }
}

const details = (criterion: CriterionEvidence): string =>
  criterion.checks
    .map((check) => `${criterion.id}.${check.index} ${check.kind}: ${check.verdict}: ${check.reason} (${check.log.path})`)
    .join("\n");

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
const oneLine = (value: string): string => value.replace(/\s+/gu, " ").trim();

/** XML 1.0 knows no other characters, not even escaped ones; lone surrogates are no characters either. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Character data. */
export function text(value: string): string {
  return value
    .replace(NOT_XML, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}

/** The value of an attribute between double quotes; white space is kept by reference, since XML would turn it into blanks. */
export function attribute(value: string): string {
  return text(value).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
