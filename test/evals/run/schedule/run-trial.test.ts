import { join } from "node:path";
import { expect, test } from "vitest";
import { oracleModel } from "../../../../src/evals/reference/reference-models.ts";
import { ANY_PROCESSOR, lockedProcessors } from "../../../../src/evals/run/schedule/processors.ts";
import { type AttemptEnd, runTrial, type TrialContext } from "../../../../src/evals/run/schedule/run-trial.ts";
import { loadTask } from "../../../../src/evals/task/task.ts";
import { InfraFailure } from "../../../../src/evals/trial/infra-failure.ts";
import type { Affinity } from "../../../../src/system/affinity.ts";
import { findHost } from "../../../../src/system/environment/host.ts";
import { sha256 } from "../../../../src/world/content/listing.ts";
import { SAMPLE, tasksOnDisk } from "../../task/sample-task.ts";
import { madeManifest, newFolder } from "../made-run.ts";

const END: AttemptEnd = {
  patch: "",
  claim: { schema: "crq-claim/1", outcome: "gave-up", success: false, criteria: [] },
  events: [],
  usage: { calls: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  process: {
    ...{ turns: 0, tools: {}, invalidCalls: 0, proposals: 0, refused: {} },
    ...{ builds: 0, failedBuilds: 0, repeats: 0, mechanics: {} },
  },
  time: { wallMs: 0, workingMs: 0, queueMs: 0 },
  worldMisses: [],
  held: { memory: "process", cpus: "affinity" },
};

test("a trial and its grading have as many processors as the task declares, of which no other has one, until its row", async () => {
  const folder = await newFolder();
  const root = await tasksOnDisk({
    small: { ...SAMPLE, "task.toml": SAMPLE["task.toml"]?.replace("count-words", "small") },
    large: { ...SAMPLE, "task.toml": `${SAMPLE["task.toml"]?.replace("count-words", "large")}resources = { cpus = 1.5 }\n` },
  });
  const host = await findHost({ packageRoot: root, path: process.env.PATH ?? "" });
  const processors = lockedProcessors(folder, { taskset: "taskset", processors: [1, 4, 7] });
  const seen: (readonly [step: string, count: number])[] = [];
  const had = new Map<string, Set<number>>();
  const both = Promise.withResolvers<void>();
  const note = (step: string, affinity: Affinity | undefined): void => {
    const [task = ""] = step.split(" ");
    seen.push([step, affinity?.processors.length ?? 0]);
    had.set(task, new Set([...(had.get(task) ?? []), ...(affinity?.processors ?? [])]));
  };
  const trial = async (id: string, fails: boolean) => {
    const loaded = await loadTask(join(root, id));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const model = oracleModel();
    const task = loaded.value;
    return await runTrial(
      { key: sha256(id), task: id, taskHash: task.hash, model: model.alias, repeat: 1, block: 0 },
      {
        run: join(folder, "run"),
        manifest: madeManifest(),
        tasks: new Map([[id, task]]),
        models: new Map([[model.alias, model]]),
        machine: { packageRoot: root, host, world: { mode: "replay", directory: root }, isolation: "bwrap" },
        processors,
        scratch: async () => ({ folder, remove: async () => {} }),
        signal: new AbortController().signal,
        now: Date.now,
        attempt: async ({ affinity }) => {
          note(`${id} attempt`, affinity);
          if (had.size === 2) both.resolve();
          await both.promise;
          if (fails) throw new InfraFailure("disk", "full");
          return END;
        },
        grade: async ({ affinity }) => {
          note(`${id} grading`, affinity);
          return { gates: {}, hack: null, suspicions: [], resolved: false, stage: "none" };
        },
      },
    );
  };
  const rows = await Promise.all([trial("small", true), trial("large", false)]);
  expect({
    seen,
    had: [...had.values()].flatMap((some) => [...some]).sort(),
    rows: rows.map(({ task, held }) => [task, held]),
    // What anybody still had would come last.
    free: [processors.take(1), processors.take(1), processors.take(1)].map(({ affinity }) => affinity?.processors),
  }).toEqual({
    seen: expect.arrayContaining([
      ["small attempt", 1],
      ["large attempt", 2],
      ["large grading", 2],
    ]),
    had: [1, 4, 7],
    rows: [
      ["small", undefined],
      ["large", END.held],
    ],
    free: [[1], [4], [7]],
  });
});

async function oneTrial(scratch: TrialContext["scratch"]) {
  const root = await tasksOnDisk({ "count-words": SAMPLE });
  const loaded = await loadTask(join(root, "count-words"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const [task, model] = [loaded.value, oracleModel()];
  const run = await newFolder();
  const row = await runTrial(
    { key: sha256("one"), task: task.file.id, taskHash: task.hash, model: model.alias, repeat: 1, block: 0 },
    {
      run,
      manifest: madeManifest(),
      tasks: new Map([[task.file.id, task]]),
      models: new Map([[model.alias, model]]),
      machine: {
        packageRoot: root,
        host: await findHost({ packageRoot: root, path: process.env.PATH ?? "" }),
        world: { mode: "replay", directory: root },
        isolation: "bwrap",
      },
      processors: ANY_PROCESSOR,
      scratch,
      signal: new AbortController().signal,
      now: Date.now,
      attempt: async () => END,
      grade: async () => ({ gates: {}, hack: null, suspicions: [], resolved: false, stage: "none" }),
    },
  );
  return { row, run };
}

test("a machine without room for a trial's scratch is a fault of the machine, and ends that attempt alone", async () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, mkdtemp"), { code: "ENOSPC" });
  const { row } = await oneTrial(() => Promise.reject(full));
  expect([row.infra?.class, row.outcome]).toEqual(["disk", "infra"]);
});

test("a scratch that cannot be removed yet takes no finished trial with it", async () => {
  const busy = Object.assign(new Error("EBUSY: resource busy or locked, rm"), { code: "EBUSY" });
  const folder = await newFolder();
  const { row } = await oneTrial(async () => ({ folder, remove: () => Promise.reject(busy) }));
  expect([row.infra, row.outcome]).toEqual([null, "gave-up"]);
});
