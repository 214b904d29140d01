import { locationOf, type SarifRule, sarifLog } from "../../../sarif.ts";
import type { CriterionEvidence, CrqReport, GateRule } from "../evidence.ts";
import { reportExitCode, saysOnlyUnknown } from "../gate.ts";
import { CHECKED } from "./checked.ts";

/**
 * The report as a SARIF 2.1.0 log. A result's `kind` (section 3.27.9) is what was found out: `pass`, `fail`, `open` where there was not enough to
 * decide, `review` where a person has to. Only `fail` has a level; a person's waiver is a suppression of it.
 */
export function sarifOf(report: CrqReport) {
  const results = [
    ...report.criteria.map((criterion) => ofCriterion(report, criterion)),
    ...report.gate.failures.filter(({ rule }) => rule !== "criterion" && rule !== "weakening").map((one) => ofGate(report, one)),
    ...report.weakenings.map(ofWeakening),
    ...report.unrequested.map(ofUnrequested),
  ];
  const rules = rulesOf(report, new Set(results.map(({ ruleId }) => ruleId)));
  const version = report.env.crqAgent.replace(/^crq-agent@/u, "");
  return sarifLog(version, rules, results, {
    automationDetails: { id: `crq-agent/${report.crq.id}/` },
    invocations: [{ executionSuccessful: true, exitCode: reportExitCode(report) }],
    properties: {
      schema: report.schema,
      crq: report.crq,
      subject: report.subject,
      env: report.env,
      totals: report.totals,
      gateOk: report.gate.ok,
    },
  });
}

/** What was found out, as SARIF says it. `justification`: a person's, for something that was found. */
function finding(kind: "pass" | "fail" | "open" | "review", level: "error" | "warning" = "error", justification?: string) {
  return {
    kind,
    level: kind === "fail" ? level : ("none" as const),
    ...(justification !== undefined && {
      suppressions: [{ kind: "external" as const, status: "accepted" as const, justification }],
    }),
  };
}

function findingOf({ verdict, reason }: CriterionEvidence) {
  switch (verdict) {
    case "pass":
      return finding("pass");
    case "fail":
    case "vacuous":
      return finding("fail");
    case "unavailable":
    case "skipped":
      return finding("open");
    case "manual":
      return finding("review");
    case "waived":
      return finding("fail", "error", reason);
  }
}

const ruleOf = (report: CrqReport, criterion: CriterionEvidence): string => `${report.crq.id}/${criterion.id}`;

function ofCriterion(report: CrqReport, criterion: CriterionEvidence) {
  const own = locationOf(report.crq.path, criterion.line);
  const failing = criterion.checks.filter(({ verdict }) => verdict !== "pass");
  const places = failing
    .flatMap(({ diagnoses }) => diagnoses)
    .flatMap(({ position, message }) => (position && isInside(position.file) ? [{ position, message }] : []))
    .map(({ position: { file, line, column }, message }) => ({ ...locationOf(file, line, column), message: { text: message } }));
  const [first, ...others] = places;
  const related = first ? [own, ...others] : [];
  return {
    ruleId: ruleOf(report, criterion),
    ...findingOf(criterion),
    message: { text: `${criterion.id} ${criterion.verdict} (${CHECKED[criterion.verdict]}): ${criterion.reason}` },
    locations: [first ?? own],
    ...(related.length > 0 && { relatedLocations: related.map((location, id) => ({ id, ...location })) }),
    partialFingerprints: { "criterionTextHash/v1": criterion.textHash },
    properties: {
      verdict: criterion.verdict,
      checked: CHECKED[criterion.verdict],
      tier: criterion.tier,
      baseline: criterion.baseline?.verdict ?? null,
    },
  };
}

/** Nix also names files of its inputs and of the machine; those are no places of the repository. */
const isInside = (file: string): boolean => !/^(?:\/|«|<|[a-z][a-z0-9+.-]*:)/iu.test(file) && !file.split("/").includes("..");

function ofGate(report: CrqReport, { rule, detail }: CrqReport["gate"]["failures"][number]) {
  return {
    ruleId: `gate/${rule}`,
    ...finding(saysOnlyUnknown(rule) ? "open" : "fail"),
    message: { text: detail },
    locations: [locationOf(report.crq.path, 1)],
    properties: { verdict: saysOnlyUnknown(rule) ? "unavailable" : "fail" },
  };
}

function ofWeakening({ pattern, file, line, what, ac, waived }: CrqReport["weakenings"][number]) {
  return {
    ruleId: `weakening/${slug(pattern)}`,
    ...finding("fail", "error", waived ? "a person waived it in the CRQ" : undefined),
    message: {
      text: `${pattern}${what === undefined ? "" : ` (${what})`}: this makes a check prove less${ac === undefined ? "" : ` (${ac})`}`,
    },
    locations: [locationOf(file, line)],
    properties: { verdict: waived ? "waived" : "fail" },
  };
}

function ofUnrequested(path: string) {
  return {
    ruleId: "unrequested-change",
    ...finding("fail", "warning"),
    message: { text: `${path} was changed although nothing in the CRQ asks for it` },
    locations: [locationOf(path)],
    properties: { verdict: "unrequested" },
  };
}

const GATE_RULES: Readonly<Record<Exclude<GateRule, "criterion" | "weakening">, string>> = {
  "no-criteria": "A CRQ has at least one acceptance criterion",
  "nothing-red-at-base": "At least one check is red before the change",
  "no-baseline": "The criteria are tried before the change",
  "baseline-incomplete": "Every check can be judged before the change",
  "canary-accepted": "A kind of check rejects its known bad example",
  tampering: "Criteria and policy are the ones that a person approved",
};

function rulesOf(report: CrqReport, used: ReadonlySet<string>): readonly SarifRule[] {
  const rule = (id: string, text: string): SarifRule => ({ id, shortDescription: { text } });
  const weakenings = [...new Set(report.weakenings.map(({ pattern }) => pattern))];
  return [
    ...report.criteria.map((criterion) => rule(ruleOf(report, criterion), criterion.text.replace(/\s+/gu, " ").trim())),
    ...Object.entries(GATE_RULES).map(([name, text]) => rule(`gate/${name}`, text)),
    ...weakenings.map((pattern) => rule(`weakening/${slug(pattern)}`, `Nothing that was checked before is weakened: ${pattern}`)),
    rule("unrequested-change", "Only what the CRQ asks for is changed"),
  ].filter(({ id }) => used.has(id));
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-|-$/gu, "");
