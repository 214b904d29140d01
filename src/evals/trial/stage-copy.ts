import { constants } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import type { Task } from "../task/task.ts";
import type { Machine } from "./machine.ts";
import { type Staged, stage } from "./stage.ts";

/** Stagings that were begun, by the hash of their task. A machine has one world, so the locks that they hold are right for all its trials. */
const STAGED = new WeakMap<Machine, Map<string, Promise<Staged>>>();

/**
 * As {@link stage}, but staged once for all trials of a machine and copied for each: git is started once and the flake locked once. Nobody
 * writes in what is copied: no sandbox shows it. Without sandboxes each is staged anew.
 * @param folder becomes the repository; must not exist yet
 * @param environment see {@link stage}
 */
export async function stageCopy(
  task: Task,
  machine: Machine,
  folder: string,
  environment: Parameters<typeof stage>[2] | (() => Promise<ExecutionEnvironment>),
): Promise<Staged> {
  if (machine.staged === undefined || machine.isolation === "none") return await stage(task, folder, environment);
  const known = STAGED.get(machine) ?? new Map<string, Promise<Staged>>();
  STAGED.set(machine, known);
  const { hash } = task;
  // A machine that is put right in the meantime is tried again, in a folder of its own.
  const original = known.get(hash) ?? stage(task, join(machine.staged, `${hash.slice(0, 20)}-${serial++}`), environment);
  known.set(hash, original);
  const { repository, commit } = await original.catch((error: unknown) => {
    if (known.get(hash) === original) known.delete(hash);
    throw error;
  });
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await cp(repository, folder, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    errorOnExist: true,
    force: false,
    mode: constants.COPYFILE_FICLONE,
  });
  return { repository: folder, commit };
}

let serial = 0;
