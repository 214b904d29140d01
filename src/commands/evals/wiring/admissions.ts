import { dirname, join } from "node:path";
import type { Config } from "../../../config.ts";
import type { CliContext } from "../../wiring/context.ts";
import { type RunsOptions, runsFolderOf } from "./chosen-tasks.ts";

/** What admission found, beside the folder of runs: one file for each form of a task, and the logs of its last look. */
export const admissionsFolder = (context: CliContext, config: Config, options: RunsOptions): string =>
  join(dirname(runsFolderOf(context, config, options)), "admissions");
