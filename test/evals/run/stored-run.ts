import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GATE_VERSION } from "../../../src/evals/grading/gate-version.ts";
import { sealEvidence } from "../../../src/evals/run/folder/evidence.ts";
import { makeTrialFolder, writeManifest } from "../../../src/evals/run/folder/run-folder.ts";
import { openAttempt } from "../../../src/evals/run/folder/trial-folder.ts";
import type { Manifest, PlannedTrial } from "../../../src/evals/run/manifest.ts";
import { plannedCounts, planTrials } from "../../../src/evals/run/plan/plan.ts";
import { settle } from "../../../src/evals/run/schedule/run-trial.ts";
import { sha256 } from "../../../src/world/content/listing.ts";
import { type MadeModel, type MadeRun, madeRun } from "../results/sample-run.ts";

/** A made-up run as it lies on disk once it was carried out, for the verbs that read runs. */
export interface StoredRun {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface StoredModel extends MadeModel {
  /** What the provider calls it; default: its alias. Two aliases with one name are one model. */
  readonly name?: string;
}

export interface StoredRunWish {
  /** Folder of all runs. */
  readonly runs: string;
  readonly id: string;
  readonly models: readonly StoredModel[];
  /** Of one task each. */
  readonly clusters?: number;
  readonly repeats?: number;
  readonly suite?: string;
  /** What of the program differs from other runs'. */
  readonly agent?: Partial<Manifest["agent"]>;
  /** Trials at the end of the plan that were not carried out. */
  readonly left?: number;
}

export async function storedRun(wish: StoredRunWish): Promise<StoredRun> {
  const { runs, id, models, clusters = 8, repeats = 3, left = 0 } = wish;
  const made = madeRun(models, clusters, 1, repeats);
  const manifest = manifestOf(wish, made, repeats);
  const folder = join(runs, id);
  const { plan } = manifest;
  await makeTrialFolder(folder, plan[0]?.key ?? "");
  await writeManifest(folder, manifest);
  await Promise.all(plan.slice(0, plan.length - left).map((planned) => storeRow(folder, planned, made, id)));
  return { folder, manifest };
}

function manifestOf({ id, models, suite, agent }: StoredRunWish, { facts }: MadeRun, repeats: number): Manifest {
  const own = models.map(({ alias, role = "ranked", name = alias }) => ({ alias, role, name, deterministic: false }));
  const plan = planTrials({
    tasks: facts.tasks.map(({ id: task, cluster }) => ({ id: task, cluster, hash: "0a" })),
    models: own.map((model) => ({ ...model, share: "all" as const })),
    repeats,
    seed: facts.seed,
    fits: () => true,
    keyOf: (alias, task, repeat) => sha256(`${id} ${alias} ${task} ${repeat}`),
  });
  return {
    schema: "crq-run/1",
    created: "2026-11-27T12:00:00.000Z",
    facts: { ...facts, run: id, suite: suite ?? facts.suite, planned: plannedCounts(plan) },
    suiteSchema: 1,
    gateVersion: GATE_VERSION,
    agent: { version: "0.1.0", build: "0b", prompts: "0c", tools: "0d", ...agent },
    models: own.map((model) => ({ ...model, provider: "maker", params: {} })),
    tasks: facts.tasks.map(({ id: task }) => ({ id: task, hash: "0a", limits: {}, resources: {} })),
    skipped: [],
    store: "trial",
    builders: [],
    plan: [...plan],
  };
}

async function storeRow(
  run: string,
  { key, task, model, repeat, block }: PlannedTrial,
  made: MadeRun,
  id: string,
): Promise<void> {
  const row = made.rows.find((one) => one.task === task && one.model === model && one.repeat === repeat);
  if (!row) throw new Error(`no row of ${model} on ${task}`);
  const attempt = await openAttempt(await makeTrialFolder(run, key));
  await writeFile(join(attempt.folder, "patch.diff"), `${task} ${model}\n`);
  const evidence = await sealEvidence(attempt.folder);
  await settle(run, { ...row, key, run: id, block, attempt: attempt.number, sha256: { patch: "01", evidence } });
}
