import { join } from "node:path";
import { firstFailure, type TrialRow } from "../../evals/results/trial-row.ts";
import { exitOfSummary } from "../../evals/run/derived/write-report.ts";
import { type Executed, executeRun } from "../../evals/run/execute.ts";
import { isRunId, newRunId } from "../../evals/run/folder/run-folder.ts";
import type { Shard } from "../../evals/run/manifest.ts";
import { parseShard } from "../../evals/run/plan/shard.ts";
import { roomOfHost } from "../../evals/run/schedule/admission.ts";
import { settle } from "../../evals/run/schedule/run-trial.ts";
import { duration, money } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import { CommandError, type Verb } from "../wiring/context.ts";
import { evalsConfig, runsFolderOf } from "./wiring/chosen-tasks.ts";
import { prepareRun, type RunOptions } from "./wiring/prepare-run.ts";
import { openQueue } from "./wiring/queue.ts";

/** `crq-agent evals run`: runs models on tasks, or goes on with a run that was interrupted. */
export const run: Verb<[RunOptions]> = async (context, ui, options) => {
  const config = await evalsConfig(context);
  const shard = shardOf(options);
  const id = options.id ?? newRunId(new Date(context.now()));
  if (!isRunId(id)) throw new CommandError("bad-value", `--id: "${id}" is no name of a run; use letters, digits, ., _ and -`);
  const runs = runsFolderOf(context, config, options);
  const folder = join(runs, id);
  const maxUsd = options.maxUsd ?? config.evals["max-usd"];
  const prepared = await prepareRun(context, config, options, {
    id,
    ...(shard ? { shard } : {}),
    ...(maxUsd === undefined ? {} : { maxUsd }),
  });
  const queue = options.queue === undefined ? undefined : await openQueue(context, ui, options.queue);
  const executed = await executeRun({
    folder,
    runs,
    plan: (before) => prepared.plan(before),
    start: (manifest) => {
      const carryOut = prepared.carryOut(folder, manifest);
      return async (trial) => await settle(folder, await carryOut(trial));
    },
    room: () => roomOfHost(config.evals.trials),
    retryInfra: options.retry === "infra",
    ...(maxUsd === undefined ? {} : { maxUsd }),
    stop: context.signal,
    onRow: (row, left) => ui.say(progressLine(row, left)),
    ...(queue ? { dispatch: (manifest, work) => queue.dispatch(folder, manifest, work) } : {}),
  }).finally(async () => {
    await Promise.all([queue?.close(), prepared.close()]);
  });
  return show(ui, executed, folder, id);
};

function shardOf({ shard }: RunOptions): Shard | undefined {
  const parsed = shard === undefined ? undefined : parseShard(shard);
  if (shard !== undefined && !parsed) throw new CommandError("bad-value", `--shard: "${shard}" is not I/N with 1 ≤ I ≤ N`);
  return parsed;
}

const mark = (row: TrialRow): string =>
  row.infra ? `infra ${row.infra.class}: ${row.infra.detail}` : row.resolved ? "resolved" : failureOf(row);

const failureOf = (row: TrialRow): string =>
  row.hack ? `hack ${row.hack.rule}` : `failed at ${firstFailure(row) ?? row.outcome}`;

const progressLine = (row: TrialRow, left: number): string =>
  `${row.task} ${row.repeat} ${row.model}: ${mark(row)} (${duration(row.time.wallMs + row.time.gradeMs)}; ${left} left)`;

function show(ui: Ui, { end, report, damaged, reused, manifest }: Executed, folder: string, id: string): number {
  const exit = exitOf({ end, report, damaged });
  const { summary, markdown, files } = report;
  const notes = [
    ...(reused > 0 ? [`${reused} results of models that always do the same were taken from earlier runs.`] : []),
    ...manifest.skipped.map(({ task, reason }) => `${task} was skipped: ${reason}`),
    ...[...end.paused].map(([provider, why]) => `${provider} was given up: ${why}`),
    ...damaged.map((one) => `altered: ${one}`),
    ...(end.why === "cap" ? [`The cap is reached (${money(end.spentUsd)} spent); raise --max-usd to go on.`] : []),
    ...(exit === 0 || exit === 6
      ? []
      : [`Go on: crq-agent evals run --id ${id}${end.paused.size > 0 ? "" : " (--retry infra tries failed ones again)"}`]),
  ];
  ui.result({
    text: [markdown, ...notes, `Report: ${join(folder, "report.html")}`].join("\n"),
    json: {
      schema: "crq-agent/evals-run/1",
      ok: exit === 0,
      exit,
      data: {
        run: id,
        folder,
        ended: end.why,
        reused,
        skipped: manifest.skipped,
        paused: Object.fromEntries(end.paused),
        files,
        summary,
      },
      diagnostics: damaged,
    },
  });
  return exit;
}

function exitOf({ end, report, damaged }: Pick<Executed, "end" | "report" | "damaged">): number {
  if (damaged.length > 0) return 6;
  if (end.why === "interrupted") return 130;
  if (end.why === "cap") return 4;
  if (end.paused.size > 0) return 3;
  return exitOfSummary(report.summary);
}
