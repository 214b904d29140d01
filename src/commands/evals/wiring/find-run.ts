import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { didYouMean } from "../../../agent/text/nearest.ts";
import type { Config } from "../../../config.ts";
import { listRuns, MANIFEST_FILE } from "../../../evals/run/folder/run-folder.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";
import { type RunsOptions, runsFolderOf } from "./chosen-tasks.ts";

/**
 * The folder of a run that was named by its path, its name or the beginning of its name; the newest one without a name.
 * @throws CommandError (exit 2) for none, or several
 */
export async function findRun(
  context: CliContext,
  config: Config,
  options: RunsOptions,
  name: string | undefined,
): Promise<string> {
  const folder = runsFolderOf(context, config, options);
  const path = name === undefined ? undefined : resolve(context.cwd, name);
  if (path !== undefined && existsSync(join(path, MANIFEST_FILE))) return path;
  const runs = await listRuns(folder);
  const found = name === undefined ? runs.slice(0, 1) : runs.filter((run) => run.slice(folder.length + 1).startsWith(name));
  const exact = found.find((run) => run === join(folder, name ?? ""));
  const [one, second] = exact === undefined ? found : [exact];
  if (one === undefined)
    throw new CommandError(
      "unknown-run",
      name === undefined
        ? `${folder}: holds no run`
        : `there is no run "${name}" in ${folder}${didYouMean(
            name,
            runs.map((run) => run.slice(folder.length + 1)),
          )}`,
    );
  if (second !== undefined)
    throw new CommandError(
      "ambiguous-name",
      `"${name}" may be any of ${found.map((run) => run.slice(folder.length + 1)).join(", ")}`,
    );
  return one;
}
