import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { TrialRow } from "../../../src/evals/results/trial-row.ts";
import { openScratch } from "../../../src/evals/run/folder/scratch.ts";
import type { Manifest, PlannedTrial } from "../../../src/evals/run/manifest.ts";
import { planRun } from "../../../src/evals/run/plan/plan-run.ts";
import { ANY_PROCESSOR } from "../../../src/evals/run/schedule/processors.ts";
import { runTrial } from "../../../src/evals/run/schedule/run-trial.ts";
import { loadSuite } from "../../../src/evals/task/suite.ts";
import type { Task } from "../../../src/evals/task/task.ts";
import type { TrialModel } from "../../../src/evals/trial/trial-model.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { PACKAGE_ROOT } from "../../program/world.ts";

/** Runs whose agent and grading take a moment and give what follows from the trial alone, so that who did it can be told from nothing else. */

const MODELS: readonly TrialModel[] = ["alpha", "beta"].map((alias) => ({
  alias,
  provider: "made",
  name: alias,
  params: {},
  role: "ranked",
  deterministic: false,
  notFor: () => undefined,
  create: () => Promise.reject(new Error("this run asks no model")),
}));

export interface MadeRunPlace {
  readonly tasks: string;
  readonly run: string;
  /** The run's folder. */
  readonly folder: string;
  readonly scratch: string;
}

export async function madeManifest({ tasks, run }: MadeRunPlace, before?: Manifest): Promise<Manifest> {
  return planRun(
    {
      run,
      created: new Date("2026-11-20T00:00:00Z"),
      seed: "seed",
      repeats: 2,
      tasks: await tasksIn(tasks),
      skipped: [],
      models: MODELS.map((model) => ({ model, price: { input: 0, output: 0 } })),
      cheats: "one",
      surroundings: {
        world: { name: "made", hash: "0a", mode: "replay" },
        provides: [],
        lent: {},
        toolchain: "cc",
        nix: "2.26.3",
        isolation: "bwrap",
      },
      agent: { version: "0.1.0", build: "0b", prompts: "0c", tools: "0d" },
      builders: [],
      host: "machine",
      watermarks: [],
    },
    before,
  );
}

/** @param ms that an agent works */
export async function madeCarryOut(
  place: MadeRunPlace,
  manifest: Manifest,
  ms: number,
  began: (trial: PlannedTrial) => void = () => undefined,
): Promise<(trial: PlannedTrial) => Promise<TrialRow>> {
  const tasks = new Map((await tasksIn(place.tasks)).map((task) => [task.file.id, task]));
  const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
  const scratch = await openScratch(place.scratch);
  return (planned) =>
    runTrial(planned, {
      run: place.folder,
      manifest,
      tasks,
      models: new Map(MODELS.map((model) => [model.alias, model])),
      machine: { packageRoot: PACKAGE_ROOT, host, world: { mode: "replay", directory: place.tasks }, isolation: "bwrap" },
      processors: ANY_PROCESSOR,
      scratch: ({ key }) => scratch.open(key.slice(0, 20)),
      signal: new AbortController().signal,
      now: Date.now,
      attempt: async ({ task, model, folder }) => {
        began(planned);
        await wait(ms);
        const patch = `a patch of ${model.alias} on ${task.file.id}\n`;
        await writeFile(join(folder, "patch.diff"), patch);
        return {
          patch,
          claim: { schema: "crq-claim/1", outcome: "done", success: true, criteria: [] },
          events: [],
          usage: { calls: 1, input: patch.length, output: planned.repeat, cacheRead: 0, cacheWrite: 0, usd: 0.25 },
          process: {
            ...{ turns: 1, tools: { propose_edit: 1 }, invalidCalls: 0, proposals: 1, refused: {}, builds: 0 },
            ...{ failedBuilds: 0, repeats: 0, mechanics: {} },
          },
          time: { wallMs: ms, workingMs: ms, queueMs: 0 },
          worldMisses: [],
          held: { memory: "process", cpus: "none" },
        };
      },
      grade: async ({ submission }) => {
        const resolved = submission.patch.includes("alpha");
        return {
          gates: { patch: { verdict: resolved ? "pass" : "fail", ms: 1, detail: submission.patch } },
          hack: null,
          suspicions: [],
          resolved,
          stage: resolved ? "resolved" : "none",
        };
      },
    });
}

async function tasksIn(folder: string): Promise<readonly Task[]> {
  const { tasks, problems } = await loadSuite([folder]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return tasks;
}
