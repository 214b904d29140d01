import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { csvOf } from "../../report/csv.ts";
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
  const files = formats.flatMap((format) => filesOf(format, facts, rows, summary, markdown));
  for (const [name, text] of files) await replaceFile(join(folder, name), text);
  return { summary, markdown, files: files.map(([name]) => join(folder, name)) };
}

function filesOf(
  format: Format,
  facts: RunFacts,
  rows: readonly TrialRow[],
  summary: Summary,
  markdown: string,
): readonly (readonly [name: string, text: string])[] {
  switch (format) {
    case "md":
      return [["report.md", markdown]];
    case "html":
      return [["report.html", pageOf(summary, rows)]];
    case "json":
      return [
        ["summary.json", `${JSON.stringify(summary, undefined, 1)}\n`],
        [
          "results.jsonl",
          inOrder(rows)
            .map((row) => `${JSON.stringify(row)}\n`)
            .join(""),
        ],
      ];
    case "csv":
      return [["results.csv", csvOf(rows)]];
    case "junit":
      return [["junit.xml", junitOfRun(facts, rows)]];
  }
}

/** Exit code that a run's numbers alone give: 3, no ranking; 4, unfinished or empty. */
export function exitOfSummary({ complete, noRanking, models }: Summary): 0 | 3 | 4 {
  if (!models.some(({ trials }) => trials > 0) || !complete) return 4;
  return noRanking === undefined ? 0 : 3;
}
