import { copyFile, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CrqReport } from "../../../crq/criteria/report/evidence.ts";
import { junitOf } from "../../../crq/criteria/report/formats/junit.ts";
import { markdownOf } from "../../../crq/criteria/report/formats/markdown.ts";
import { sarifOf } from "../../../crq/criteria/report/formats/sarif.ts";
import { statementOf } from "../../../crq/criteria/report/formats/statement.ts";

/** The files that are made of a report: docs/guides/evidence.md says which is for whom. */

/** What goes into the repository: for people and for this program. Its logs stay with the session. */
export function handedOverFiles(report: CrqReport): Readonly<Record<"report.json" | "report.md", string>> {
  return { "report.json": jsonText(report), "report.md": markdownOf(report, "elsewhere") };
}

/** What is kept of every run, without its logs. */
export function evidenceFiles(report: CrqReport): Readonly<Record<string, string>> {
  const text = jsonText(report);
  return {
    "report.md": markdownOf(report, "beside"),
    "junit.xml": junitOf(report),
    "report.sarif": jsonText(sarifOf(report)),
    "statement.intoto.json": jsonText(statementOf(report, text)),
    // The last one: where it is, the others are as well.
    "report.json": text,
  };
}

/**
 * Writes the evidence of one run, each file whole or not at all.
 * @param from folder that holds the run's `logs/`
 */
export async function writeEvidence(folder: string, report: CrqReport, from: string): Promise<void> {
  const logs = report.criteria.flatMap(({ checks }) => checks.map(({ log }) => log.path));
  for (const path of logs) await copyWhole(join(from, path), join(folder, path));
  for (const [name, text] of Object.entries(evidenceFiles(report))) await writeWhole(join(folder, name), text);
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

/** Creates folders as needed; a reader sees the old file or the new one. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const part = await partOf(file);
  await writeFile(part, text);
  await rename(part, file);
}

async function copyWhole(from: string, to: string): Promise<void> {
  const part = await partOf(to);
  await copyFile(from, part);
  await rename(part, to);
}

async function partOf(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return `${file}.${process.pid}.part`;
}
