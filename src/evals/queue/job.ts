import { createHash } from "node:crypto";
import { z } from "zod";
import { trialRowSchema } from "../results/trial-row.ts";
import { plannedTrialSchema } from "../run/manifest.ts";

/** One trial as a queue carries it: which run, which trial. Never an artefact: those lie in the run's folder, which all workers share. */

export const trialJobSchema = z.strictObject({
  schema: z.literal("crq-trial-job/1"),
  run: z.string(),
  trial: plannedTrialSchema,
});

export type TrialJob = Readonly<z.infer<typeof trialJobSchema>>;

/** What a worker leaves as the job's output. The row counts once the orchestrator has committed it. */
export const trialOutputSchema = z.looseObject({ schema: z.literal("crq-trial-output/1"), row: trialRowSchema });

/** The queue of a run: jobs of unlike runs never meet, so equal keys of two runs are two jobs. */
export const queueOf = (run: string): string => `crq-evals.${run}`;

/**
 * A UUID of version 8 (RFC 9562, 5.8) made of the trial's key, so that sending it twice makes one job.
 * @param attempt from 1: a trial that failed for infrastructure is sent again, as another job
 */
export function jobIdOf(key: string, attempt = 1): string {
  const hash = createHash("sha256").update(`${key} ${attempt}`).digest("hex");
  const variant = ((Number.parseInt(hash[16] ?? "0", 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

/** Seconds that a job may take: the trial's own limit of working time, its grading, and what waiting and setting up take. */
export const expirySeconds = (wallSeconds: number): number => wallSeconds + GRADING_SECONDS + SLACK_SECONDS;

/** Gates build in a store of their own, once more for each mutation. */
const GRADING_SECONDS = 3_600;
const SLACK_SECONDS = 120;

/** Without a sign of life for so long a worker is taken for dead. pg-boss takes no less than ten. */
export const HEARTBEAT_SECONDS = 30;
/** Further workers that may take a job whose worker died. */
export const RETRY_LIMIT = 2;
