import { oneLine, table, wrapped } from "./text.ts";

/** What the table needs of a report, so that it can show one of any age. */
export interface TableReport {
  readonly criteria: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly tier: string;
    readonly reason: string;
    readonly checks: readonly { readonly verdict: string; readonly log: { readonly path: string } }[];
  }[];
  readonly gate: {
    readonly ok: boolean;
    readonly failures: readonly { readonly rule: string; readonly detail: string; readonly ac?: string | undefined }[];
  };
  readonly weakenings: readonly {
    readonly pattern: string;
    readonly file: string;
    readonly line: number;
    readonly waived: boolean;
  }[];
  readonly unrequested: readonly string[];
}

/** Mark and words of a verdict: never checked must not look like checked, whatever colours or fonts a terminal has. */
const SHOWN: Readonly<Record<string, readonly [mark: string, checked: string]>> = {
  pass: ["✓", "checked"],
  fail: ["✗", "checked"],
  vacuous: ["✗", "proves nothing"],
  unavailable: ["?", "never checked"],
  skipped: ["?", "never checked"],
  manual: ["?", "never checked"],
  waived: ["~", "waived"],
};

/** Paths named in one line; more are counted. */
const MOST_PATHS = 20;

/**
 * The acceptance as a person reads it: one row a criterion, below it the whole reason of what is no pass and where its log is, then what else
 * stands in the way.
 * @param width columns of the terminal
 */
export function acceptanceTable(report: TableReport, evidenceFolder: string, width = 100): string {
  const rows = table(
    report.criteria.map(({ id, verdict, tier, reason }) => {
      const [mark, checked] = SHOWN[verdict] ?? ["?", verdict];
      return [
        mark,
        id,
        verdict,
        checked === "checked" ? `checked (${tier})` : checked,
        verdict === "pass" ? oneLine(reason, 400) : "",
      ];
    }),
  ).split("\n");
  const lines = report.criteria.flatMap(({ verdict, reason, checks }, i) => {
    const row = cut(rows[i] ?? "", width);
    if (verdict === "pass") return [row];
    const logs = checks.filter((check) => check.verdict !== "pass").map(({ log }) => log.path);
    return [row, ...indented(reason, width), ...(logs.length > 0 ? indented(`log: ${logs.join(", ")}`, width) : [])];
  });
  const others = report.gate.failures.filter(({ rule }) => rule !== "criterion");
  const { unrequested } = report;
  const more = unrequested.length > MOST_PATHS ? ` and ${unrequested.length - MOST_PATHS} more` : "";
  return [
    ...lines,
    ...others.flatMap(({ rule, detail }) => hanging(`✗ ${rule}: ${detail}`, width)),
    ...report.weakenings
      .filter(({ waived }) => waived)
      .flatMap(({ pattern, file, line }) => hanging(`~ waived: ${pattern} at ${file}:${line}`, width)),
    ...(unrequested.length > 0
      ? hanging(`! changed although nothing in the CRQ asks for it: ${unrequested.slice(0, MOST_PATHS).join(", ")}${more}`, width)
      : []),
    `Evidence: ${evidenceFolder}`,
  ].join("\n");
}

const INDENT = "   ";

const cut = (row: string, width: number): string => (row.length <= width ? row : `${row.slice(0, Math.max(0, width - 1))}…`);

const indented = (text: string, width: number): readonly string[] =>
  wrapped(text, width - INDENT.length).map((line) => `${INDENT}${line}`);

const hanging = (text: string, width: number): readonly string[] =>
  wrapped(text, width - INDENT.length).map((line, i) => (i === 0 ? line : `${INDENT}${line}`));
