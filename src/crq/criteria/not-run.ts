import { hostSystem } from "../../nix/run.ts";
import { writeLog } from "./check/log.ts";
import { skipped } from "./check/result.ts";
import { liveCriteria, type RunOptions } from "./run-context.ts";
import type { AcceptanceRun } from "./runner.ts";

/** The run of which nothing came: work that ended early still gets a report, and the report says of each check that it was not run. */
export async function runNothing(options: RunOptions, why: string): Promise<AcceptanceRun> {
  const result = skipped("not-run", why);
  const criteria = await Promise.all(
    liveCriteria(options.crq).map(async (criterion) => ({
      criterion,
      checks: await Promise.all(
        criterion.checks.map(async (check, index) => ({
          criterion: criterion.id,
          index,
          check,
          result,
          durationMs: 0,
          log: await writeLog(options.folder, criterion.id, index, result),
        })),
      ),
    })),
  );
  return { criteria, system: options.nix?.system ?? hostSystem(), nixProcesses: 0, durationMs: 0, aborted: true };
}
