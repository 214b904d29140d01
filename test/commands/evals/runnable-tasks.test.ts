import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runnableTasks } from "../../../src/commands/evals/wiring/runnable-tasks.ts";
import type { CliContext } from "../../../src/commands/wiring/context.ts";
import { readConfig } from "../../../src/config.ts";
import { writeAdmission } from "../../../src/evals/admission/store.ts";
import { GATE_VERSION } from "../../../src/evals/grading/gate-version.ts";
import type { Surroundings } from "../../../src/evals/run/identity/surroundings.ts";
import { loadSuite } from "../../../src/evals/task/suite.ts";
import { newFolder } from "../../evals/run/made-run.ts";
import { SAMPLE, writeTasks } from "../../evals/task/sample-task.ts";

const SURROUNDINGS: Surroundings = {
  world: { name: "made", hash: "0a", mode: "replay" },
  ...({ provides: ["rust", "naersk"], lent: { rustc: "1.90.0" }, toolchain: "cc", nix: "2.26.3", isolation: "bwrap" } as const),
};

it("takes an admitted task for none as soon as the program names it", async () => {
  const folder = await newFolder();
  await writeTasks(join(folder, "evals/tasks"), { "count-words": SAMPLE });
  const context: CliContext = {
    cwd: folder,
    env: {},
    folders: { state: join(folder, "state"), cache: join(folder, "cache"), home: folder },
    streams: process,
    signal: new AbortController().signal,
    version: "0.1.0",
    packageRoot: join(folder, "program"),
    now: Date.now,
  };
  const config = await readConfig(folder);
  const { tasks } = await loadSuite([join(folder, "evals/tasks")]);
  const key = { taskHash: tasks[0]?.hash ?? "", worldHash: "0a", toolchain: "cc", gateVersion: GATE_VERSION, nix: "2.26.3" };
  await writeAdmission(join(folder, ".crq-agent/evals/admissions"), key, {
    schema: "crq-admission/1",
    task: "count-words",
    taskHash: key.taskHash,
    admitted: true,
    rounds: 3,
    problems: [],
    seconds: 1,
  });
  const prompts = join(context.packageRoot, "prompts");
  await mkdir(prompts, { recursive: true });
  await writeFile(join(prompts, "a.md"), "Count what is there.\n");
  expect((await runnableTasks(context, config, {}, SURROUNDINGS, undefined)).watermarks).toEqual([]);
  await writeFile(join(prompts, "a.md"), "As in count-words: write the flake so.\n");
  await expect(runnableTasks(context, config, {}, SURROUNDINGS, undefined)).rejects.toMatchObject({
    exit: 2,
    message: expect.stringContaining("count-words (prompts/a.md names the task)"),
  });
  expect((await runnableTasks(context, config, { allowUnadmitted: true }, SURROUNDINGS, undefined)).watermarks).toHaveLength(1);
});
