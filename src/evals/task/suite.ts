import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { WorldProblem } from "../../world/problem.ts";
import { loadTask, type Task } from "./task.ts";

/** Tasks of one run, from one folder or several, and what is wrong with those that cannot be used. */
export interface Suite {
  /** Sorted by id. */
  readonly tasks: readonly Task[];
  readonly problems: readonly WorldProblem[];
}

/** Schema of tasks, and of what is hashed. */
export const SUITE_SCHEMA = 1;

/** Reads every folder of `directories` that holds a task.toml. A broken task stops no other one. */
export async function loadSuite(directories: readonly string[]): Promise<Suite> {
  const tasks: Task[] = [];
  const problems: WorldProblem[] = [];
  for (const directory of directories) {
    const folders = await foldersOf(directory);
    if (!folders) {
      problems.push({ file: directory, message: "is no folder that can be read", next: "name a folder of tasks with --tasks" });
      continue;
    }
    for (const folder of folders) {
      const loaded = await loadTask(join(directory, folder));
      if (!loaded.ok) problems.push(...loaded.problems);
      else {
        const twin = tasks.find(({ file }) => file.id === loaded.value.file.id);
        if (twin)
          problems.push({
            file: loaded.value.directory,
            message: `has the id of ${twin.directory}`,
            next: "give one of them another id",
          });
        else tasks.push(loaded.value);
      }
    }
  }
  return { tasks: tasks.sort((a, b) => (a.file.id < b.file.id ? -1 : 1)), problems };
}

async function foldersOf(directory: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** sha256 over the schema, the gates' version and the sorted hashes of the tasks: runs of unlike suites are not compared. */
export function suiteHash(tasks: readonly Pick<Task, "hash">[], gateVersion: number): string {
  const hash = createHash("sha256").update(`${SUITE_SCHEMA}\n${gateVersion}\n`);
  for (const one of tasks.map((task) => task.hash).sort()) hash.update(`${one}\n`);
  return hash.digest("hex");
}
