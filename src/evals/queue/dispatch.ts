import { setTimeout as wait } from "node:timers/promises";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { errorText } from "../../system/error.ts";
import type { TrialRow } from "../results/trial-row.ts";
import { RunError } from "../run/folder/run-folder.ts";
import { strangeRow } from "../run/plan/row-of-plan.ts";
import type { Work, WorkEnd, WorkOptions } from "../run/schedule/work-off.ts";
import { QueueError } from "./connect.ts";
import { expirySeconds, HEARTBEAT_SECONDS, jobIdOf, queueOf, RETRY_LIMIT, type TrialJob, trialOutputSchema } from "./job.ts";

/** Has the trials of a run carried out by workers, and commits what they bring. */

export interface DispatchOptions extends Pick<WorkOptions, "work" | "stop" | "budget" | "onRow"> {
  readonly boss: PgBoss;
  readonly run: string;
  /** Seconds of working time that a task allows. */
  readonly wallSeconds: (task: string) => number;
  /** Checks a row against its evidence and commits it. */
  readonly commit: (row: TrialRow) => Promise<void>;
  readonly onTrouble: (text: string) => void;
  /** Seconds; pg-boss takes no less than ten. */
  readonly heartbeatSeconds?: number;
  /** Milliseconds between two looks. */
  readonly pollMs?: number;
}

interface Sent {
  readonly work: Work;
  /** From 1. */
  readonly attempt: number;
  /** Whether the queue had it already when it was sent: an earlier orchestrator's. */
  readonly fresh: boolean;
}

/** Jobs that are sent ahead of what has ended. With a cap in dollars few, since what is sent cannot be unsent once it runs. */
const AHEAD = 256;
const AHEAD_CAPPED = 8;
const POLL_MS = 500;
/** As many trials in a row that end because a provider does not answer are no chance. */
const PROVIDER_IS_DOWN = 3;
/** Looks that may fail in a row, each after twice the wait, before the database is given up. */
const MOST_FAILED_LOOKS = 7;

/** @throws QueueError (exit 3) where the database stays away: what has been committed stands, and the same run goes on later */
export async function dispatch(options: DispatchOptions): Promise<WorkEnd> {
  const { boss, run, stop, budget, commit, onRow } = options;
  const queue = queueOf(run);
  const left: { readonly work: Work; readonly attempt: number }[] = options.work.map((work) => ({ work, attempt: 1 }));
  const sent = new Map<string, Sent>();
  const paused = new Map<string, string>();
  const failures = new Map<string, number>();
  const ahead = budget === undefined ? AHEAD : AHEAD_CAPPED;
  let spentUsd = budget?.spentUsd ?? 0;
  let cancelled = false;
  const reliably = <T>(ask: () => Promise<T>): Promise<T> => insist(ask, options);
  const mayBegin = (): boolean => !stop.aborted && (budget === undefined || spentUsd < budget.maxUsd);

  await reliably(() =>
    boss.createQueue(queue, { retryLimit: RETRY_LIMIT, heartbeatSeconds: options.heartbeatSeconds ?? HEARTBEAT_SECONDS }),
  );

  const send = async ({ work, attempt }: { readonly work: Work; readonly attempt: number }): Promise<void> => {
    const { trial } = work;
    const id = jobIdOf(trial.key, attempt);
    const data: TrialJob = { schema: "crq-trial-job/1", run, trial };
    const made = await reliably(() =>
      boss.send(queue, data, {
        id,
        // Blocks in their order, so that all models of a block meet the same load.
        priority: -trial.block,
        retryLimit: RETRY_LIMIT,
        heartbeatSeconds: options.heartbeatSeconds ?? HEARTBEAT_SECONDS,
        expireInSeconds: expirySeconds(options.wallSeconds(trial.task)),
      }),
    );
    sent.set(id, { work, attempt, fresh: made !== null });
  };

  const take = async (row: TrialRow, { work, attempt, fresh }: Sent): Promise<void> => {
    const strange = row.run === run ? strangeRow(row, work.trial) : `it is of the run ${row.run}`;
    if (strange !== undefined)
      throw new RunError(
        "altered",
        `a worker brought another row for the trial ${work.trial.key}: ${strange}; see who writes to the queue`,
      );
    await commit(row);
    spentUsd += row.usage.usd ?? 0;
    // What an earlier orchestrator saw fail took no try of this one.
    const tries = fresh ? work.tries - 1 : work.tries;
    if (row.infra && tries > 0) left.push({ work: { ...work, tries }, attempt: attempt + 1 });
    if (row.infra?.class === "provider") {
      const times = (failures.get(work.provider) ?? 0) + 1;
      failures.set(work.provider, times);
      if (times >= PROVIDER_IS_DOWN) paused.set(work.provider, row.infra.detail);
    } else if (row.usage.calls > 0) failures.delete(work.provider);
    onRow?.(row, left.length + sent.size);
  };

  for (;;) {
    while (mayBegin() && sent.size < ahead) {
      const at = left.findIndex(({ work }) => !paused.has(work.provider));
      const [next] = at < 0 ? [] : left.splice(at, 1);
      if (!next) break;
      await send(next);
    }
    if (sent.size === 0) break;
    if (!mayBegin() && !cancelled) {
      cancelled = true;
      await reliably(() => cancelQueued(boss, queue, [...sent.keys()]));
    }
    const jobs = await reliably(() => boss.findJobs<TrialJob>(queue));
    for (const job of jobs) {
      const one = sent.get(job.id);
      if (!one) continue;
      switch (job.state) {
        case "created":
        case "retry":
        case "active":
          break;
        case "completed": {
          sent.delete(job.id);
          await take(rowOf(job), one);
          // Its row is on disk. What stays in the queue is read again with each look.
          await reliably(() => boss.deleteJob(queue, job.id));
          break;
        }
        case "cancelled":
        case "failed":
          sent.delete(job.id);
          // What an earlier orchestrator gave up gets its tries again; what failed now is missing, and its attempts say why.
          if (!one.fresh && mayBegin()) {
            await reliably(() => boss.deleteJob(queue, job.id));
            left.unshift({ work: one.work, attempt: one.attempt });
          } else if (job.state === "failed")
            options.onTrouble(`${one.work.trial.model} on ${one.work.trial.task}: ${failureText(job)}; its result is missing`);
          else left.push({ work: one.work, attempt: one.attempt });
          break;
      }
    }
    if (sent.size > 0) await wait(options.pollMs ?? POLL_MS);
  }
  const waiting = left.some(({ work }) => !paused.has(work.provider));
  return { why: !waiting ? "finished" : stop.aborted ? "interrupted" : "cap", paused, spentUsd };
}

/** Those that no worker has begun. */
async function cancelQueued(boss: PgBoss, queue: string, ids: readonly string[]): Promise<void> {
  const own = new Set(ids);
  const queued = (await boss.findJobs(queue, { queued: true })).map(({ id }) => id).filter((id) => own.has(id));
  if (queued.length > 0) await boss.cancel(queue, queued);
}

function rowOf(job: JobWithMetadata): TrialRow {
  const read = trialOutputSchema.safeParse(job.output);
  if (read.success) return read.data.row;
  throw new QueueError(
    3,
    `job ${job.id} of ${job.name} ended without a row that can be read (${read.error.issues[0]?.message ?? ""})`,
  );
}

const failureText = ({ output }: JobWithMetadata): string => JSON.stringify(output ?? null).slice(0, 300);

/** Asks the database again and again, each time after twice the wait. */
async function insist<T>(ask: () => Promise<T>, { onTrouble }: Pick<DispatchOptions, "onTrouble">): Promise<T> {
  for (let failed = 0; ; failed++) {
    try {
      return await ask();
    } catch (error) {
      if (failed >= MOST_FAILED_LOOKS)
        throw new QueueError(
          3,
          `the queue's PostgreSQL is gone (${errorText(error)}); what has been committed stands, and the same command goes on`,
        );
      const pause = 250 * 2 ** failed;
      onTrouble(`the queue's PostgreSQL does not answer (${errorText(error)}); trying again in ${pause / 1000} s`);
      await wait(pause);
    }
  }
}
