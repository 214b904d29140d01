import type { Config } from "../../../config.ts";
import { leaksOf } from "../../../evals/admission/leaks.ts";
import type { Surroundings } from "../../../evals/run/identity/surroundings.ts";
import type { Manifest } from "../../../evals/run/manifest.ts";
import { whyLacking } from "../../../evals/task/needs.ts";
import type { Task } from "../../../evals/task/task.ts";
import { oneLine } from "../../../ui/text.ts";
import { describeProblem } from "../../../world/problem.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";
import { admissionIn, admissionsFolder } from "./admissions.ts";
import { chosenTasks, type RunsOptions, type SelectionOptions } from "./chosen-tasks.ts";

export interface RunnableTasks {
  readonly tasks: readonly Task[];
  readonly skipped: Manifest["skipped"];
  readonly watermarks: readonly string[];
}

/**
 * Tasks of a run: the chosen ones that the world provides for, and those that the run has already.
 * @throws CommandError (exit 2) where a task is broken or gone, none is left, or one was not admitted
 */
export async function runnableTasks(
  context: CliContext,
  config: Config,
  options: SelectionOptions & RunsOptions & { readonly allowUnadmitted?: boolean; readonly maxWall?: number },
  surroundings: Surroundings,
  before: Manifest | undefined,
): Promise<RunnableTasks> {
  const all = await chosenTasks(context, config, options.tasks ? { tasks: options.tasks } : {});
  if (all.problems.length > 0)
    throw new CommandError(
      "bad-suite",
      `the suite has broken tasks:\n${all.problems.map(describeProblem).join("\n")}`,
      all.problems,
    );
  const chosen = new Set((await chosenTasks(context, config, options)).tasks.map(({ file }) => file.id));
  const had = new Set(before?.facts.tasks.map(({ id }) => id));
  const more = options.select !== undefined || options.split !== undefined || !before;
  const wanted = all.tasks.filter(({ file }) => had.has(file.id) || (more && chosen.has(file.id)));
  const gone = [...had].filter((id) => !all.tasks.some(({ file }) => file.id === id));
  if (gone.length > 0)
    throw new CommandError(
      "unknown-task",
      `the run has tasks that are not there: ${gone.join(", ")}; name their folder with --tasks`,
    );
  const { runnable, skipped } = split(wanted, surroundings);
  if (runnable.length === 0) {
    const why = skipped.map(({ task, reason }) => `\n${task}: ${reason}`).join("");
    throw new CommandError("unknown-task", `no task is left to run; \`crq-agent evals list\` names those there are${why}`);
  }
  const unadmitted = await notAdmitted(context, config, options, surroundings, runnable);
  if (unadmitted.length > 0 && !options.allowUnadmitted && !before)
    throw new CommandError(
      "not-admitted",
      `${unadmitted.length} of ${runnable.length} tasks were not admitted in this world: ${unadmitted.join(", ")}. Run \`crq-agent evals validate\`, or give --allow-unadmitted`,
    );
  const { maxWall } = options;
  return {
    tasks: runnable.map((task) => withWall(task, maxWall ?? wallOf(before, task))),
    skipped,
    watermarks: [
      ...(unadmitted.length === 0 ? [] : ["tasks that were not admitted (--allow-unadmitted)"]),
      ...(maxWall === undefined ? [] : [`each trial may work for ${maxWall} seconds, whatever its task says (--max-wall)`]),
    ],
  };
}

/** Seconds that a run which goes on has planned its trials with; undefined: the task is new to it, or another one. */
const wallOf = (before: Manifest | undefined, { file, hash }: Task): number | undefined =>
  before?.tasks.find((task) => task.id === file.id && task.hash === hash)?.limits["wall-s"];

function withWall(task: Task, seconds: number | undefined): Task {
  if (seconds === undefined) return task;
  return { ...task, file: { ...task.file, limits: { ...task.file.limits, "wall-s": seconds } } };
}

function split(tasks: readonly Task[], surroundings: Surroundings): { runnable: readonly Task[]; skipped: Manifest["skipped"] } {
  const reasonOf = ({ file }: Task): string | undefined => whyLacking(file.needs, surroundings);
  return {
    runnable: tasks.filter((task) => reasonOf(task) === undefined),
    skipped: tasks.flatMap((task) => {
      const reason = reasonOf(task);
      return reason === undefined ? [] : [{ task: task.file.id, reason }];
    }),
  };
}

async function notAdmitted(
  context: CliContext,
  config: Config,
  options: RunsOptions,
  surroundings: Surroundings,
  tasks: readonly Task[],
): Promise<readonly string[]> {
  const folder = admissionsFolder(context, config, options);
  const admissions = await Promise.all(tasks.map((task) => admissionIn(folder, surroundings, task)));
  const isAdmitted = (at: number): boolean => admissions[at]?.admitted === true;
  // What an admission says of the program was true of the program of that day.
  const leaks = await leaksOf(
    tasks.filter((_, at) => isAdmitted(at)),
    context.packageRoot,
  );
  return tasks.flatMap(({ file: { id } }, at) => {
    if (!isAdmitted(at)) return [id];
    const [leak] = leaks.get(id) ?? [];
    return leak === undefined ? [] : [`${id} (${oneLine(leak.detail, 160)})`];
  });
}
