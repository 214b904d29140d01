import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cleanText } from "../../../nix/logs/clean-text.ts";
import type { CheckResult } from "./result.ts";

/** One log file a check, free of control bytes, cut in the middle when it is long. */

export interface LogFile {
  /** Relative to the report's folder. */
  readonly path: string;
  readonly sha256: string;
  /** Of the whole log, before it was cut. */
  readonly bytes: number;
}

/** Bytes kept of a log: this much of its head and as much of its tail. */
const HALF = 512 * 1024;

/** The text of a check's log file. */
export function logText(result: CheckResult): string {
  const head = [
    `${result.verdict} (${result.code}, tier ${result.tier}): ${result.reason}`,
    ...(result.argv ? [`argv: ${JSON.stringify(result.argv)}`] : []),
    ...(result.exit === undefined ? [] : [`exit: ${result.exit}`]),
    ...result.warnings.map((warning) => `warning: ${warning}`),
  ];
  const diagnoses = result.diagnoses.map(
    (diagnosis) => `${diagnosis.kind}: ${diagnosis.message}\n${diagnosis.excerpt}\nnext: ${diagnosis.next}`,
  );
  return `${[...head, "", ...diagnoses, cutMiddle(cleanText(result.log), HALF)].join("\n").trimEnd()}\n`;
}

/** Head and tail of `half` UTF-16 units each, with a line between them that gives the full size. */
export function cutMiddle(text: string, half: number): string {
  if (text.length <= 2 * half) return text;
  const head = text.slice(0, text.lastIndexOf("\n", half) + 1 || half);
  const tailStart = text.indexOf("\n", text.length - half) + 1 || text.length - half;
  const left = tailStart - head.length;
  return `${head}[… ${left} of ${text.length} characters left out …]\n${text.slice(tailStart)}`;
}

/** Writes `logs/AC-n.k.txt` below `folder`. */
export async function writeLog(folder: string, criterion: string, index: number, result: CheckResult): Promise<LogFile> {
  const text = logText(result);
  const path = `logs/${criterion}.${index}.txt`;
  await mkdir(join(folder, "logs"), { recursive: true });
  await writeFile(join(folder, path), text);
  return { path, sha256: createHash("sha256").update(text).digest("hex"), bytes: Buffer.byteLength(result.log) };
}
