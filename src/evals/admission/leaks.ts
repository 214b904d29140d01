import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type PlacedText, readTamperTexts } from "../grading/tamper/hidden-texts.ts";
import { runsOf } from "../grading/tamper/token-runs.ts";
import type { Task } from "../task/task.ts";
import type { AdmissionProblem } from "./admission.ts";

/** What the program itself must not know: a task's name, its canary, or its answers. */

const PARTS = ["src", "dist", "prompts"] as const;

/** The program's own texts, as far as this package holds them. */
export async function readProgram(packageRoot: string): Promise<readonly PlacedText[]> {
  const below = await Promise.all(
    PARTS.map(async (part) => {
      const entries = await readdir(join(packageRoot, part), { recursive: true, withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  return Promise.all(
    below.flat().map(async (file) => ({ place: relative(packageRoot, file), text: await readFile(file, "utf8") })),
  );
}

/** {@link findLeaks} of tasks in the program that lies at `packageRoot`. */
export async function leaksOf(tasks: readonly Task[], packageRoot: string): Promise<ReturnType<typeof findLeaks>> {
  if (tasks.length === 0) return new Map();
  const suspects = await Promise.all(tasks.map(async (task) => ({ task, hidden: (await readTamperTexts(task)).hidden })));
  return findLeaks(suspects, await readProgram(packageRoot));
}

export interface Suspect {
  readonly task: Pick<Task, "file">;
  readonly hidden: readonly PlacedText[];
}

/** Task id to what of the task stands in the program. Pure; one pass over the program, however many tasks there are. */
export function findLeaks(
  suspects: readonly Suspect[],
  program: readonly PlacedText[],
): ReadonlyMap<string, readonly AdmissionProblem[]> {
  const found = new Map<string, AdmissionProblem[]>();
  const add = (id: string, detail: string): void => {
    const list = found.get(id) ?? [];
    list.push({ subject: "task", rule: "known-to-program", detail });
    found.set(id, list);
  };
  // Tasks of one family may have an answer in common: each of them is known then.
  const ownersOf = new Map<string, Set<string>>();
  for (const { task, hidden } of suspects)
    for (const { text } of hidden)
      for (const run of runsOf(text)) ownersOf.set(run, (ownersOf.get(run) ?? new Set<string>()).add(task.file.id));
  for (const { place, text } of program) {
    const named = new Set<string>();
    for (const run of ownersOf.size === 0 ? [] : runsOf(text))
      for (const owner of ownersOf.get(run) ?? []) {
        if (!named.has(owner)) add(owner, `${place} holds "${run}"`);
        named.add(owner);
      }
    for (const { task } of suspects) {
      if (text.includes(task.file.canary)) add(task.file.id, `${place} holds the canary`);
      if (new RegExp(`(?<![\\w-])${task.file.id}(?![\\w-])`, "u").test(text)) add(task.file.id, `${place} names the task`);
    }
  }
  return found;
}
