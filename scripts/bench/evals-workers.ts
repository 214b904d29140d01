import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { grade } from "../../src/evals/grading/grade.ts";
import { oracleModel } from "../../src/evals/reference/reference-models.ts";
import { openScratch, type Scratch } from "../../src/evals/run/folder/scratch.ts";
import type { PlannedTrial } from "../../src/evals/run/manifest.ts";
import { openProcessors } from "../../src/evals/run/schedule/processors.ts";
import { runTrial, settle, type TrialContext } from "../../src/evals/run/schedule/run-trial.ts";
import { workOff } from "../../src/evals/run/schedule/work-off.ts";
import { loadTask, type Task } from "../../src/evals/task/task.ts";
import { runAttempt } from "../../src/evals/trial/attempt.ts";
import { findHost } from "../../src/system/environment/host.ts";
import { removeTree } from "../../src/system/remove-tree.ts";
import { sha256 } from "../../src/world/content/listing.ts";
import { TALLY_FILES } from "../../test/evals/grading/tally-task.ts";
import type { Bench } from "./figure.ts";
import { loneManifest } from "./lone-manifest.ts";

const root = join(import.meta.dirname, "../..");
const TRIALS = 6;
const MODEL = oracleModel();

/** One processor and what the program takes of the memory. */
const NEEDS = { cpus: 1, memMb: 1_024 };

export const evalsWorkers: Bench = {
  about: `trials an hour of two workers against one: ${TRIALS} whole trials each, from staging to the committed row, with real Nix and a model that knows the answer`,
  bound: { side: "at least", ratio: 1.7 },
  async run() {
    const base = await mkdtemp(join(tmpdir(), "crq-bench-workers-"));
    try {
      const task = await writtenTask(join(base, "tally"));
      const scratch = await openScratch(join(base, "work"));
      const host = await findHost({ packageRoot: root, path: process.env.PATH ?? "" });
      const processors = await openProcessors(join(base, "processors"), host);
      const machine = {
        packageRoot: root,
        host,
        world: { mode: "replay", directory: join(root, "evals/world") },
        isolation: "bwrap",
        compiled: join(base, "compiled"),
        staged: scratch.staged,
      } as const;
      const loads: number[] = [];
      const busy = new Map<string, number>();
      /** Trials an hour. Each side is a run of its own: within one, equal patches are built once. */
      const speed = async (name: string, workers: number, trials: number): Promise<number> => {
        const plan = Array.from({ length: trials }, (_, at) => planned(task, `${name} ${at}`, at + 1));
        const carryOut = async (trial: PlannedTrial) => {
          const run = join(base, name, String(trial.repeat));
          return await settle(run, await runTrial(trial, context({ run, scratch, task, machine, processors })));
        };
        const unresolved: string[] = [];
        const [began, before] = [performance.now(), processorTimes()];
        await workOff({
          work: plan.map((trial) => ({ trial, needs: NEEDS, provider: MODEL.provider, tries: 1 })),
          room: () => ({ cpus: workers, freeMb: Number.MAX_VALUE, totalMb: Number.MAX_VALUE, trials: workers }),
          carryOut,
          stop: new AbortController().signal,
          onRow: (row) => {
            if (!row.resolved) unresolved.push(row.infra?.detail ?? `${row.outcome}, ${row.stage}`);
          },
        });
        const hours = (performance.now() - began) / 3_600_000;
        if (unresolved.length > 0) throw new Error(`trials were not resolved: ${unresolved.join("; ")}`);
        loads.push(loadavg()[0] ?? 0);
        busy.set(name, busyShare(before, processorTimes()));
        return trials / hours;
      };
      // The first trial of a machine probes it.
      await speed("warm-up", 1, 1);
      const [one, two, again] = [
        await speed("one", 1, TRIALS / 2),
        await speed("two", 2, TRIALS),
        await speed("again", 1, TRIALS / 2),
      ];
      const alone = 2 / (1 / one + 1 / again);
      const said = loads.map((load) => load.toFixed(1)).join(", ");
      const share = (name: string): string => `${(100 * (busy.get(name) ?? 0)).toFixed(0)} %`;
      return {
        value: two,
        reference: alone,
        ratio: two / alone,
        unit: "trials an hour",
        runs: TRIALS,
        notes: [
          `${availableParallelism()} processors; load after the warm-up, one, two and one again: ${said}`,
          `busy with one worker ${share("one")} and ${share("again")}, with two ${share("two")}: what one leaves idle is all that a second can win`,
        ],
      };
    } finally {
      await removeTree(base);
    }
  },
};

interface ProcessorTimes {
  readonly busy: number;
  readonly all: number;
}

/** Milliseconds of all processors together, since the machine started. */
function processorTimes(): ProcessorTimes {
  const times = cpus().map(({ times: { user, nice, sys, irq, idle } }) => ({ busy: user + nice + sys + irq, idle }));
  const sum = (part: "busy" | "idle"): number => times.reduce((total, one) => total + one[part], 0);
  return { busy: sum("busy"), all: sum("busy") + sum("idle") };
}

const busyShare = (from: ProcessorTimes, to: ProcessorTimes): number => (to.busy - from.busy) / Math.max(1, to.all - from.all);

async function writtenTask(directory: string): Promise<Task> {
  for (const [path, text] of Object.entries(TALLY_FILES)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  const loaded = await loadTask(directory);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}

const planned = (task: Task, name: string, repeat: number): PlannedTrial => ({
  key: sha256(name),
  task: task.file.id,
  taskHash: task.hash,
  model: MODEL.alias,
  repeat,
  block: repeat - 1,
});

type Place = Pick<TrialContext, "run" | "machine" | "processors"> & { readonly scratch: Scratch; readonly task: Task };

const context = ({ run, scratch, task, machine, processors }: Place): TrialContext => ({
  run,
  machine,
  processors,
  manifest: loneManifest(task),
  tasks: new Map([[task.file.id, task]]),
  models: new Map([[MODEL.alias, MODEL]]),
  scratch: ({ key }) => scratch.open(key.slice(0, 20)),
  signal: new AbortController().signal,
  now: Date.now,
  attempt: runAttempt,
  grade,
});
