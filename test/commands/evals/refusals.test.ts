import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { exitOfLooks, stillHolds } from "../../../src/commands/evals/validate.ts";
import type { Admission } from "../../../src/evals/admission/admission.ts";
import { acquireLock } from "../../../src/session/lock.ts";
import { execute } from "../../../src/system/process.ts";
import { storedRun } from "../../evals/run/stored-run.ts";
import { SAMPLE, writeTasks } from "../../evals/task/sample-task.ts";

const ROOT = join(import.meta.dirname, "../../..");
const said = z.object({ exit: z.int(), data: z.unknown(), diagnostics: z.array(z.unknown()) });

interface Home {
  readonly folder: string;
  readonly runs: string;
  readonly evals: (...args: readonly string[]) => Promise<z.infer<typeof said> & { readonly stderr: string }>;
}

async function home(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), "crq-refusals-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeTasks(join(folder, "evals/tasks"), { "count-words": SAMPLE });
  return {
    folder,
    runs: join(folder, ".crq-agent/evals/runs"),
    evals: async (...args) => {
      const { stdout, stderr } = await execute({
        argv: [process.execPath, join(ROOT, "src/bin.ts"), "evals", ...args, "--json"],
        cwd: folder,
        env: { PATH: process.env.PATH ?? "", HOME: folder },
        timeoutMs: 120_000,
      });
      return { ...said.parse(JSON.parse(stdout)), stderr };
    },
  };
}

const good = { alias: "good", chance: () => 1 };

test("no run is graded again while another process works on it", { timeout: 150_000 }, async () => {
  const { runs, evals } = await home();
  const { folder } = await storedRun({ runs, id: "one", models: [good], clusters: 1, repeats: 1 });
  const lock = acquireLock(folder, "run");
  onTestFinished(() => lock.release());
  const { exit, stderr } = await evals("grade", "one");
  expect([exit, stderr]).toEqual([2, expect.stringMatching(/this run is in use by process \d+/u)]);
});

test("no suite is valid of which nothing was looked at", { timeout: 150_000 }, async () => {
  const { evals } = await home();
  const { exit, stderr } = await evals("validate", "--select", "cluster=none");
  expect([exit, stderr]).toEqual([2, expect.stringContaining("no task is chosen")]);
  expect([
    exitOfLooks([{ verdict: "skipped", why: "the world does not provide rust" }], false),
    exitOfLooks(
      [
        { verdict: "skipped", why: "" },
        { verdict: "infra", why: "disk" },
      ],
      false,
    ),
    exitOfLooks([], true),
  ]).toEqual([4, 3, 2]);
});

test("an earlier admission holds where it looked as closely, and nothing of the task stands in the program since", () => {
  const admission: Admission = {
    schema: "crq-admission/1",
    task: "t",
    taskHash: "aa",
    admitted: true,
    rounds: 3,
    problems: [],
    seconds: 1,
  };
  const leak = { subject: "task", rule: "known-to-program", detail: "prompts/a.md names the task" };
  expect([
    stillHolds(admission, 3, []),
    stillHolds(admission, 1, []),
    stillHolds({ ...admission, rounds: 1 }, 3, []),
    stillHolds({ ...admission, admitted: false }, 3, []),
    stillHolds(admission, 3, [leak]),
    stillHolds(undefined, 1, []),
  ]).toEqual([true, true, false, false, false, false]);
});

test("a newest run that cannot be read hides no task", { timeout: 150_000 }, async () => {
  const { runs, evals } = await home();
  await mkdir(join(runs, "torn"), { recursive: true });
  await writeFile(join(runs, "torn", "manifest.json"), "{");
  const { exit, data, diagnostics } = await evals("list");
  expect([exit, data, diagnostics]).toEqual([
    0,
    { tasks: [expect.objectContaining({ id: "count-words", last: [] })] },
    [expect.stringContaining(join(runs, "torn", "manifest.json"))],
  ]);
});

test("a forecast says which tasks it leaves out", { timeout: 150_000 }, async () => {
  const { folder, evals } = await home();
  await writeTasks(join(folder, "evals/tasks"), { torn: { "task.toml": "schema = 1\n" } });
  const { exit, diagnostics } = await evals("plan");
  expect([exit, diagnostics.length > 0, JSON.stringify(diagnostics)]).toEqual([0, true, expect.stringContaining("torn")]);
});
