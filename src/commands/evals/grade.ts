import { join } from "node:path";
import pLimit from "p-limit";
import type { Config } from "../../config.ts";
import { GATE_VERSION, grade as gradeSubmission } from "../../evals/grading/grade.ts";
import { firstFailure, type TrialRow } from "../../evals/results/trial-row.ts";
import { freshLogs, replaceGrade, storedSubmission } from "../../evals/run/derived/regrade.ts";
import { writeReport } from "../../evals/run/derived/write-report.ts";
import { reportedFacts } from "../../evals/run/execute.ts";
import { lockRun, trialFolder } from "../../evals/run/folder/run-folder.ts";
import { openScratch } from "../../evals/run/folder/scratch.ts";
import { attemptFolder } from "../../evals/run/folder/trial-folder.ts";
import { differencesText, surroundingsDifferences } from "../../evals/run/identity/differences.ts";
import type { Surroundings } from "../../evals/run/identity/surroundings.ts";
import { COMMON_NEEDS, mostAtOnce, roomOfHost } from "../../evals/run/schedule/admission.ts";
import { parseSelection } from "../../evals/task/select.ts";
import type { Task } from "../../evals/task/task.ts";
import { InfraFailure } from "../../evals/trial/infra-failure.ts";
import { table } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { chosenTasks, evalsConfig, type RunsOptions } from "./wiring/chosen-tasks.ts";
import { findRun } from "./wiring/find-run.ts";
import { openMachine, type WorldOptions } from "./wiring/machine.ts";
import { type OpenRun, openRun } from "./wiring/open-run.ts";
import { sharedProcessors } from "./wiring/processors.ts";

export interface GradeOptions extends OutputOptions, RunsOptions, WorldOptions {
  readonly tasks?: readonly string[];
  readonly select?: string;
  readonly dryRun?: boolean;
}

interface Regraded {
  readonly old: TrialRow;
  readonly now: Pick<TrialRow, "resolved" | "hack" | "gates" | "outcome">;
}

/** `crq-agent evals grade RUN`: grades stored patches again, without asking a model; the old row is kept. */
export const grade: Verb<[string | undefined, GradeOptions]> = async (context, ui, name, options) => {
  const config = await evalsConfig(context);
  const folder = await findRun(context, config, options, name);
  if (options.dryRun) return await gradeAgain(context, ui, config, folder, options);
  // Two that write one trial's row would each lose what the other noted, and neither row would be known as committed.
  const lock = lockRun(folder);
  try {
    return await gradeAgain(context, ui, config, folder, options);
  } finally {
    lock.release();
  }
};

async function gradeAgain(context: CliContext, ui: Ui, config: Config, at: string, options: GradeOptions): Promise<number> {
  const run = await openRun(at);
  const selection = parseSelection(options.select ?? "");
  if (!selection.ok) throw new CommandError("bad-value", `--select: ${selection.problem}`);
  const { machine: bare, surroundings } = await openMachine(context, config, options);
  const { tasks } = await chosenTasks(context, config, options.tasks ? { tasks: options.tasks } : {});
  refuseOtherSurroundings(run, surroundings);
  const wanted = run.rows
    .filter(({ infra }) => infra === null)
    .flatMap((row) => {
      const task = tasks.find(({ file }) => file.id === row.task);
      if (!task || task.hash !== row.taskHash)
        throw new CommandError(
          "bad-suite",
          `${row.task}: ${task ? "has changed since the run" : "is not there; name its folder with --tasks"}`,
        );
      return selection.selection(task.file) ? [{ row, task }] : [];
    });
  const scratch = await openScratch(join(context.folders.cache, "evals", "work"));
  const machine = { ...bare, staged: scratch.staged };
  const processors = await sharedProcessors(context, bare.host);
  const regrade = async (row: TrialRow, task: Task): Promise<Regraded | string> => {
    const folder = trialFolder(run.folder, row.key);
    const attempt = attemptFolder(folder, row.attempt);
    const place = await scratch.open(`grade-${row.key.slice(0, 12)}`);
    const { affinity, release } = processors.take(task.file.resources.cpus);
    const began = context.now();
    try {
      const logs = options.dryRun ? join(place.folder, "verify") : await freshLogs(attempt);
      const submission = await storedSubmission(attempt);
      const now = await gradeSubmission({
        task,
        submission,
        machine,
        affinity,
        work: join(place.folder, "grading"),
        logs,
        signal: context.signal,
      });
      if (!options.dryRun) await replaceGrade(folder, row, now, context.now() - began);
      return { old: row, now: { ...now, outcome: row.outcome } };
    } catch (error) {
      if (!(error instanceof InfraFailure)) throw error;
      return `${row.task} ${row.repeat} ${row.model}: ${error.class}: ${error.message}`;
    } finally {
      release();
      await place.remove();
    }
  };
  const limit = pLimit(mostAtOnce(COMMON_NEEDS, roomOfHost(config.evals.trials)));
  const ended = await Promise.allSettled(
    wanted.map(({ row, task }) =>
      limit(async () => {
        if (context.signal.aborted) return undefined;
        ui.progress(`${row.task} ${row.repeat} ${row.model}`);
        return await regrade(row, task);
      }),
    ),
  );
  await scratch.close();
  const results = ended.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
  const done = results.filter((one) => typeof one === "object");
  const failed = results.filter((one) => typeof one === "string");
  if (!options.dryRun && done.length > 0) {
    const again = await openRun(run.folder);
    await writeReport(run.folder, reportedFacts(again.manifest), again.rows);
  }
  const flips = done.filter(({ old, now }) => old.resolved !== now.resolved);
  const exit = context.signal.aborted ? 130 : failed.length > 0 ? 3 : 0;
  ui.result({
    text: [
      `${done.length} of ${wanted.length} graded again by gates of version ${GATE_VERSION}${options.dryRun ? ", nothing was stored" : ""}; ${flips.length} flipped.`,
      ...(done.length === 0 ? [] : [gradeTable(done)]),
      ...failed.map((one) => `could not be graded: ${one}`),
    ].join("\n"),
    json: {
      schema: "crq-agent/evals-grade/1",
      ok: exit === 0,
      exit,
      data: {
        run: run.manifest.facts.run,
        gateVersion: GATE_VERSION,
        stored: options.dryRun !== true,
        graded: done.map(({ old, now }) => ({
          key: old.key,
          task: old.task,
          model: old.model,
          repeat: old.repeat,
          old: verdictOf(old),
          now: verdictOf(now),
        })),
        flips: flips.length,
      },
      diagnostics: failed,
    },
  });
  return exit;
}

const gradeTable = (done: readonly Regraded[]): string =>
  table([
    ["TASK", "REPEAT", "MODEL", "BEFORE", "NOW", ""],
    ...done.map(({ old, now }) => [
      old.task,
      String(old.repeat),
      old.model,
      verdictOf(old),
      verdictOf(now),
      old.resolved === now.resolved ? "" : "flipped",
    ]),
  ]);

function verdictOf(row: Regraded["now"]): string {
  if (row.resolved) return "resolved";
  return row.hack ? `hack ${row.hack.rule}` : (firstFailure(row) ?? row.outcome);
}

/** Another world, Nix or compiler builds other things: that is another run. */
function refuseOtherSurroundings({ manifest }: OpenRun, surroundings: Surroundings): void {
  const differences = surroundingsDifferences(manifest, surroundings);
  if (differences.length > 0)
    throw new CommandError(
      "runs-differ",
      `${manifest.facts.run} ran elsewhere (then and now), so its changes cannot be graded here:\n${differencesText(differences)}`,
      differences,
    );
}
