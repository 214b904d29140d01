import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { admissionSchema } from "../../../src/evals/admission/admission.ts";
import { execute, type Finished } from "../../../src/system/process.ts";
import { writeTasks } from "../task/sample-task.ts";
import { SMALL_TASKS } from "./small-task.ts";

/** `evals validate` as a person runs it, on small tasks of every kind of trouble. */

const PROGRAM = join(import.meta.dirname, "../../../src/bin.ts");

const document = z.object({
  ok: z.boolean(),
  exit: z.number(),
  data: z
    .object({
      tasks: z.array(z.object({ task: z.string(), verdict: z.string(), admission: admissionSchema, earlier: z.boolean() })),
    })
    .nullable(),
});

const stoppedDocument = z.object({
  data: z.object({ tasks: z.array(z.object({ task: z.string(), verdict: z.string(), why: z.string() })) }),
});

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "crq-validate-"));
  await writeTasks(join(home, "tasks"), SMALL_TASKS);
});

afterAll(async () => {
  // Store paths are read-only folders, which an ordinary user cannot empty.
  await execute({ argv: ["chmod", "-R", "u+w", home], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
});

const started = (args: readonly string[], signal?: AbortSignal): Promise<Finished> =>
  execute({
    argv: [process.execPath, PROGRAM, "evals", "validate", "--tasks", join(home, "tasks"), "--json", ...args],
    cwd: home,
    env: { PATH: process.env.PATH ?? "", HOME: home, XDG_CACHE_HOME: join(home, "cache"), XDG_STATE_HOME: join(home, "state") },
    timeoutMs: 1_800_000,
    // A program that is told to stop ends by itself, and takes down what it started.
    graceMs: 600_000,
    ...(signal && { signal }),
  });

async function validate(
  ...args: readonly string[]
): Promise<{ readonly exit: number | null; readonly told: z.infer<typeof document>; readonly stderr: string }> {
  const { exit, stdout, stderr } = await started(args);
  return { exit, stderr, told: document.parse(JSON.parse(stdout)) };
}

describe("evals validate", { timeout: 1_800_000 }, () => {
  it("admits a task that is whole, and refuses the others by what is wrong with each", async () => {
    const { exit, told } = await validate("--quick");
    const tasks = told.data?.tasks ?? [];
    expect(
      tasks.map(({ task, verdict, admission }) => [
        task,
        verdict,
        admission.problems.map(({ subject, rule }) => `${subject}: ${rule}`),
      ]),
    ).toEqual([
      ["tally-hack-passes", "refused", ["hack constant: shadow"]],
      ["tally-met", "admitted", []],
      ["tally-nothing-to-delete", "refused", ["task: overlay"]],
      ["tally-oracle-fails", "refused", ["solution: golden", "solution: shadow", "solution: metamorphic"]],
      ["tally-right", "admitted", []],
      ["tally-shown", "refused", ["task: visible-text"]],
    ]);
    expect(exit).toBe(1);
    const log = tasks[3]?.admission.problems[0]?.log ?? "";
    expect(await readFile(log, "utf8")).toMatch(/^fail: .*fox/u);
  });

  it("grades three times without --quick, and ends with 0 where all are admitted", async () => {
    const { exit, told } = await validate("tally-right");
    expect(told.data?.tasks.map(({ admission }) => [admission.admitted, admission.rounds])).toEqual([[true, 3]]);
    expect(exit).toBe(0);
  });

  it("leaves tasks alone with --missing that were admitted with as many passes", async () => {
    const { exit, told } = await validate("--missing", "tally-right");
    expect(told.data?.tasks.map(({ verdict, admission, earlier }) => [verdict, admission.rounds, earlier])).toEqual([
      ["admitted", 3, true],
    ]);
    expect(exit).toBe(0);
  });

  it("says of what was under way when it was told to stop that nothing is known, and stores nothing of it", async () => {
    const stop = new AbortController();
    const ending = started(["--jobs", "1", "--runs", "stopped/runs", "tally-right", "tally-shown"], stop.signal);
    const admissions = join(home, "stopped/admissions");
    while (!existsSync(join(admissions, "logs/tally-right"))) await wait(100);
    stop.abort();
    const { exit, stdout } = await ending;
    const told = stoppedDocument.parse(JSON.parse(stdout));
    expect({
      exit,
      tasks: told.data.tasks.map(({ task, verdict }) => [task, verdict]),
      stored: await readdir(admissions),
    }).toEqual({
      exit: 130,
      tasks: [
        ["tally-right", "stopped"],
        ["tally-shown", "stopped"],
      ],
      stored: ["logs"],
    });
  });

  it("names the tasks that there are where one is unknown", async () => {
    const { exit, stderr } = await validate("tally-wrong");
    expect(stderr).toContain(
      "there is no task tally-wrong; there are tally-hack-passes, tally-met, tally-nothing-to-delete, tally-oracle-fails, tally-right, tally-shown",
    );
    expect(exit).toBe(2);
  });
});
