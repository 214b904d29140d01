import { resolve } from "node:path";
import { type Config, readConfig } from "../../../config.ts";
import { parseSelection } from "../../../evals/task/select.ts";
import { loadSuite, type Suite } from "../../../evals/task/suite.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";

export interface SelectionOptions {
  readonly tasks?: readonly string[];
  readonly select?: string;
  readonly split?: "dev" | "regress" | "heldout";
}

export interface RunsOptions {
  readonly runs?: string;
}

export type EvalsConfig = Config["evals"];

/** Settings of the folder that evals are started in. */
export const evalsConfig = async (context: CliContext): Promise<Config> => await readConfig(context.cwd);

export const runsFolderOf = (context: CliContext, config: Config, options: RunsOptions): string =>
  resolve(context.cwd, options.runs ?? config.evals.runs);

/**
 * Tasks by `--tasks`, `--select` and `--split`.
 * @throws CommandError (exit 2) for a selection that cannot be read
 */
export async function chosenTasks(context: CliContext, config: Config, options: SelectionOptions): Promise<Suite> {
  const parsed = parseSelection(options.select ?? "");
  if (!parsed.ok) throw new CommandError("bad-value", `--select: ${parsed.problem}`);
  const folders = (options.tasks ?? config.evals.tasks).map((folder) => resolve(context.cwd, folder));
  const { tasks, problems } = await loadSuite(folders);
  return {
    tasks: tasks.filter(({ file }) => parsed.selection(file) && (options.split === undefined || file.split === options.split)),
    problems,
  };
}
