import { markupAttribute, markupText } from "../../system/markup.ts";
import type { RunFacts } from "../results/run-facts.ts";
import { firstFailure, inOrder, type TrialRow } from "../results/trial-row.ts";

/**
 * junit.xml of a run: a suite a model, a test case a task. A task fails with the first failing gate of its first failing trial; trials that
 * failed for infrastructure alone are an error, and planned ones without a row are skipped.
 */
export function junitOfRun(facts: RunFacts, rows: readonly TrialRow[]): string {
  const byModel = Map.groupBy(inOrder(rows), ({ model }) => model);
  const suites = facts.models.map(({ alias }) => {
    const planned = Object.hasOwn(facts.planned, alias) ? (facts.planned[alias] ?? []) : [];
    const byTask = Map.groupBy(byModel.get(alias) ?? [], ({ task }) => task);
    const cases = planned.map(({ task }) => caseOf(task, byTask.get(task) ?? []));
    return { alias, cases };
  });
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${markupAttribute(facts.run)}" ${counts(all)}>`,
    ...suites.flatMap(({ alias, cases }) => [
      `  <testsuite name="${markupAttribute(alias)}" ${counts(cases)} skipped="${number(cases, "skipped")}" time="${seconds(cases)}">`,
      ...cases.map((one) => caseLine(alias, one)),
      "  </testsuite>",
    ]),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Case {
  readonly task: string;
  readonly resolved: number;
  readonly trials: number;
  readonly milliseconds: number;
  readonly result:
    | { readonly kind: "passed" }
    | { readonly kind: "failure"; readonly type: string; readonly message: string }
    | { readonly kind: "error"; readonly type: string; readonly message: string }
    | { readonly kind: "skipped"; readonly message: string };
}

function caseOf(task: string, rows: readonly TrialRow[]): Case {
  const counted = rows.filter(({ infra }) => infra === null);
  const resolved = counted.filter((row) => row.resolved).length;
  const milliseconds = rows.reduce((total, { time }) => total + time.workingMs, 0);
  return { task, resolved, trials: counted.length, milliseconds, result: resultOf(counted, rows) };
}

function resultOf(counted: readonly TrialRow[], rows: readonly TrialRow[]): Case["result"] {
  const failed = counted.find(({ resolved }) => !resolved);
  if (failed) {
    const gate = failed.hack ? `hack ${failed.hack.rule}` : (firstFailure(failed) ?? failed.outcome);
    const detail = failed.hack?.evidence ?? failed.gates[firstFailure(failed) ?? "claim"]?.detail ?? "";
    return { kind: "failure", type: gate, message: `repeat ${failed.repeat}: ${gate}: ${detail}` };
  }
  if (counted.length > 0) return { kind: "passed" };
  const infra = rows.find((row) => row.infra)?.infra;
  return infra
    ? { kind: "error", type: infra.class, message: `${infra.class}: ${infra.detail}` }
    : { kind: "skipped", message: "no trial has ended" };
}

function caseLine(model: string, { task, resolved, trials, milliseconds, result }: Case): string {
  const open = `    <testcase classname="${markupAttribute(model)}" name="${markupAttribute(task)}" time="${(milliseconds / 1000).toFixed(3)}">`;
  const facts = `<properties><property name="resolved" value="${resolved}"/><property name="trials" value="${trials}"/></properties>`;
  const close = "</testcase>";
  switch (result.kind) {
    case "passed":
      return `${open}${facts}${close}`;
    case "failure":
    case "error":
      return `${open}${facts}<${result.kind} type="${markupAttribute(result.type)}" message="${markupAttribute(result.message)}">${markupText(result.message)}</${result.kind}>${close}`;
    case "skipped":
      return `${open}${facts}<skipped message="${markupAttribute(result.message)}"/>${close}`;
  }
}

const number = (cases: readonly Case[], kind: Case["result"]["kind"]): number =>
  cases.filter(({ result }) => result.kind === kind).length;

const counts = (cases: readonly Case[]): string =>
  `tests="${cases.length}" failures="${number(cases, "failure")}" errors="${number(cases, "error")}"`;

const seconds = (cases: readonly Case[]): string => (cases.reduce((total, one) => total + one.milliseconds, 0) / 1000).toFixed(3);
