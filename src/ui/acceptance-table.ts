import { oneLine, table } from "./text.ts";

/** What the table needs of a report, so that it can show one of any age. */
export interface TableReport {
  readonly criteria: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly tier: string;
    readonly reason: string;
    readonly checks: readonly { readonly log: { readonly path: string } }[];
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

/** The acceptance as a person reads it: one row a criterion with its evidence, then what else stands in the way. */
export function acceptanceTable(report: TableReport, evidenceFolder: string): string {
  const rows = report.criteria.map(({ id, verdict, tier, reason, checks }) => {
    const logs = checks.map(({ log }) => log.path).join(", ");
    return [
      verdict === "pass" ? "✓" : verdict === "waived" ? "~" : "✗",
      id,
      verdict,
      tier,
      `${oneLine(reason, 100)}${logs === "" ? "" : `  [${logs}]`}`,
    ];
  });
  const others = report.gate.failures.filter(({ rule }) => rule !== "criterion");
  return [
    table(rows),
    ...others.map(({ rule, detail }) => `✗ ${rule}: ${detail}`),
    ...report.weakenings
      .filter(({ waived }) => waived)
      .map(({ pattern, file, line }) => `~ waived: ${pattern} at ${file}:${line}`),
    ...(report.unrequested.length > 0
      ? [`Changed although nothing in the CRQ asks for it: ${report.unrequested.join(", ")}`]
      : []),
    `Evidence: ${evidenceFolder}`,
  ].join("\n");
}
