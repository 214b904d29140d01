import { cp } from "node:fs/promises";
import { GATE_VERSION } from "../../grading/grade.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import type { Manifest, PlannedTrial } from "../manifest.ts";
import { strangeRow } from "../plan/row-of-plan.ts";
import { alteredEvidence } from "./evidence.ts";
import { makeTrialFolder, trialFolder } from "./run-folder.ts";
import { attemptFolder, commitRow, openAttempt, readRow } from "./trial-folder.ts";

/**
 * Takes the result of an equal trial out of an earlier run. To be asked for models that do the same every time only: a key is all that
 * decides what they do.
 * @param earlier folders of runs, the best first
 * @returns the row as it stands in this run; undefined where no run has a sound one
 */
export async function reuseTrial(
  run: string,
  manifest: Manifest,
  planned: PlannedTrial,
  earlier: readonly string[],
): Promise<TrialRow | undefined> {
  for (const other of earlier) {
    const folder = trialFolder(other, planned.key);
    const found = readRow(folder);
    if (found.kind !== "row" || found.row.gateVersion !== GATE_VERSION) continue;
    // How far it came in its time says something of that day's load.
    if (found.row.outcome === "limit:wall" || strangeRow(found.row, planned) !== undefined) continue;
    const evidence = attemptFolder(folder, found.row.attempt);
    if (alteredEvidence(evidence, found.row.sha256.evidence).length > 0) continue;
    const attempt = await openAttempt(await makeTrialFolder(run, planned.key));
    await cp(evidence, attempt.folder, { recursive: true });
    const { shard: _, ...rest } = found.row;
    const row: TrialRow = {
      ...rest,
      run: manifest.facts.run,
      block: planned.block,
      attempt: attempt.number,
      reusedFrom: found.row.reusedFrom ?? found.row.run,
    };
    await commitRow(trialFolder(run, planned.key), row);
    return row;
  }
  return undefined;
}
