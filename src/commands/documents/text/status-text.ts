import type { CrqStatus } from "../../../jobs/status.ts";
import { oneLine, table } from "../../../ui/text.ts";

/** States for people: one row a CRQ, and under it what should be known. */
export function statusText(crqs: readonly CrqStatus[]): string {
  const rows = crqs.map((crq) => [
    oneLine(crq.id ?? "?", 12),
    crq.state === crq.stored || crq.stored === null ? crq.state : `${crq.state} (${crq.stored})`,
    criteriaText(crq),
    reportText(crq),
    oneLine(crq.title, 60),
  ]);
  const lines = table([["ID", "State", "Criteria", "Report", "Title"], ...rows]).split("\n");
  return [lines[0] ?? "", ...crqs.flatMap((crq, i) => [lines[i + 1] ?? "", ...notes(crq).map((note) => `    ${note}`)])].join(
    "\n",
  );
}

function criteriaText({ criteria: { total, withCheck, pass, waived } }: CrqStatus): string {
  const checks = withCheck === total ? "" : `, ${total - withCheck} without check`;
  if (pass === null) return `${total}${checks}`;
  return `${pass}/${total} pass${waived !== null && waived > 0 ? `, ${waived} waived` : ""}${checks}`;
}

function reportText({ report }: CrqStatus): string {
  if (report === null) return "none";
  const { criteria, files } = report.current;
  const current = criteria && files ? "current" : criteria ? "of other files" : "of other criteria";
  return `${report.ok ? "ok" : "not ok"}, ${ageText(report.age)} old, ${current}`;
}

/** What a person has to know or to do about one CRQ, a line each. */
export function notes(crq: CrqStatus): readonly string[] {
  return [
    ...(crq.reason === null ? [] : [oneLine(crq.reason, 200)]),
    ...(crq.openQuestions.length > 0 ? [`open: ${crq.openQuestions.join(", ")}`] : []),
    ...(crq.unattended ? ["approved unattended (--yes): nobody was asked"] : []),
    ...crq.waivers.map(
      (waiver) =>
        `${waiver.void ? (waiver.by.startsWith("agent:") ? "waiver proposed" : "waiver void") : "waived"}: ${oneLine(waiver.ac ?? waiver.weakening ?? "?", 60)} by ${oneLine(waiver.by, 60)} until ${waiver.until}: ${oneLine(waiver.reason, 100)}`,
    ),
    ...(crq.supersededBy.length > 0 ? [`superseded by ${crq.supersededBy.join(", ")}`] : []),
    ...crq.unmetGuards,
  ];
}

/** `40 s`, `12 min`, `5 h`, `3 d`. */
export function ageText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
