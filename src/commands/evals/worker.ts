import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { PgBoss } from "pg-boss";
import { connectQueue } from "../../evals/queue/connect.ts";
import { newestWaitingRun } from "../../evals/queue/runs.ts";
import { workOnQueue } from "../../evals/queue/work.ts";
import { isRunId, readManifest } from "../../evals/run/folder/run-folder.ts";
import { differencesText, resumeDifferences } from "../../evals/run/identity/differences.ts";
import { plannedIn } from "../../evals/run/plan/row-of-plan.ts";
import type { Ui } from "../../ui/ui.ts";
import { type CliContext, CommandError, type Verb } from "../wiring/context.ts";
import { evalsConfig, runsFolderOf } from "./wiring/chosen-tasks.ts";
import { prepareRun, type RunOptions } from "./wiring/prepare-run.ts";

export interface WorkerOptions extends RunOptions {
  readonly queue: string;
  readonly slots?: number;
}

/** `crq-agent evals worker [RUN]`: takes trials of a run from a queue until there are none. */
export const worker: Verb<[string | undefined, WorkerOptions]> = async (context, ui, named, options) => {
  const config = await evalsConfig(context);
  const runs = runsFolderOf(context, config, options);
  const onTrouble = (text: string): void => ui.say(text);
  const boss = await connectQueue(options.queue, { signal: context.signal, onTrouble });
  try {
    const run = named ?? (await nextRun(boss, context, ui));
    if (run === undefined) return 130;
    if (!isRunId(run))
      throw new CommandError(
        "unknown-run",
        `"${run}" is no name of a run: it is the name of a folder below the folder of runs (--runs DIR)`,
      );
    const folder = join(runs, run);
    const manifest = await readManifest(folder);
    const prepared = await prepareRun(context, config, options, { id: run });
    const differences = resumeDifferences(manifest, await prepared.plan(manifest));
    if (differences.length > 0)
      throw new CommandError(
        "runs-differ",
        `this worker differs from what the run ${run} was planned with (run and worker), so it takes nothing:\n${differencesText(differences)}`,
      );
    const start = prepared.carryOut(folder, manifest);
    const done = await workOnQueue({
      boss,
      run,
      slots: options.slots ?? 1,
      carryOut: async (asked) => {
        const trial = plannedIn(manifest.plan, asked);
        if (!trial) throw new Error(`the job's trial (${asked.model} on ${asked.task}) is not in the plan of ${run}`);
        return await start(trial);
      },
      stop: context.signal,
      onRow: ({ task, model, repeat, resolved, infra }) =>
        ui.say(`${task} ${repeat} ${model}: ${infra ? `infra ${infra.class}` : resolved ? "resolved" : "failed"}`),
      onTrouble,
    }).finally(() => prepared.close());
    const exit = context.signal.aborted ? 130 : 0;
    ui.result({
      text: `${done} trials of ${run} were carried out.`,
      json: { schema: "crq-agent/evals-worker/1", ok: exit === 0, exit, data: { run, trials: done }, diagnostics: [] },
    });
    return exit;
  } finally {
    await boss.stop({ graceful: false });
  }
};

const LOOK_MS = 1_000;

/** Waits for a run that has work; undefined: told to stop before there was one. */
async function nextRun(boss: PgBoss, context: CliContext, ui: Ui): Promise<string | undefined> {
  ui.say("waiting for a run that was started with --queue");
  while (!context.signal.aborted) {
    const run = await newestWaitingRun(boss);
    if (run !== undefined) return run;
    await wait(LOOK_MS, undefined, { signal: context.signal }).catch(() => undefined);
  }
  return undefined;
}
