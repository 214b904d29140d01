import type { Explanation } from "../../../crq/criteria/report/changes/explained.ts";
import type { CommitTrace } from "../../../jobs/trace/commit.ts";
import type { CriterionTrace } from "../../../jobs/trace/criterion.ts";
import type { PathReason, PathTrace } from "../../../jobs/trace/path.ts";
import type { TracedCommit, TracedCrq } from "../../../jobs/trace/trace.ts";
import { oneLine, table } from "../../../ui/text.ts";

/** Traces as a person reads them. Safe for a terminal. */

/** Commits and files shown of one kind; more are counted. */
const MOST = 20;

export function pathTraceText(trace: PathTrace): string {
  const { path, state, earlier, crqs, unexplained, explained, notes } = trace;
  const was = earlier.length > 0 ? `, earlier ${earlier.map((name) => oneLine(name, 100)).join(", ")}` : "";
  return [
    `${oneLine(path, 200)} (${STATES[state]}${was})`,
    ...(explained ? [] : [unexplainedText(crqs)]),
    ...crqs.flatMap((reason) => ["", ...reasonLines(reason)]),
    ...(unexplained.length > 0 ? ["", "Changed by commits that name no CRQ:", ...commitLines(unexplained)] : []),
    ...noteLines(notes),
  ].join("\n");
}

function unexplainedText(crqs: readonly PathReason[]): string {
  if (crqs.some(({ document }) => document !== null))
    return "Asked for, but no commit or report says that it was changed for it.";
  return crqs.length > 0
    ? "Nothing here explains it: its commits name no CRQ of this repository."
    : "Nothing explains it: no CRQ names it, and no commit that changed it names a CRQ.";
}

const STATES: Readonly<Record<PathTrace["state"], string>> = {
  tracked: "tracked",
  folder: "folder",
  untracked: "not tracked",
  gone: "no longer there",
  present: "no git",
};

function reasonLines({ asks, commits, report, ...crq }: PathReason): readonly string[] {
  const rows = [
    ...askRows(asks),
    ...commits.slice(0, MOST).map((commit) => ["commit", commitText(commit)]),
    ...(commits.length > MOST ? [["", `and ${commits.length - MOST} more commits`]] : []),
    ...(report ? [["report", reportText(report)]] : []),
  ];
  return [crqText(crq), ...indent(table(rows))];
}

function reportText({ path, ok, criteria, unrequested }: NonNullable<PathReason["report"]>): string {
  const said = criteria.map(({ id, verdict }) => `${id} ${verdict ?? "?"}`).join(", ");
  return `${oneLine(path, 160)} (${ok ? "ok" : "not ok"}): ${unrequested ? "nobody asked for the change" : said}`;
}

function askRows({ scope, criteria, steps }: Explanation): readonly (readonly string[])[] {
  return [
    ...(scope ? [["asks", "the scope names it"]] : []),
    ...criteria.map(({ id, by }) => [
      "asks",
      `${id} ${by.map((how) => (how === "check" ? "checks it" : "names it")).join(" and ")}`,
    ]),
    ...steps.map(({ number, criteria: served }) => [
      "asks",
      `step ${number} of the plan names it${served.length > 0 ? ` (${served.join(", ")})` : ""}`,
    ]),
  ];
}

export function commitTraceText(trace: CommitTrace): string {
  const { reasons, files, merged, explained, notes } = trace;
  const helped = trace.assistedBy.length > 0 ? [`assisted by ${oneLine(trace.assistedBy.join(", "), 160)}`] : [];
  return [
    `commit ${trace.commit}`,
    `${trace.date.slice(0, 10)}  ${oneLine(trace.subject, 160)}`,
    ...helped,
    ...(explained
      ? []
      : [
          reasons.length > 0
            ? "Nothing here explains it: its trailers name no CRQ of this repository."
            : "Nothing explains it: its message has no CRQ trailer.",
        ]),
    ...reasons.flatMap(({ criteria, report, ...crq }) => [
      "",
      crqText(crq),
      ...indent(
        table([
          ...criteria.map(({ id, text, verdict }) => [
            id,
            verdict ?? "",
            text === null ? "the CRQ has no such criterion" : oneLine(text, 160),
          ]),
        ]),
      ),
      ...(report ? indent(`report  ${oneLine(report.path, 160)} (${report.ok ? "ok" : "not ok"})`) : []),
    ]),
    ...(files.length > 0 ? ["", "Files:", ...indent(fileTable(files))] : []),
    ...(merged.length > 0 ? ["", "Merges:", ...commitLines(merged)] : []),
    ...noteLines(notes),
  ].join("\n");
}

function fileTable(files: CommitTrace["files"]): string {
  const rows = files.slice(0, MOST).map(({ status, path, from, own, asked }) => {
    const why = own
      ? "the CRQ folder"
      : asked.length === 0
        ? "nothing asks for it"
        : asked.map(({ id, ...asks }) => `${id}: ${whoAsks(asks)}`).join("; ");
    return [status, `${from === null ? "" : `${oneLine(from, 100)} → `}${oneLine(path, 120)}`, why];
  });
  return table([...rows, ...(files.length > MOST ? [["", `and ${files.length - MOST} more`, ""]] : [])]);
}

const whoAsks = ({ scope, criteria, steps }: Explanation): string =>
  [...(scope ? ["scope"] : []), ...criteria.map(({ id }) => id), ...steps.map(({ number }) => `step ${number}`)].join(", ");

/** What follows a criterion in `show --criterion`. */
export function criterionTraceText({ steps, files, commits, evidence, notes }: CriterionTrace): string {
  const rows = [
    ...steps.map(({ number, text }) => ["step", `${number}. ${oneLine(text, 160)}`]),
    ...(files.length > 0
      ? [
          [
            "files",
            `${files
              .slice(0, MOST)
              .map((path) => oneLine(path, 120))
              .join(", ")}${files.length > MOST ? ` and ${files.length - MOST} more` : ""}`,
          ],
        ]
      : []),
    ...commits.slice(0, MOST).map((commit) => ["commit", commitText(commit)]),
    ...(commits.length === 0 ? [["commit", "none of this history names it"]] : []),
    [
      "evidence",
      evidence === null
        ? "none: it was never checked"
        : `${evidence.checked ? "checked" : "never checked"} (${evidence.verdict ?? "?"}): ${oneLine(evidence.path, 240)}`,
    ],
  ];
  return [table(rows), ...noteLines(notes)].join("\n");
}

const crqText = ({ id, document }: TracedCrq): string =>
  document === null
    ? `${oneLine(id, 40)}: this repository has no such CRQ`
    : `${oneLine(id, 40)} ${oneLine(document.title, 100)} (${document.status ?? "no status"}), ${oneLine(document.path, 160)}`;

function commitText({ commit, date, subject, criteria, mentions }: TracedCommit): string {
  const named = criteria.length > 0 ? ` (${criteria.join(", ")})` : "";
  const spoken = mentions.length > 0 ? ` [speaks of ${mentions.join(", ")}, not in a trailer]` : "";
  return `${commit.slice(0, 12)} ${date.slice(0, 10)} ${oneLine(subject, 100)}${named}${spoken}`;
}

const commitLines = (commits: readonly TracedCommit[]): readonly string[] => [
  ...commits.slice(0, MOST).map((commit) => `  ${commitText(commit)}`),
  ...(commits.length > MOST ? [`  and ${commits.length - MOST} more`] : []),
];

const indent = (text: string): readonly string[] => (text === "" ? [] : text.split("\n").map((line) => `  ${line}`));

const noteLines = (notes: readonly string[]): readonly string[] =>
  notes.length > 0 ? ["", ...notes.map((note) => `Note: ${oneLine(note, 400)}`)] : [];
