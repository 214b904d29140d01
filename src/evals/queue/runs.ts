import type { PgBoss } from "pg-boss";
import { queueOf } from "./job.ts";

const PREFIX = queueOf("");

/** Of the runs that have trials which no worker has begun, the one that was started last. */
export async function newestWaitingRun(boss: PgBoss): Promise<string | undefined> {
  const queues = (await boss.getQueues()).filter(({ name }) => name.startsWith(PREFIX));
  const newest = [...queues].sort((a, b) => b.createdOn.getTime() - a.createdOn.getTime());
  for (const { name } of newest) {
    if ((await boss.findJobs(name, { queued: true })).length > 0) return name.slice(PREFIX.length);
  }
  return undefined;
}
