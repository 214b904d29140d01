import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, errorText } from "../../../system/error.ts";
import { readTrialRow, type TrialRow } from "../../results/trial-row.ts";
import { createFileSteps, isUnfinished, replaceFile, syncFolder } from "./durable.ts";
import { isCommittedRow, noteRow } from "./evidence.ts";

/**
 * One trial on disk: `attempts/NN/` with what each attempt left, and `trial.json` once one of them has ended. That file is the only
 * sign that a trial is done; it appears whole, and only once.
 */

export const ROW_FILE = "trial.json";
export const INFRA_FILE = "infra.json";
const ATTEMPTS = "attempts";
const SUPERSEDED = "superseded";

export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly folder: string;
}

export type FoundRow =
  | { readonly kind: "none" }
  | { readonly kind: "row"; readonly row: TrialRow; readonly text: string }
  /** It is not used, and not overwritten either: somebody has to look. */
  | { readonly kind: "damaged"; readonly problem: string };

export const attemptFolder = (folder: string, number: number): string => join(folder, ATTEMPTS, String(number).padStart(2, "0"));

/** A folder that no other attempt of this trial has, also where several workers share the run's. */
export async function openAttempt(folder: string): Promise<Attempt> {
  const parent = join(folder, ATTEMPTS);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (let number = Math.max(0, ...(await attemptNumbers(folder))) + 1; ; number++) {
    const attempt = attemptFolder(folder, number);
    try {
      await mkdir(attempt, { mode: 0o700 });
      await syncFolder(parent);
      return { number, folder: attempt };
    } catch (error) {
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}

export async function attemptNumbers(folder: string): Promise<readonly number[]> {
  const names = await namesIn(join(folder, ATTEMPTS));
  return names
    .filter((name) => /^\d{2,}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** The row of the attempt that won. Its text must be one that was committed with its attempt. */
export function readRow(folder: string): FoundRow {
  const file = join(folder, ROW_FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { kind: "none" };
    throw error;
  }
  const parsed = parseRow(file, text);
  if (typeof parsed === "string") return { kind: "damaged", problem: parsed };
  if (!isCommittedRow(attemptFolder(folder, parsed.attempt), text))
    return { kind: "damaged", problem: `${file} was changed after it was committed` };
  return { kind: "row", row: parsed, text };
}

/** Rows of attempts that failed for infrastructure, oldest first. One that cannot be read counts as an attempt that did not end. */
export async function readInfraRows(folder: string): Promise<readonly TrialRow[]> {
  const rows = await Promise.all(
    (await attemptNumbers(folder)).map(async (number) => {
      const file = join(attemptFolder(folder, number), INFRA_FILE);
      try {
        const parsed = parseRow(file, await readFile(file, "utf8"));
        return typeof parsed === "string" ? [] : [parsed];
      } catch (error) {
        if (errorCode(error) === "ENOENT") return [];
        throw error;
      }
    }),
  );
  return rows.flat();
}

function parseRow(file: string, text: string): TrialRow | string {
  try {
    const row = readTrialRow(JSON.parse(text));
    return typeof row === "string" ? `${file}: ${row}` : row;
  } catch (error) {
    if (error instanceof SyntaxError) return `${file}: ${errorText(error)}`;
    throw error;
  }
}

export type Committed =
  | { readonly kind: "committed" }
  /** Another attempt was first; this row is kept and never counted. */
  | { readonly kind: "superseded"; readonly file: string };

export const rowText = (row: TrialRow): string => `${JSON.stringify(row, undefined, 1)}\n`;

/** Ends a trial: the first row wins. May be called again with any other attempt of the same key, by whichever process. */
export async function commitRow(folder: string, row: TrialRow): Promise<Committed> {
  const steps = commitSteps(folder, row);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

/** As {@link commitRow}; yields after each step that a crash could follow. */
export async function* commitSteps(folder: string, row: TrialRow): AsyncGenerator<string, Committed> {
  const text = rowText(row);
  await noteRow(attemptFolder(folder, row.attempt), text);
  yield "noted";
  if (yield* createFileSteps(join(folder, ROW_FILE), text)) return { kind: "committed" };
  const found = readRow(folder);
  // A worker that hears of its own commit for the second time superseded nothing.
  if (found.kind === "row" && found.row.attempt === row.attempt) return { kind: "committed" };
  await mkdir(join(folder, SUPERSEDED), { recursive: true, mode: 0o700 });
  const file = join(folder, SUPERSEDED, `${String(row.attempt).padStart(2, "0")}.json`);
  await replaceFile(file, text);
  return { kind: "superseded", file };
}

/** Ends an attempt, not the trial: it failed through no fault of the model, and the trial may be tried again. */
export async function recordInfra(folder: string, row: TrialRow): Promise<void> {
  await replaceFile(join(attemptFolder(folder, row.attempt), INFRA_FILE), rowText(row));
}

/** Takes away what a killed process left half written. Only the holder of the run's lock may call it. */
export async function sweep(folder: string): Promise<void> {
  const left = (await namesIn(folder)).filter(isUnfinished);
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}
