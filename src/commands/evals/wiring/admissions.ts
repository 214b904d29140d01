import { dirname, join } from "node:path";
import type { Config } from "../../../config.ts";
import type { Admission } from "../../../evals/admission/admission.ts";
import { readAdmission } from "../../../evals/admission/store.ts";
import { GATE_VERSION } from "../../../evals/grading/grade.ts";
import type { Surroundings } from "../../../evals/run/identity/surroundings.ts";
import type { Task } from "../../../evals/task/task.ts";
import type { CliContext } from "../../wiring/context.ts";
import { type RunsOptions, runsFolderOf } from "./chosen-tasks.ts";

/** What admission found, beside the folder of runs: one file for each form of a task, and the logs of its last look. */
export const admissionsFolder = (context: CliContext, config: Config, options: RunsOptions): string =>
  join(dirname(runsFolderOf(context, config, options)), "admissions");

/** What was found of a task as it is now, in this world, with this Nix and these gates; undefined: nobody looked. */
export const admissionIn = (
  folder: string,
  { world, toolchain, nix }: Pick<Surroundings, "world" | "toolchain" | "nix">,
  { hash }: Pick<Task, "hash">,
): Promise<Admission | undefined> =>
  readAdmission(folder, { taskHash: hash, worldHash: world.hash, toolchain, gateVersion: GATE_VERSION, nix });
