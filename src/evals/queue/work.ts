import { setTimeout as wait } from "node:timers/promises";
import type { Job, PgBoss } from "pg-boss";
import { errorText } from "../../system/error.ts";
import type { TrialRow } from "../results/trial-row.ts";
import type { PlannedTrial } from "../run/manifest.ts";
import { queueOf, trialJobSchema } from "./job.ts";

/** A worker: takes trials of one run from the queue until there are none. */

export interface WorkerOptions {
  readonly boss: PgBoss;
  readonly run: string;
  /** Trials at the same time. */
  readonly slots: number;
  /** Does one attempt. The row is not committed: that is the orchestrator's. */
  readonly carryOut: (trial: PlannedTrial) => Promise<TrialRow>;
  /** Aborted: nothing more is taken, what runs finishes. */
  readonly stop: AbortSignal;
  readonly onRow?: (row: TrialRow) => void;
  readonly onTrouble: (text: string) => void;
  /** Milliseconds between two looks. */
  readonly pollMs?: number;
}

/** Half a second is the least that pg-boss takes. */
const POLL_SECONDS = 0.5;
const POLL_MS = 1_000;
/** Looks that find nothing before a run is taken for done: the orchestrator may be about to send more. */
const IDLE_LOOKS = 3;
/** Milliseconds; a trial has its own limit, long before this one. */
const LONGEST_TRIAL = 24 * 3_600 * 1_000;

/** @returns how many trials it carried out */
export async function workOnQueue(options: WorkerOptions): Promise<number> {
  const { boss, run, slots, carryOut, stop, onRow, onTrouble } = options;
  const queue = queueOf(run);
  let done = 0;
  let running = 0;

  const one = async ([job]: Job<unknown>[]): Promise<unknown> => {
    const { run: named, trial } = trialJobSchema.parse(job?.data);
    if (named !== run) throw new Error(`the job is one of ${named}, not of ${run}`);
    running += 1;
    try {
      const row = await carryOut(trial);
      done += 1;
      onRow?.(row);
      return { schema: "crq-trial-output/1", row };
    } finally {
      running -= 1;
    }
  };

  await waitForQueue(boss, queue, stop);
  if (stop.aborted) return 0;
  await boss.work(queue, { localConcurrency: slots, pollingIntervalSeconds: POLL_SECONDS, batchSize: 1 }, one);
  let idle = 0;
  while (!stop.aborted && idle < IDLE_LOOKS) {
    await pause(options.pollMs ?? POLL_MS, stop);
    try {
      // Another worker may die and leave its job: it counts until it has ended.
      const open = (await boss.findJobs(queue)).some(
        ({ state }) => state === "created" || state === "retry" || state === "active",
      );
      idle = open || running > 0 ? 0 : idle + 1;
    } catch (error) {
      onTrouble(errorText(error));
    }
  }
  await boss.offWork(queue, { wait: true });
  await boss.stop({ graceful: true, timeout: LONGEST_TRIAL });
  return done;
}

/** Workers may be started before the run. */
async function waitForQueue(boss: PgBoss, queue: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted && (await boss.getQueue(queue)) === null) await pause(POLL_MS, stop);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal }).catch(() => undefined);
