import { markupAttribute as attribute, markupText as text } from "../../../../system/markup.ts";
import type { CriterionEvidence, CrqReport } from "../evidence.ts";
import { saysOnlyUnknown } from "../gate.ts";
import { CHECKED, isNeverChecked } from "./checked.ts";

/**
 * The report as JUnit XML: one test case a criterion; fail and vacuous are failures, every other verdict but pass is skipped with its reason.
 * What else keeps the gate shut is a suite of its own, so that no reader of test cases alone sees a clean run.
 */
export function junitOf(report: CrqReport): string {
  const { crq, criteria, cost } = report;
  const suites: readonly Suite[] = [
    {
      name: crq.id,
      cases: criteria.map((criterion) => ofCriterion(report, criterion)),
      milliseconds: cost.durationMs,
      properties: propertiesOf(report),
    },
    { name: `${crq.id} gate`, cases: gateCases(report), milliseconds: 0, properties: [] },
  ].filter(({ name, cases }) => cases.length > 0 || name === crq.id);
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts(all)} time="${seconds(cost.durationMs)}">`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly milliseconds: number;
  readonly properties: readonly (readonly [string, string])[];
}

interface Case {
  readonly classname: string;
  readonly name: string;
  /** Of the CRQ. */
  readonly file: string;
  readonly milliseconds: number;
  readonly result:
    | { readonly kind: "passed" }
    | { readonly kind: "failure"; readonly type: string; readonly message: string; readonly details: string }
    | { readonly kind: "skipped"; readonly message: string };
}

function ofCriterion({ crq }: CrqReport, criterion: CriterionEvidence): Case {
  return {
    classname: crq.id,
    name: `${criterion.id}: ${oneLine(criterion.text)}`,
    file: crq.path,
    milliseconds: criterion.checks.reduce((sum, check) => sum + check.durationMs, 0),
    result: resultOf(criterion),
  };
}

function resultOf(criterion: CriterionEvidence): Case["result"] {
  const { verdict, reason } = criterion;
  switch (verdict) {
    case "pass":
      return { kind: "passed" };
    case "fail":
    case "vacuous":
      return { kind: "failure", type: verdict, message: reason, details: details(criterion) };
    case "unavailable":
    case "skipped":
    case "manual":
    case "waived":
      return {
        kind: "skipped",
        message: `${isNeverChecked(verdict) ? `${verdict}, ${CHECKED[verdict]}` : CHECKED[verdict]}: ${reason}`,
      };
  }
}

function gateCases({ crq, gate }: CrqReport): readonly Case[] {
  return gate.failures
    .filter(({ rule }) => rule !== "criterion")
    .map(({ rule, detail }) => ({
      classname: `${crq.id}.gate`,
      name: `${rule}: ${oneLine(detail)}`,
      file: crq.path,
      milliseconds: 0,
      result: saysOnlyUnknown(rule)
        ? { kind: "skipped", message: `never checked: ${detail}` }
        : { kind: "failure", type: rule, message: detail, details: detail },
    }));
}

const propertiesOf = ({ crq, subject, env, gate }: CrqReport): Suite["properties"] => [
  ["gate", gate.ok ? "ok" : "not ok"],
  ["crq.hash", crq.hash ?? ""],
  ["commit", subject.commit ?? ""],
  ["tree", subject.tree],
  ["base", subject.base],
  ["nix", env.nix ?? "not available"],
  ["inputs", env.world],
];

const details = (criterion: CriterionEvidence): string =>
  criterion.checks
    .map((check) => `${criterion.id}.${check.index} ${check.kind}: ${check.verdict}: ${check.reason} (${check.log.path})`)
    .join("\n");

function suiteLines({ name, cases, milliseconds, properties }: Suite): readonly string[] {
  return [
    `  <testsuite name="${attribute(name)}" ${counts(cases)} skipped="${cases.filter(({ result }) => result.kind === "skipped").length}" time="${seconds(milliseconds)}">`,
    ...(properties.length > 0
      ? [
          "    <properties>",
          ...properties.map(([key, value]) => `      <property name="${attribute(key)}" value="${attribute(value)}"/>`),
          "    </properties>",
        ]
      : []),
    ...cases.map(caseLine),
    "  </testsuite>",
  ];
}

const counts = (cases: readonly Case[]): string =>
  `tests="${cases.length}" failures="${cases.filter(({ result }) => result.kind === "failure").length}" errors="0"`;

function caseLine({ classname, name, file, milliseconds, result }: Case): string {
  const open = `    <testcase classname="${attribute(classname)}" name="${attribute(name)}" file="${attribute(file)}" time="${seconds(milliseconds)}"`;
  switch (result.kind) {
    case "passed":
      return `${open}/>`;
    case "failure":
      return `${open}>\n      <failure type="${attribute(result.type)}" message="${attribute(result.message)}">${text(result.details)}</failure>\n    </testcase>`;
    case "skipped":
      return `${open}>\n      <skipped message="${attribute(result.message)}"/>\n    </testcase>`;
  }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
const oneLine = (value: string): string => value.replace(/\s+/gu, " ").trim();
