import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { GATE_VERSION } from "../../../src/evals/grading/gate-version.ts";
import type { TrialRow } from "../../../src/evals/results/trial-row.ts";
import type { ExecuteOptions } from "../../../src/evals/run/execute.ts";
import { sealEvidence } from "../../../src/evals/run/folder/evidence.ts";
import { makeTrialFolder } from "../../../src/evals/run/folder/run-folder.ts";
import { openAttempt } from "../../../src/evals/run/folder/trial-folder.ts";
import type { Manifest, PlannedTrial, Shard } from "../../../src/evals/run/manifest.ts";
import { plannedCounts, planTrials } from "../../../src/evals/run/plan/plan.ts";
import { settle } from "../../../src/evals/run/schedule/run-trial.ts";
import { sha256 } from "../../../src/world/content/listing.ts";
import { madeRun } from "../results/sample-run.ts";

/** Runs whose trials are made up: what is tested is how they are carried out, kept and joined. */

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crq-run-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const MODELS = [
  { alias: "rules", role: "ranked", deterministic: true },
  { alias: "real", role: "ranked", deterministic: false },
  { alias: "nop", role: "reference", deterministic: true },
] as const;

export interface MadeManifest {
  readonly run?: string;
  readonly repeats?: number;
  readonly tasks?: number;
  readonly shard?: Shard;
  readonly nix?: string;
}

export function madeManifest(
  { run = "made", repeats = 2, tasks: count = 3, shard, nix = "2.26.3" }: MadeManifest = {},
  before?: Manifest,
): Manifest {
  const { facts } = madeRun([{ alias: "real", chance: () => 1 }], count, 1, repeats);
  const models = MODELS.map((model) => ({ ...model, provider: model.alias, name: model.alias, params: {} }));
  const plan = planTrials(
    {
      tasks: facts.tasks.map(({ id, cluster }) => ({ id, cluster, hash: "0a" })),
      models: models.map((model) => ({ ...model, share: "all" as const })),
      repeats,
      seed: "seed",
      fits: () => true,
      keyOf: (alias, task, repeat) => sha256(`${alias} ${task} ${repeat}`),
    },
    before?.plan,
  );
  return {
    schema: "crq-run/1",
    created: "2026-11-27T12:00:00.000Z",
    facts: { ...facts, run, repeats, env: { ...facts.env, nix }, models: [...MODELS], planned: plannedCounts(plan) },
    suiteSchema: 1,
    gateVersion: GATE_VERSION,
    agent: { version: "0.1.0", build: "0b", prompts: "0c", tools: "0d" },
    models,
    tasks: facts.tasks.map(({ id }) => ({ id, hash: "0a", limits: {}, resources: { cpus: 1, "mem-mb": 100 } })),
    skipped: [],
    store: "trial",
    builders: [],
    ...(shard ? { shard } : {}),
    plan: [...plan],
  };
}

/** One attempt that leaves a file of evidence. The same trial ends alike in every run. */
export async function madeAttempt(
  run: string,
  { facts, shard }: Manifest,
  planned: PlannedTrial,
  more: Partial<TrialRow> = {},
): Promise<TrialRow> {
  const [sample] = madeRun([{ alias: planned.model, chance: () => 1 }], 1, 1, 1).rows;
  if (!sample) throw new Error("no sample row");
  const folder = await makeTrialFolder(run, planned.key);
  const attempt = await openAttempt(folder);
  await writeFile(join(attempt.folder, "patch.diff"), `${planned.task} ${planned.model}\n`);
  return {
    ...sample,
    key: planned.key,
    run: facts.run,
    task: planned.task,
    repeat: planned.repeat,
    block: planned.block,
    attempt: attempt.number,
    ...(shard ? { shard: `${shard.index}/${shard.of}` } : {}),
    sha256: { patch: "01", evidence: await sealEvidence(attempt.folder) },
    ...more,
  };
}

/** What `run` hands to the scheduler, with trials that are made up. */
export const madeExecution = (
  folder: string,
  manifest: (before: Manifest | undefined) => Manifest,
  more: Partial<ExecuteOptions> & { readonly begun?: PlannedTrial[] } = {},
): ExecuteOptions => ({
  folder,
  plan: async (before) => manifest(before),
  start: (planned) => async (trial) => {
    more.begun?.push(trial);
    return await settle(folder, await madeAttempt(folder, planned, trial));
  },
  room: () => ({ cpus: 2, freeMb: 10_000, totalMb: 10_000 }),
  retryInfra: false,
  stop: new AbortController().signal,
  ...more,
});
