import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import pLimit from "p-limit";
import { didYouMean } from "../../agent/text/nearest.ts";
import type { Admission, AdmissionProblem } from "../../evals/admission/admission.ts";
import { type AdmitOptions, admitTask } from "../../evals/admission/admit.ts";
import { leaksOf } from "../../evals/admission/leaks.ts";
import { type AdmissionKey, readAdmission, writeAdmission } from "../../evals/admission/store.ts";
import { GATE_VERSION } from "../../evals/grading/grade.ts";
import { openScratch } from "../../evals/run/folder/scratch.ts";
import { COMMON_NEEDS, mostAtOnce, roomOfHost } from "../../evals/run/schedule/admission.ts";
import { whyLacking } from "../../evals/task/needs.ts";
import type { Suite } from "../../evals/task/suite.ts";
import type { Task } from "../../evals/task/task.ts";
import { InfraFailure } from "../../evals/trial/infra-failure.ts";
import type { Machine } from "../../evals/trial/machine.ts";
import { findHost } from "../../system/environment/host.ts";
import { oneLine, table } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import { openWorld } from "../../world/open.ts";
import { describeProblem } from "../../world/problem.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { shippedWorld } from "../wiring/open-place.ts";
import { asCommandError } from "../wiring/open-recording.ts";
import { admissionsFolder } from "./wiring/admissions.ts";
import { chosenTasks, evalsConfig, type RunsOptions, type SelectionOptions } from "./wiring/chosen-tasks.ts";
import { sharedProcessors } from "./wiring/processors.ts";

export interface ValidateOptions extends OutputOptions, SelectionOptions, RunsOptions {
  readonly quick?: boolean;
  /** Leave tasks alone that were admitted already in this form, with at least as many passes. */
  readonly missing?: boolean;
  readonly jobs?: number;
  readonly world?: string;
}

/** Passes of each solution (evals.md, 2.5). */
const ROUNDS = 3;

export type Looked =
  | {
      readonly verdict: "admitted" | "refused";
      readonly admission: Admission /** From an earlier look. */;
      readonly known?: true;
    }
  | { readonly verdict: "skipped" | "infra" | "stopped"; readonly why: string };

const STOPPED: Looked = { verdict: "stopped", why: "stopped before it was known; the same command with --missing goes on" };

/** `crq-agent evals validate [ID…]`: whether tasks may stand in a suite. */
export const validate: Verb<[string[], ValidateOptions]> = async (context, ui, ids, options) => {
  const config = await evalsConfig(context);
  const { tasks, problems } = named(await chosenTasks(context, config, options), ids);
  const folder = admissionsFolder(context, config, options);
  const directory = worldFolder(context, options.world ?? config.evals.world);
  const scratch = await openScratch(join(context.folders.cache, "evals", "work"));
  const { folder: work } = await scratch.open("validate");
  try {
    const { machine, provides, key } = await openMachine(context, directory, work);
    if (tasks.length === 0 && problems.length === 0)
      throw new CommandError("unknown-task", "no task is chosen; `crq-agent evals list` names those there are");
    const processors = await sharedProcessors(context, machine.host);
    const leaks = await leaksOf(tasks, context.packageRoot);
    const rounds = options.quick ? 1 : ROUNDS;
    const most = options.jobs ?? config.evals.trials ?? mostAtOnce(COMMON_NEEDS, roomOfHost(undefined));
    const limit = pLimit(Math.max(1, Math.floor(most)));
    const looked = await Promise.all(
      tasks.map((task) =>
        limit(async (): Promise<readonly [Task, Looked]> => {
          const why = whyLacking(task.file.needs, { provides, lent: machine.host.toolchain });
          if (why !== undefined) return [task, { verdict: "skipped", why }];
          const known = options.missing ? await readAdmission(folder, key(task)) : undefined;
          if (stillHolds(known, rounds, leaks.get(task.file.id) ?? []))
            return [task, { verdict: "admitted", admission: known, known: true }];
          const { affinity, release } = processors.take(task.file.resources.cpus);
          const found = await look(task, {
            machine,
            affinity,
            work: join(work, task.file.id),
            logs: join(folder, "logs", task.file.id),
            rounds,
            signal: context.signal,
            leaks: leaks.get(task.file.id) ?? [],
            onStep: (text) => ui.progress(text),
          }).finally(release);
          if ("admission" in found)
            await writeAdmission(folder, key(task), { ...found.admission, at: new Date(context.now()).toISOString() });
          ui.say(`${task.file.id}: ${found.verdict}`);
          return [task, found];
        }),
      ),
    );
    const exit = context.signal.aborted
      ? 130
      : exitOfLooks(
          looked.map(([, found]) => found),
          problems.length > 0,
        );
    show(ui, looked, problems, exit);
    return exit;
  } finally {
    await scratch.close();
  }
};

/** @throws CommandError for an id that no task has */
function named({ tasks, problems }: Suite, ids: readonly string[]): Suite {
  if (ids.length === 0) return { tasks, problems };
  const ofIds = problems.filter(({ file }) => ids.some((id) => file.split("/").includes(id)));
  const unknown = ids.filter(
    (id) => !tasks.some(({ file }) => file.id === id) && !ofIds.some(({ file }) => file.split("/").includes(id)),
  );
  if (unknown.length > 0)
    throw new CommandError(
      "unknown-task",
      `there is no task ${unknown.join(", ")}${didYouMean(
        unknown[0] ?? "",
        tasks.map(({ file }) => file.id),
      )}; there are ${tasks.map(({ file }) => file.id).join(", ")}`,
    );
  return { tasks: tasks.filter(({ file }) => ids.includes(file.id)), problems: ofIds };
}

function worldFolder(context: CliContext, wanted: string | undefined): string {
  const directory =
    wanted === undefined || wanted === "shipped" ? shippedWorld(context.packageRoot) : resolve(context.cwd, wanted);
  if (existsSync(join(directory, "world.toml"))) return directory;
  throw new CommandError("bad-world", `${directory}: is no world (it has no world.toml); give a folder with --world DIR`);
}

interface OpenMachine {
  readonly machine: Machine;
  readonly provides: readonly string[];
  key(task: Task): AdmissionKey;
}

async function openMachine(context: CliContext, directory: string, work: string): Promise<OpenMachine> {
  const host = await findHost({ packageRoot: context.packageRoot, path: context.env.PATH ?? "" });
  const places = { cacheRoot: work, session: join(work, "world"), storeRoot: join(work, "store") };
  const { provides, hash, toolchain, environment } = await asCommandError(() => openWorld(directory, { host, ...places }));
  await environment.close();
  return {
    machine: { packageRoot: context.packageRoot, host, world: { mode: "replay", directory }, isolation: "bwrap" },
    provides,
    key: (task) => ({
      taskHash: task.hash,
      worldHash: hash,
      toolchain,
      gateVersion: GATE_VERSION,
      nix: host.nix?.version ?? "none",
    }),
  };
}

/** What the machine could not do says nothing of the task, and stops no other one. */
async function look(task: Task, options: AdmitOptions): Promise<Looked> {
  if (options.signal.aborted) return STOPPED;
  try {
    const admission = await admitTask(task, options);
    // What was found while a grading was torn down is no finding.
    if (options.signal.aborted) return STOPPED;
    return { verdict: admission.admitted ? "admitted" : "refused", admission };
  } catch (error) {
    if (!(error instanceof InfraFailure)) throw error;
    if (options.signal.aborted) return STOPPED;
    return { verdict: "infra", why: `${error.class}: ${error.message}` };
  }
}

/**
 * Whether an earlier look may be taken for this one: it looked as closely, and the program does not know the task since. What the task, the
 * world, Nix and the gates are stands in the name under which it was kept.
 */
export const stillHolds = (
  known: Admission | undefined,
  rounds: number,
  leaks: readonly AdmissionProblem[],
): known is Admission => known?.admitted === true && known.rounds >= rounds && leaks.length === 0;

/** Exit code of all looks together; 4 where every task was skipped: nothing is known of any. */
export function exitOfLooks(looked: readonly Looked[], broken: boolean): number {
  if (looked.some(({ verdict }) => verdict === "refused")) return 1;
  if (broken) return 2;
  if (looked.some(({ verdict }) => verdict === "infra")) return 3;
  return looked.every(({ verdict }) => verdict === "skipped") ? 4 : 0;
}

function show(ui: Ui, looked: readonly (readonly [Task, Looked])[], problems: Suite["problems"], exit: number): void {
  const rows = looked.flatMap(([{ file }, found]): string[][] => {
    if (!("admission" in found)) return [[file.id, found.verdict, "", "", "", oneLine(found.why, 300)]];
    const { admission, verdict } = found;
    const seconds = String(admission.seconds);
    if (found.known) return [[file.id, verdict, "", "", "", `from ${admission.at?.slice(0, 10) ?? "an earlier day"}`]];
    if (admission.problems.length === 0) return [[file.id, verdict, "", "", seconds, admission.logs ?? ""]];
    return admission.problems.map(({ subject, rule, detail, log }, at) => [
      at === 0 ? file.id : "",
      at === 0 ? verdict : "",
      subject,
      rule,
      at === 0 ? seconds : "",
      `${oneLine(detail, 400)}${log === undefined ? "" : ` (${log})`}`,
    ]);
  });
  const admitted = looked.filter(([, { verdict }]) => verdict === "admitted").length;
  ui.result({
    text: [
      table([["TASK", "VERDICT", "SUBJECT", "GATE OR RULE", "SECONDS", "DETAIL AND LOG"], ...rows]),
      ...problems.map(describeProblem),
      `${admitted} of ${looked.length} tasks are admitted.`,
    ].join("\n"),
    json: {
      schema: "crq-agent/evals-validate/1",
      ok: exit === 0,
      exit,
      data: {
        tasks: looked.map(([{ file, hash }, found]) => ({
          task: file.id,
          hash,
          verdict: found.verdict,
          ...("admission" in found ? { admission: found.admission, earlier: found.known ?? false } : { why: found.why }),
        })),
      },
      diagnostics: problems,
    },
  });
}
