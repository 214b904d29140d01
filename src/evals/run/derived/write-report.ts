import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { csvLines } from "../../report/csv.ts";
import { pageOf } from "../../report/html/page.ts";
import { junitOfRun } from "../../report/junit.ts";
import { markdownOf } from "../../report/markdown.ts";
import type { RunFacts } from "../../results/run-facts.ts";
import { summarize } from "../../results/summarize.ts";
import { type Summary, summarySchema } from "../../results/summary.ts";
import { inOrder, type TrialRow } from "../../results/trial-row.ts";
import { replaceFile } from "../folder/durable.ts";

/** The files that are made from a run's rows and may be thrown away. */

export const FORMATS = ["md", "html", "json", "csv", "junit"] as const;
export type Format = (typeof FORMATS)[number];

export interface WrittenReport {
  readonly summary: Summary;
  readonly markdown: string;
  /** Paths. */
  readonly files: readonly string[];
}

export async function writeReport(
  folder: string,
  facts: RunFacts,
  rows: readonly TrialRow[],
  formats: readonly Format[] = FORMATS,
): Promise<WrittenReport> {
  const summary = summarySchema.parse(summarize(facts, rows));
  const markdown = markdownOf(summary);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = formats.flatMap((format) => filesOf(format, facts, inOrder(rows), summary, markdown));
  for (const { name, content } of files) await replaceFile(join(folder, name), content());
  return { summary, markdown, files: files.map(({ name }) => join(folder, name)) };
}

interface ReportFile {
  readonly name: string;
  /** Made when it is written: of a large run, no two files are in memory at once. */
  readonly content: () => string | Iterable<string>;
}

function filesOf(
  format: Format,
  facts: RunFacts,
  rows: readonly TrialRow[],
  summary: Summary,
  markdown: string,
): readonly ReportFile[] {
  switch (format) {
    case "md":
      return [{ name: "report.md", content: () => markdown }];
    case "html":
      return [{ name: "report.html", content: () => pageOf(summary, rows) }];
    case "json":
      return [
        { name: "summary.json", content: () => `${JSON.stringify(summary, undefined, 1)}\n` },
        { name: "results.jsonl", content: () => jsonLines(rows) },
      ];
    case "csv":
      return [{ name: "results.csv", content: () => csvLines(rows) }];
    case "junit":
      return [{ name: "junit.xml", content: () => junitOfRun(facts, rows) }];
  }
}

function* jsonLines(rows: readonly TrialRow[]): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** Exit code that a run's numbers alone give: 3, no ranking; 4, unfinished or empty. */
export function exitOfSummary({ complete, noRanking, models }: Summary): 0 | 3 | 4 {
  if (!models.some(({ trials }) => trials > 0) || !complete) return 4;
  return noRanking === undefined ? 0 : 3;
}
