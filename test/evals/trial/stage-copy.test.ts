import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTask } from "../../../src/evals/task/task.ts";
import { stageCopy } from "../../../src/evals/trial/stage-copy.ts";
import { findHost } from "../../../src/system/environment/host.ts";
import { git } from "../../../src/system/git.ts";
import { SAMPLE, tasksOnDisk } from "../task/sample-task.ts";

const noWorld = async (): Promise<never> => {
  throw new Error("this task has no flake to lock");
};

test("each trial gets a copy of its own of what was staged once, with nothing changed in it", async () => {
  const root = await tasksOnDisk({ "count-words": SAMPLE });
  const loaded = await loadTask(join(root, "count-words"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const machine = {
    packageRoot: root,
    host: await findHost({ packageRoot: root, path: process.env.PATH ?? "" }),
    world: { mode: "replay", directory: root },
    isolation: "bwrap",
    staged: join(root, "staged"),
  } as const;
  const [one, two] = await Promise.all(
    ["one", "two"].map((name) => stageCopy(loaded.value, machine, join(root, "work", name), noWorld)),
  );
  if (!one || !two) throw new Error("two were asked for");
  await writeFile(join(one.repository, "noise"), "of the first\n");
  const three = await stageCopy(loaded.value, machine, join(root, "work/three"), noWorld);
  const status = (repository: string): Promise<string> => git(["status", "--porcelain"], { cwd: repository });
  expect([one.commit, await git(["rev-parse", "HEAD"], { cwd: three.repository })]).toEqual([two.commit, `${two.commit}\n`]);
  expect([await status(one.repository), await status(two.repository), await status(three.repository)]).toEqual([
    "?? noise\n",
    "",
    "",
  ]);
});
