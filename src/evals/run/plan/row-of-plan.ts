import type { TrialRow } from "../../results/trial-row.ts";
import type { PlannedTrial } from "../manifest.ts";

/** What a row must share with the trial that it is said to be of: a key alone is only what its writer put there. */
const SHARED = ["key", "task", "taskHash", "model", "repeat"] as const;

/** What of a row is not as planned, in words; undefined where it is the trial's. Pure. */
export function strangeRow(row: Pick<TrialRow, (typeof SHARED)[number]>, planned: PlannedTrial): string | undefined {
  const differing = SHARED.find((name) => row[name] !== planned[name]);
  return differing === undefined ? undefined : `${differing} is ${row[differing]}, and ${planned[differing]} was planned`;
}

/** The trial as the plan has it; undefined where what was asked for is none of it. */
export const plannedIn = (plan: readonly PlannedTrial[], asked: PlannedTrial): PlannedTrial | undefined =>
  plan.find((trial) => trial.block === asked.block && strangeRow(asked, trial) === undefined);
