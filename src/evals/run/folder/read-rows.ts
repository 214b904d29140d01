import { setImmediate } from "node:timers/promises";
import type { TrialRow } from "../../results/trial-row.ts";
import type { Manifest, PlannedTrial } from "../manifest.ts";
import { strangeRow } from "../plan/row-of-plan.ts";
import { EvidenceCheck } from "./check-evidence.ts";
import { trialFolder } from "./run-folder.ts";
import { attemptFolder, attemptNumbers, readInfraRows, readRow } from "./trial-folder.ts";

/** A trial fails for infrastructure so often before it is missing: the first attempt and two more. */
export const INFRA_ATTEMPTS = 3;

/** What the folders of a run hold, by its plan. */
export interface RunRows {
  /** One a trial: its result, or, where it is missing for infrastructure, the last reason. In the order of the plan. */
  readonly rows: readonly TrialRow[];
  /** Rows and evidence that are not as they were committed. Such rows are not among `rows`. */
  readonly damaged: readonly string[];
}

export interface ReadOptions {
  /** Also hash all evidence; default true. Without it only the rows themselves are checked. */
  readonly evidence?: boolean;
}

/** They are read synchronously (see `treeHashes`): after so many, signals and other work get their turn. */
const FOLDERS_A_TURN = 32;

/** Reads the rows of a run. Nothing that was changed since its commit is used. */
export async function readRows(run: string, manifest: Manifest, { evidence = true }: ReadOptions = {}): Promise<RunRows> {
  const check = evidence ? new EvidenceCheck(manifest.plan.length) : undefined;
  const read: Read[] = [];
  try {
    for (const [at, trial] of manifest.plan.entries()) {
      if (at % FOLDERS_A_TURN === 0) await setImmediate();
      read.push(await readTrial(trialFolder(run, trial.key), trial, check));
    }
    return joined(read, (await check?.end()) ?? []);
  } finally {
    await check?.close();
  }
}

function joined(read: readonly Read[], altered: readonly (readonly string[])[]): RunRows {
  const damagedBy = ({ damaged, checked }: Read): readonly string[] =>
    checked === undefined ? damaged : [...damaged, ...(altered[checked] ?? [])];
  return {
    rows: read.flatMap((one) => (one.row && damagedBy(one).length === 0 ? [one.row] : [])),
    damaged: read.flatMap(damagedBy),
  };
}

interface Read {
  readonly row: TrialRow | undefined;
  readonly damaged: readonly string[];
  /** Number of its attempt among those whose evidence is hashed. */
  readonly checked?: number;
}

async function readTrial(folder: string, planned: PlannedTrial, check: EvidenceCheck | undefined): Promise<Read> {
  const found = readRow(folder);
  switch (found.kind) {
    case "damaged":
      return { row: undefined, damaged: [found.problem] };
    case "row": {
      const { row } = found;
      const strange = strangeRow(row, planned);
      if (strange !== undefined)
        return { row: undefined, damaged: [`${folder}: holds the result of another trial (${strange})`] };
      const attempt = { folder: attemptFolder(folder, row.attempt), expected: row.sha256.evidence };
      return { row, damaged: [], ...(check && { checked: check.add(attempt) }) };
    }
    case "none": {
      const failed = await readInfraRows(folder);
      return { row: failed.length >= INFRA_ATTEMPTS ? failed.at(-1) : undefined, damaged: [] };
    }
  }
}

/** Whether an attempt was begun and has not ended: the process that made it is gone, or works on it now. */
export async function unendedAttempts(folder: string): Promise<readonly number[]> {
  const found = readRow(folder);
  const ended = new Set([
    ...(await readInfraRows(folder)).map(({ attempt }) => attempt),
    ...(found.kind === "row" ? [found.row.attempt] : []),
  ]);
  return (await attemptNumbers(folder)).filter((number) => !ended.has(number));
}
