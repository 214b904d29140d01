import { hostname } from "node:os";
import { join } from "node:path";
import type { Affinity } from "../../../system/affinity.ts";
import { errorText, isDiskFull } from "../../../system/error.ts";
import { sha256 } from "../../../world/content/listing.ts";
import { GATE_VERSION, type Grade } from "../../grading/grade.ts";
import { type TrialRow, trialRowSchema } from "../../results/trial-row.ts";
import type { Task } from "../../task/task.ts";
import { InfraFailure } from "../../trial/infra-failure.ts";
import type { Machine } from "../../trial/machine.ts";
import type { Claim, Submission } from "../../trial/submission.ts";
import type { TrialModel } from "../../trial/trial-model.ts";
import { sealEvidence } from "../folder/evidence.ts";
import { unendedAttempts } from "../folder/read-rows.ts";
import { recordedUsage } from "../folder/recorded-usage.ts";
import { makeTrialFolder, trialFolder } from "../folder/run-folder.ts";
import { type Attempt, attemptFolder, commitRow, openAttempt, readInfraRows, recordInfra } from "../folder/trial-folder.ts";
import type { Manifest, PlannedTrial } from "../manifest.ts";
import { shardText } from "../plan/shard.ts";
import type { Processors, TakenProcessors } from "./processors.ts";

/** What an attempt ends with, before it is graded. */
export interface AttemptEnd extends Submission {
  readonly usage: Omit<TrialRow["usage"], "overheadUsd">;
  readonly process: TrialRow["process"];
  readonly time: Omit<TrialRow["time"], "gradeMs">;
  readonly worldMisses: TrialRow["worldMisses"];
  readonly held: NonNullable<TrialRow["held"]>;
}

export interface AttemptWish {
  readonly task: Task;
  readonly model: TrialModel;
  readonly machine: Machine;
  /** Processors that the trial keeps to; undefined: any. */
  readonly affinity: Affinity | undefined;
  /** Gets the evidence. */
  readonly folder: string;
  /** Scratch. */
  readonly work: string;
  readonly signal: AbortSignal;
}

export interface GradeWish {
  readonly task: Task;
  readonly submission: Submission;
  readonly machine: Machine;
  readonly affinity: Affinity | undefined;
  readonly work: string;
  /** Gets one log a gate. */
  readonly logs: string;
  /** Verdicts of this run's gradings: equal patches are not built twice. */
  readonly kept: string;
  readonly signal: AbortSignal;
}

/** All that trials of one run share. */
export interface TrialContext {
  /** The run's folder. */
  readonly run: string;
  readonly manifest: Manifest;
  readonly tasks: ReadonlyMap<string, Task>;
  /** By alias. */
  readonly models: ReadonlyMap<string, TrialModel>;
  readonly machine: Machine;
  readonly processors: Processors;
  /** A scratch folder of one trial, and how it is taken away again. */
  readonly scratch: (planned: PlannedTrial) => Promise<{ readonly folder: string; remove(): Promise<void> }>;
  /** Ends running trials at once; a first Ctrl-C does not. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly attempt: (wish: AttemptWish) => Promise<AttemptEnd>;
  readonly grade: (wish: GradeWish) => Promise<Grade>;
}

/**
 * One attempt of one trial, from the agent's start to its graded row. Its evidence is sealed in `attempts/NN` when this returns; the row
 * is not committed yet. A fault of anything but the model becomes a row with `infra`.
 */
export async function runTrial(planned: PlannedTrial, context: TrialContext): Promise<TrialRow> {
  const { tasks, models, now } = context;
  const task = tasks.get(planned.task);
  const model = models.get(planned.model);
  if (!task || !model) throw new TypeError(`the plan names ${planned.model} on ${planned.task}, which this run does not have`);
  const folder = await makeTrialFolder(context.run, planned.key);
  const overheadUsd = await spentInVain(folder);
  const attempt = await openAttempt(folder);
  const began = now();
  let scratch: Awaited<ReturnType<TrialContext["scratch"]>> | undefined;
  let taken: TakenProcessors | undefined;
  try {
    scratch = await context.scratch(planned);
    taken = context.processors.take(task.file.resources.cpus);
    const { affinity } = taken;
    const work = join(scratch.folder, "agent");
    const end = await context.attempt({ ...context, task, model, affinity, folder: attempt.folder, work });
    const gradeBegan = now();
    const grade = await context.grade({
      ...context,
      task,
      affinity,
      submission: end,
      work: join(scratch.folder, "grading"),
      logs: join(attempt.folder, "verify"),
      kept: join(context.run, "verdicts"),
    });
    const gradeMs = now() - gradeBegan;
    return await rowOf(context, {
      planned,
      task,
      attempt,
      began,
      claim: end.claim,
      end,
      grade,
      gradeMs,
      overheadUsd,
      infra: null,
    });
  } catch (error) {
    const infra = infraOf(error);
    const claim: Claim = { schema: "crq-claim/1", outcome: "infra", success: false, criteria: [] };
    return await rowOf(context, { planned, task, attempt, began, claim, gradeMs: 0, overheadUsd, infra });
  } finally {
    taken?.release();
    // What was paid for is kept. Whoever closes the scratch of the whole process removes it once more, and tells why it cannot.
    await scratch?.remove().catch(() => undefined);
  }
}

/** Commits a row, or ends its attempt where infrastructure failed. @returns the row that counts */
export async function settle(run: string, row: TrialRow): Promise<TrialRow> {
  const folder = trialFolder(run, row.key);
  if (row.infra) await recordInfra(folder, row);
  else await commitRow(folder, row);
  return row;
}

interface RowParts {
  readonly planned: PlannedTrial;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly began: number;
  readonly claim: Claim;
  readonly end?: AttemptEnd;
  readonly grade?: Grade;
  readonly gradeMs: number;
  readonly overheadUsd: number | undefined;
  readonly infra: TrialRow["infra"];
}

const NOTHING_DONE: TrialRow["process"] = {
  turns: 0,
  tools: {},
  invalidCalls: 0,
  proposals: 0,
  refused: {},
  builds: 0,
  failedBuilds: 0,
  repeats: 0,
  mechanics: {},
};

async function rowOf({ manifest, now }: TrialContext, parts: RowParts): Promise<TrialRow> {
  const { planned, task, attempt, began, claim, end, grade, overheadUsd, infra } = parts;
  const { facts, shard } = manifest;
  const finished = now();
  const spent = end ? end.usage : await recordedUsage(attempt.folder);
  return trialRowSchema.parse({
    schema: "crq-trial/1",
    key: planned.key,
    run: facts.run,
    task: planned.task,
    taskHash: planned.taskHash,
    cluster: task.file.cluster,
    tier: task.file.tier,
    kind: task.file.kind,
    split: task.file.split,
    builder: task.file.builder,
    ...(task.file.fault === undefined ? {} : { fault: task.file.fault }),
    model: planned.model,
    repeat: planned.repeat,
    block: planned.block,
    attempt: attempt.number,
    host: hostname(),
    ...(shard ? { shard: shardText(shard) } : {}),
    world: facts.world,
    toolchain: facts.env.toolchain,
    nix: facts.env.nix,
    isolation: facts.env.isolation,
    ...(end ? { held: end.held } : {}),
    startedAt: new Date(began).toISOString(),
    finishedAt: new Date(finished).toISOString(),
    outcome: claim.outcome,
    claim: { success: claim.success, ...(claim.reason === undefined ? {} : { reason: claim.reason }) },
    infra,
    gateVersion: GATE_VERSION,
    ...(grade ?? { resolved: false, stage: "none", gates: {}, hack: null, suspicions: [] }),
    worldMisses: end?.worldMisses ?? [],
    usage: { ...spent, ...(overheadUsd === undefined ? {} : { overheadUsd }) },
    process: end?.process ?? NOTHING_DONE,
    time: { ...(end?.time ?? { wallMs: finished - began, workingMs: 0, queueMs: 0 }), gradeMs: parts.gradeMs },
    sha256: { patch: sha256(end?.patch ?? ""), evidence: await sealEvidence(attempt.folder) },
  } satisfies TrialRow);
}

function infraOf(error: unknown): NonNullable<TrialRow["infra"]> {
  if (error instanceof InfraFailure) return { class: error.class, detail: error.message };
  if (isDiskFull(error)) return { class: "disk", detail: errorText(error) };
  return { class: "harness", detail: errorText(error) };
}

/** US dollars that earlier attempts of the trial cost and that bought no result; undefined: of one of them it is unknown. */
async function spentInVain(folder: string): Promise<number | undefined> {
  const killed = await Promise.all((await unendedAttempts(folder)).map((number) => recordedUsage(attemptFolder(folder, number))));
  const failed = (await readInfraRows(folder)).map(({ usage }) => usage);
  return [...killed, ...failed].reduce(
    (total: number | undefined, { usd }) => (total === undefined || usd === undefined ? undefined : total + usd),
    0,
  );
}
