import { plainText } from "../../../agent/plain-text.ts";
import type { Check } from "../../../crq/checks.ts";
import { isNeverChecked } from "../../../crq/criteria/report/formats/checked.ts";
import type { Criterion, Crq } from "../../../crq/model.ts";
import type { CrqStatus } from "../../../jobs/status.ts";
import { oneLine, table } from "../../../ui/text.ts";
import { ageText, notes } from "./status-text.ts";

/** A CRQ for people: where it stands, its criteria with what the last report says, its questions, then its own text. Safe for a terminal. */
export function documentText(crq: Crq, status: CrqStatus): string {
  const questions = crq.questions.map(({ id, text, answer }) =>
    answer === undefined
      ? `? ${id}  ${oneLine(text, 200)}`
      : `✓ ${id}  ${oneLine(text, 200)}\n       Answer: ${oneLine(answer, 200)}`,
  );
  return [
    oneLine(`${status.id ?? "?"}: ${status.title}`, 200),
    table(factRows(crq, status)),
    ...part(
      "Criteria",
      crq.criteria.map((criterion) => criterionText(criterion, status)),
    ),
    ...part("Questions", questions),
    "",
    ...crq.sections.map(({ heading, body }) => plainText(`── ${heading} ──\n${crq.source.slice(body.start, body.end).trim()}\n`)),
  ].join("\n");
}

function factRows(crq: Crq, status: CrqStatus): readonly (readonly string[])[] {
  const { approval, report, lastRun } = status;
  const { metadata } = crq;
  const same = status.state === status.stored;
  return [
    ["file", oneLine(status.path, 200)],
    ["state", `${status.state}${same ? "" : ` (${status.stored ?? "no status"} in the document)`}`],
    ...notes(status).map((note) => ["", note]),
    ...(metadata ? [["kind", `${metadata.kind}, ${metadata.created}, ${oneLine(metadata.authors.join(", "), 120)}`]] : []),
    ...(metadata?.branch === undefined ? [] : [["branch", oneLine(metadata.branch, 120)]]),
    [
      "approval",
      approval === null
        ? "none"
        : `${approval.state}: ${oneLine(approval.by, 80)}, ${approval.at} (${approval.via}), ${oneLine(approval.hash, 80)}`,
    ],
    [
      "report",
      report === null
        ? "none"
        : `${report.ok ? "ok" : "not ok"}, ${ageText(report.age)} old, criteria ${report.current.criteria ? "current" : "changed since"}, files ${report.current.files ? "current" : "changed since"}: ${oneLine(report.path, 300)}`,
    ],
    ...(lastRun === null
      ? []
      : [["last run", `${lastRun.verb} ${lastRun.session}: ${oneLine(lastRun.outcome ?? "not ended", 200)}`]]),
  ];
}

/** One criterion with its checks and its last verdict. */
export function criterionText({ id, text, withdrawn, need, checks }: Criterion, status: CrqStatus): string {
  const last = status.criteria.verdicts.find((verdict) => verdict.id === id);
  const mark =
    withdrawn !== undefined
      ? "-"
      : last === undefined
        ? "·"
        : last.verdict === "pass"
          ? "✓"
          : last.verdict === "waived"
            ? "~"
            : isNeverChecked(last.verdict)
              ? "?"
              : "✗";
  const said =
    withdrawn !== undefined
      ? `withdrawn ${oneLine(withdrawn, 160)}`
      : last === undefined
        ? "never checked"
        : `${last.verdict}${isNeverChecked(last.verdict) ? ", never checked" : ""}: ${oneLine(last.reason, 160)}`;
  return [
    `${mark} ${id}  ${oneLine(text, 300)}`,
    ...checks.map((check) => `       ${oneLine(checkText(check), 300)}`),
    ...(need === "any" && checks.length > 1 ? ["       one of them is enough"] : []),
    `       ${said}`,
  ].join("\n");
}

/** Kind and parameters that differ from what the kind does by itself. */
function checkText({ kind, timeout: _, ...parameters }: Check): string {
  const given = Object.entries(parameters).filter(
    ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
  );
  return [kind, ...given.map(([key, value]) => `${key} = ${JSON.stringify(value)}`)].join("  ");
}

const part = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", title, ...lines]);
