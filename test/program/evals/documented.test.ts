import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { executeRun } from "../../../src/evals/run/execute.ts";
import { madeExecution, madeManifest } from "../../evals/run/made-run.ts";
import { type StoredModel, storedRun } from "../../evals/run/stored-run.ts";
import { SAMPLE, writeTasks } from "../../evals/task/sample-task.ts";
import { place } from "../place.ts";

/** The commands of docs/guides/evals.md that start no trial, in a folder as the guide has it: tasks and runs where they lie by default. */

const steady: StoredModel = { alias: "steady", chance: () => 1 };

async function desk() {
  const at = await place();
  const cwd = join(at.folder, "clone");
  await mkdir(cwd);
  await writeTasks(join(cwd, "evals", "tasks"), { "count-words": SAMPLE });
  const runs = join(cwd, ".crq-agent", "evals", "runs");
  const run = (...args: string[]) => at.run(args, { cwd });
  return { cwd, runs, run };
}

it("looks at this machine, plans a comparison, and starts none without the keys of its models", async () => {
  const { run } = await desk();
  const looked = await run("evals", "doctor");
  expect(looked.stdout).toMatch(/^✓ +OPENAI_API_KEY +absent \(only needed for this provider's models\)$/mu);
  const models = ["--models", "openai:one,anthropic:two"];
  const planned = await run("evals", "plan", ...models);
  expect([planned.exit, planned.stdout]).toEqual([0, expect.stringContaining("1 task")]);
  // Nobody has admitted the sample here.
  const refused = await run("evals", "run", ...models, "--max-usd", "40", "--id", "spring", "--allow-unadmitted");
  expect([refused.exit, refused.stderr]).toEqual([2, expect.stringContaining("OPENAI_API_KEY")]);
  const shard = ["--shard", "1/3", "--id", "spring", "--runs", "part1", "--allow-unadmitted"];
  expect(await run("evals", "run", ...models, ...shard)).toMatchObject({ exit: 2, stderr: refused.stderr });
});

it("reports a run, keeps it as a baseline, and holds a later one against it", async () => {
  const { cwd, runs, run } = await desk();
  await storedRun({ runs, id: "spring", models: [steady] });
  await storedRun({ runs, id: "summer", models: [{ ...steady, chance: () => 0 }] });
  expect((await run("evals", "report", "spring")).exit).toBe(0);
  for (const file of ["report.html", "report.md", "results.csv", "junit.xml", "summary.json"])
    expect(existsSync(join(runs, "spring", file)), file).toBe(true);
  const baseline = "evals/baselines/main.json";
  expect((await run("evals", "gate", "spring", "--write-baseline", baseline)).exit).toBe(0);
  expect(existsSync(join(cwd, baseline))).toBe(true);
  expect((await run("evals", "gate", "spring", "--baseline", baseline)).exit).toBe(0);
  expect((await run("evals", "gate", "summer", "--baseline", baseline)).exit).toBe(1);
});

it("joins the parts that several machines carried out", async () => {
  const { cwd, run } = await desk();
  const parts = [1, 2, 3].map((index) => join(cwd, `part${index}`, "spring"));
  for (const [at, folder] of parts.entries())
    await executeRun(madeExecution(folder, () => madeManifest({ run: "spring", shard: { index: at + 1, of: 3 } })));
  const merged = await run("evals", "merge", "part1/spring", "part2/spring", "part3/spring", "--out", "runs/spring");
  expect([merged.exit, merged.stdout]).toEqual([0, expect.stringContaining(join(cwd, "runs", "spring"))]);
  expect(existsSync(join(cwd, "runs", "spring", "summary.json"))).toBe(true);
  const alone = await run("evals", "merge", "part1/spring", "--out", "runs/alone");
  expect([alone.exit, alone.stderr]).toEqual([3, expect.stringContaining("shards are missing: 2/3, 3/3")]);
});
