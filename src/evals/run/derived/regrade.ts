import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Event, eventBody, eventEnvelope } from "../../../agent/events.ts";
import { errorCode } from "../../../system/error.ts";
import { GATE_VERSION, type Grade } from "../../grading/grade.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import { claimSchema, type Submission } from "../../trial/submission.ts";
import { replaceFile } from "../folder/durable.ts";
import { addEvidence, noteRow } from "../folder/evidence.ts";
import { RunError } from "../folder/run-folder.ts";
import { attemptFolder, ROW_FILE, rowText } from "../folder/trial-folder.ts";

/** Grades stored submissions again: no model is asked. */

/** What an attempt handed over, as it was stored. */
export async function storedSubmission(attempt: string): Promise<Submission> {
  const [patch, draft, claim, events] = await Promise.all(
    ["patch.diff", "draft.md", "claim.json", "events.jsonl"].map((name) => readIfThere(join(attempt, name))),
  );
  if (claim === undefined)
    throw new RunError("altered", `${join(attempt, "claim.json")} is missing: the attempt cannot be graded again`);
  return {
    patch: patch ?? "",
    ...(draft === undefined ? {} : { draft }),
    claim: claimSchema.parse(JSON.parse(claim)),
    events: eventsIn(events ?? ""),
  };
}

const eventSchema = eventEnvelope.and(eventBody);

const eventsIn = (text: string): readonly Event[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => eventSchema.parse(JSON.parse(line)));

/** A folder for the logs that no earlier grading has. */
export async function freshLogs(attempt: string): Promise<string> {
  const names = new Set(await readdir(attempt));
  for (let number = 2; ; number++) if (!names.has(`verify-${number}`)) return join(attempt, `verify-${number}`);
}

/**
 * Puts a new grade in the place of the old one, which is kept as `trial.<gateVersion>.json`. Killed anywhere, either row stands, whole and
 * with evidence that fits.
 * @returns the new row
 */
export async function replaceGrade(folder: string, old: TrialRow, grade: Grade, gradeMs: number): Promise<TrialRow> {
  const attempt = attemptFolder(folder, old.attempt);
  const { quality: _, ...rest } = old;
  const row: TrialRow = {
    ...rest,
    ...grade,
    gateVersion: GATE_VERSION,
    time: { ...old.time, gradeMs },
    sha256: { ...old.sha256, evidence: await addEvidence(attempt) },
  };
  await replaceFile(join(folder, `trial.${old.gateVersion}.json`), rowText(old));
  await noteRow(attempt, rowText(row));
  await replaceFile(join(folder, ROW_FILE), rowText(row));
  return row;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
