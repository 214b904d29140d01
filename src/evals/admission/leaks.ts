import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { PlacedText } from "../grading/tamper/hidden-texts.ts";
import { runsOf, sharedRun } from "../grading/tamper/token-runs.ts";
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
  const ownerOf = new Map(
    suspects.flatMap(({ task, hidden }) =>
      hidden.flatMap(({ text }) => [...runsOf(text)].map((run) => [run, task.file.id] as const)),
    ),
  );
  const runs = new Set(ownerOf.keys());
  for (const { place, text } of program) {
    const run = runs.size === 0 ? undefined : sharedRun(text, runs);
    const owner = run === undefined ? undefined : ownerOf.get(run);
    if (owner !== undefined) add(owner, `${place} holds "${run}"`);
    for (const { task } of suspects) {
      if (text.includes(task.file.canary)) add(task.file.id, `${place} holds the canary`);
      if (new RegExp(`(?<![\\w-])${task.file.id}(?![\\w-])`, "u").test(text)) add(task.file.id, `${place} names the task`);
    }
  }
  return found;
}
