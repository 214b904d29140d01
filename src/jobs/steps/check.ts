import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { type StepProblem, stepProblems } from "../../repo/steps/problems.ts";
import { parseRecords, type StepRecord } from "../../repo/steps/records.ts";
import { errorCode } from "../../system/error.ts";

/** The walk of `steps check`: every file of records below a folder is read and judged as one set. */

export interface CheckedSteps {
  readonly files: readonly string[];
  readonly records: readonly StepRecord[];
  readonly problems: readonly StepProblem[];
}

/** A folder that is not there is a problem of the usage: undefined. */
export async function checkSteps(path: string): Promise<CheckedSteps | undefined> {
  const files = await recordFiles(path);
  if (files === undefined) return undefined;
  const records: StepRecord[] = [];
  const problems: StepProblem[] = [];
  for (const file of files) {
    const parsed = parseRecords(relative(path, file) || file, await readFile(file, "utf8"));
    records.push(...parsed.records);
    problems.push(...parsed.problems.map(placed));
  }
  if (records.length === 0 && problems.length === 0)
    problems.push({ place: "", message: "there is no step record (*.jsonl); make some with crq-agent steps record -- COMMAND" });
  return { files, records, problems: [...problems, ...stepProblems(records)] };
}

const placed = (problem: string): StepProblem => {
  const [, place = "", message = problem] = /^(.*?:\d+): (.*)$/su.exec(problem) ?? [];
  return { place, message };
};

async function recordFiles(path: string): Promise<readonly string[] | undefined> {
  try {
    if ((await stat(path)).isFile()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
