import { mkdir, rmdir } from "node:fs/promises";
import { errorCode } from "../../system/error.ts";
import type { TrialRow } from "../results/trial-row.ts";
import { type WrittenReport, writeReport } from "./derived/write-report.ts";
import { INFRA_ATTEMPTS, readRows } from "./folder/read-rows.ts";
import { knownUsd } from "./folder/recorded-usage.ts";
import { reuseTrial } from "./folder/reuse.ts";
import { findManifest, listRuns, lockRun, RunError, trialFolder, writeManifest } from "./folder/run-folder.ts";
import { attemptFolder, attemptNumbers, readInfraRows, readRow, sweep } from "./folder/trial-folder.ts";
import { differencesText, resumeDifferences } from "./identity/differences.ts";
import type { Manifest, PlannedTrial } from "./manifest.ts";
import { plannedCounts } from "./plan/plan.ts";
import { inShard, shardText } from "./plan/shard.ts";
import type { Room } from "./schedule/admission.ts";
import { type Work, type WorkEnd, type WorkOptions, workOff } from "./schedule/work-off.ts";

export interface ExecuteOptions {
  /** The run's folder. */
  readonly folder: string;
  /** Folder of all runs, where results of models that always do the same are looked for; undefined: none is taken over. */
  readonly runs?: string;
  /** The manifest as it is to be, by the one that may be there. */
  readonly plan: (before: Manifest | undefined) => Promise<Manifest>;
  /** Does one attempt of any trial of the manifest, and puts its row on disk. */
  readonly start: (manifest: Manifest) => (trial: PlannedTrial) => Promise<TrialRow>;
  /** Has the work done elsewhere instead, by workers of a queue; its rows are on disk when it returns. */
  readonly dispatch?: (manifest: Manifest, work: DispatchedWork) => Promise<WorkEnd>;
  readonly room: () => Room;
  readonly retryInfra: boolean;
  readonly maxUsd?: number;
  /** Aborted: the running trials finish and no other begins. */
  readonly stop: AbortSignal;
  readonly onRow?: (row: TrialRow, left: number) => void;
}

export type DispatchedWork = Pick<WorkOptions, "work" | "stop" | "budget" | "onRow">;

export interface Executed {
  readonly manifest: Manifest;
  readonly end: WorkEnd;
  readonly report: WrittenReport;
  readonly damaged: readonly string[];
  /** Rows that were taken out of earlier runs. */
  readonly reused: number;
}

/**
 * Carries a run out, or goes on with it: what has a committed result is not done again. One orchestrator a run; a lock whose process is
 * gone is taken over.
 * @throws RunError (exit 2) where another process works on it, or world, agent, suite or Nix are no longer those of the manifest; (6)
 * where a stored result was altered
 */
export async function executeRun(options: ExecuteOptions): Promise<Executed> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const lock = lockRun(options.folder);
  try {
    const before = await findManifest(options.folder);
    const manifest = await options.plan(before);
    if (before) refuseChange(options.folder, before, manifest);
    await writeManifest(options.folder, manifest);
    return await carryOut(options, manifest);
  } finally {
    lock.release();
    await removeIfEmpty(options.folder);
  }
}

/** A run that was refused before it was planned leaves nothing behind. */
async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(errorCode(error) ?? "")) throw error;
  }
}

function refuseChange(folder: string, before: Manifest, now: Manifest): void {
  const differences = resumeDifferences(before, now);
  if (differences.length === 0) return;
  throw new RunError(
    "runs-differ",
    `${folder}: this run cannot go on, because what it was planned with has changed (then and now):\n${differencesText(differences)}\nStart a new run: leave --id out, or name another`,
  );
}

async function carryOut(options: ExecuteOptions, manifest: Manifest): Promise<Executed> {
  const { folder } = options;
  const own = manifest.plan.filter((trial) => inShard(trial, manifest.shard));
  const left = await unfinished(options, manifest, own);
  const spent = options.maxUsd === undefined ? 0 : await spentUsd(folder, own);
  const work: DispatchedWork = {
    work: left.work,
    stop: options.stop,
    ...(options.maxUsd === undefined ? {} : { budget: { maxUsd: options.maxUsd, spentUsd: spent } }),
    ...(options.onRow ? { onRow: options.onRow } : {}),
  };
  const end = options.dispatch
    ? await options.dispatch(manifest, work)
    : await workOff({ ...work, room: options.room, carryOut: options.start(manifest) });
  const { rows, damaged } = await readRows(folder, { ...manifest, plan: own });
  const report = await writeReport(folder, reportedFacts(manifest), rows);
  return { manifest, end, report, damaged, reused: left.reused };
}

/** What a shard's own report is about: its part of the plan, and it says so. */
export function reportedFacts({ facts, plan, shard }: Manifest): Manifest["facts"] {
  if (!shard) return facts;
  return {
    ...facts,
    planned: plannedCounts(plan.filter((trial) => inShard(trial, shard))),
    watermarks: [...facts.watermarks, `shard ${shardText(shard)}: merge all shards for the result`],
  };
}

async function unfinished(
  { folder, runs, retryInfra }: ExecuteOptions,
  manifest: Manifest,
  trials: readonly PlannedTrial[],
): Promise<{ readonly work: readonly Work[]; readonly reused: number }> {
  const models = new Map(manifest.models.map((model) => [model.alias, model]));
  const tasks = new Map(manifest.tasks.map((task) => [task.id, task]));
  const earlier = runs === undefined ? [] : (await listRuns(runs)).filter((run) => run !== folder);
  const work: Work[] = [];
  let reused = 0;
  for (const trial of trials) {
    const place = trialFolder(folder, trial.key);
    await sweep(place);
    const found = readRow(place);
    if (found.kind === "damaged") throw new RunError("altered", `${found.problem}; a run with altered results does not go on`);
    if (found.kind === "row") continue;
    const model = models.get(trial.model);
    if (model?.deterministic && (await reuseTrial(folder, manifest, trial, earlier))) {
      reused += 1;
      continue;
    }
    const failed = (await readInfraRows(place)).length;
    const tries = retryInfra ? INFRA_ATTEMPTS : INFRA_ATTEMPTS - failed;
    const resources = tasks.get(trial.task)?.resources;
    if (tries > 0)
      work.push({
        trial,
        tries,
        provider: model?.provider ?? "",
        needs: { cpus: resources?.cpus ?? 1, memMb: resources?.["mem-mb"] ?? 1024 },
      });
  }
  return { work, reused };
}

/** US dollars of all that was begun: of results, of what failed for infrastructure, and of attempts that were killed. */
async function spentUsd(folder: string, trials: readonly PlannedTrial[]): Promise<number> {
  let total = 0;
  for (const { key } of trials) {
    const place = trialFolder(folder, key);
    const found = readRow(place);
    if (found.kind === "row" && found.row.reusedFrom !== undefined) continue;
    const ended = new Map((await readInfraRows(place)).map(({ attempt, usage }) => [attempt, usage.usd]));
    if (found.kind === "row") ended.set(found.row.attempt, found.row.usage.usd);
    for (const number of await attemptNumbers(place))
      total += ended.get(number) ?? (await knownUsd(attemptFolder(place, number)));
  }
  return total;
}
