import type { CheckEvidence, CriterionEvidence, CrqReport } from "../evidence.ts";
import { CHECKED, isNeverChecked } from "./checked.ts";

/** Where a reader of the page finds the logs: beside it, or not with it (a report in a repository comes without them). */
export type LogPlace = "beside" | "elsewhere";

/** The report for people: first whether it is done, then criterion by criterion what was checked. */
export function markdownOf(report: CrqReport, logs: LogPlace): string {
  return [
    `# Report of ${line(report.crq.id)}: ${line(report.crq.title)}`,
    "",
    gateSentence(report),
    ...bullets(report.gate.failures.map(({ detail, ac }) => (ac === undefined ? line(detail) : `${ac}: ${line(detail)}`))),
    "",
    "## Criteria",
    "",
    "| Criterion | Verdict | Checked? | Before the change |",
    "|---|---|---|---|",
    ...report.criteria.map((criterion) => {
      const before = criterion.baseline ? criterion.baseline.verdict : "not tried";
      return `| ${criterion.id} | ${criterion.verdict} (${criterion.tier}) | ${CHECKED[criterion.verdict]} | ${before} |`;
    }),
    "",
    ...report.criteria.flatMap((criterion) => criterionPart(criterion, logs)),
    ...part(
      "Weakenings",
      report.weakenings.map(
        ({ pattern, file, line: at, what, ac, waived }) =>
          `${ac === undefined ? "" : `${ac}: `}${line(pattern)}${what === undefined ? "" : ` (${line(what)})`} at ${code(`${file}:${at}`)}${waived ? " (waived)" : ""}`,
      ),
    ),
    ...part("Changed but not asked for", report.unrequested.map(code)),
    ...part(
      "Guards tried on known bad examples",
      report.canaries.map(
        ({ kind, accepted, verdict }) =>
          `${kind}: ${accepted ? "**accepted**, so its passes prove nothing" : verdict === "fail" || verdict === "vacuous" ? "rejected, as it must be" : "could not be tried here"}`,
      ),
    ),
    "## Where it ran",
    "",
    ...bullets(facts(report)),
    "",
  ].join("\n");
}

function gateSentence({ gate, totals, criteria }: CrqReport): string {
  if (gate.ok) return `**Done**: all ${totals.criteria} criteria hold${totals.waived > 0 ? ` (${totals.waived} waived)` : ""}.`;
  const unknown = criteria.filter(({ verdict }) => isNeverChecked(verdict)).length;
  const never = unknown > 0 ? `; ${unknown} were never checked` : "";
  return `**Not done**: ${totals.pass} of ${totals.criteria} criteria pass${never}.`;
}

function criterionPart(criterion: CriterionEvidence, logs: LogPlace): string[] {
  const change = [
    ...(criterion.steps.length > 0 ? [`Plan: ${criterion.steps.map((step) => `step ${step}`).join(", ")}.`] : []),
    ...(criterion.changedFiles.length > 0 ? [`Files: ${criterion.changedFiles.map(code).join(", ")}.`] : []),
    ...(criterion.commits.length > 0 ? [`Commits: ${criterion.commits.map(code).join(", ")}.`] : []),
  ];
  return [
    `### ${criterion.id}: ${CHECKED[criterion.verdict]}`,
    "",
    prose(criterion.text),
    "",
    ...criterion.checks.map((check) => checkLine(check, logs)),
    ...(criterion.checks.length === 0 ? ["- no check: this criterion was never checked"] : []),
    ...(criterion.baseline ? [`- before the change: ${criterion.baseline.verdict}: ${line(criterion.baseline.reason)}`] : []),
    "",
    ...(change.length > 0 ? [change.join(" "), ""] : []),
  ];
}

function checkLine(check: CheckEvidence, logs: LogPlace): string {
  const seen =
    check.counts.checked === check.counts.candidates
      ? `${check.counts.checked}`
      : `${check.counts.checked} of ${check.counts.candidates}`;
  const log = logs === "beside" ? `[log](${check.log.path})` : `log sha256 ${code(check.log.sha256.slice(0, 12))}`;
  const argv = check.argv ? ` ${code(check.argv.join(" "))}` : "";
  return `- ${check.kind}: **${check.verdict}**: ${line(check.reason)}${argv} (looked at ${seen}; ${check.durationMs} ms; ${log})`;
}

function facts({ subject, env, cost, crq, criteria }: CrqReport): string[] {
  return [
    ...(subject.commit === null ? ["the files are in no commit yet"] : [`commit ${code(subject.commit)}`]),
    `base ${code(subject.base)}, tree ${code(subject.tree)}${subject.dirty ? " (with uncommitted changes)" : ""}`,
    ...(crq.hash === null ? [] : [`scope and criteria ${code(crq.hash)}`]),
    ...(subject.lockSha256 === null ? [] : [`flake.lock ${code(subject.lockSha256)}`]),
    `${line(env.crqAgent)}, Nix ${env.nix ?? "not available"}, ${line(env.system)}, inputs: ${line(env.world)}`,
    ...(subject.untracked.length > 0
      ? [`not looked at, since git does not know it: ${subject.untracked.map(code).join(", ")}`]
      : []),
    ...criteria
      .flatMap(({ checks }) => checks.flatMap((check) => check.outputs ?? []))
      .map(({ path, narSha256 }) => `built ${code(path)}${narSha256 === null ? "" : `, NAR sha256 ${code(narSha256)}`}`),
    `${cost.nixProcesses} Nix processes, ${(cost.durationMs / 1000).toFixed(1)} s`,
    ...(env.unsafeLocal ? ["**unsafe**: programs that the change built may have run without confinement"] : []),
  ];
}

const bullets = (items: readonly string[]): string[] => items.map((item) => `- ${item}`);

const part = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [`## ${title}`, "", ...bullets(items), ""];

/** Text of programs and repositories in one line, so that it can neither start a block nor become markup or a table cell of its own. */
function line(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>|#~]/g, "\\$&");
}

/** A criterion's own text: its inline markup stays, but it cannot start a block or bring HTML in. */
function prose(text: string): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/</g, "\\<")
    .replace(/^(?:[#>|~=+*-]|`{3})/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

/** Inline code, whatever it holds. */
function code(text: string): string {
  const flat = text.replace(/\s+/gu, " ").replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}
