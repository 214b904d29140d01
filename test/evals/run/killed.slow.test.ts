import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readRows } from "../../../src/evals/run/folder/read-rows.ts";
import { readManifest, trialFolder } from "../../../src/evals/run/folder/run-folder.ts";
import { attemptFolder, attemptNumbers } from "../../../src/evals/run/folder/trial-folder.ts";
import { noNix } from "../../program/samples.ts";
import { newFolder } from "./made-run.ts";

const root = join(import.meta.dirname, "../../..");

/** Two small tasks, a model that does nothing and one that lies: real agents, real Nix, real grading. */
const RUN = [
  "evals",
  "run",
  "--tasks",
  join(root, "evals/tasks"),
  "--select",
  "id=words-package,nolock-missing",
  "--only",
  "--models",
  "nop,scripted:claims-success",
  "--cheats",
  "all",
  "--allow-unadmitted",
  "--seed",
  "seed",
  "--id",
  "run",
];

interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
}

/** Starts the program in a group of its own; kills all of it at once when `when` says so. */
function evalsRun(cwd: string, when: () => boolean = () => false): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, "src/bin.ts"), ...RUN], {
    cwd,
    env: { ...process.env, XDG_CACHE_HOME: join(cwd, "cache"), XDG_STATE_HOME: join(cwd, "state") },
    stdio: "ignore",
    detached: true,
  });
  let killed = false;
  const watch = setInterval(() => {
    if (!killed && child.pid !== undefined && when()) {
      killed = true;
      process.kill(-child.pid, "SIGKILL");
    }
  }, 20);
  return new Promise((resolve) =>
    child.on("exit", (code) => {
      clearInterval(watch);
      resolve({ code, killed });
    }),
  );
}

const verdicts = z.array(
  z.object({ key: z.string(), resolved: z.boolean(), gates: z.record(z.string(), z.object({ verdict: z.string() })) }),
);

async function saidBy(cwd: string): Promise<unknown> {
  const lines = (await readFile(join(cwd, ".crq-agent/evals/runs/run/results.jsonl"), "utf8")).trim().split("\n");
  return verdicts.parse(lines.map((line): unknown => JSON.parse(line))).map(({ key, resolved, gates }) => ({
    key,
    resolved,
    gates: Object.entries(gates).map(([gate, { verdict }]) => `${gate} ${verdict}`),
  }));
}

/** Files whose appearance tells how far the newest attempt of any trial has come. */
const STAGES = [
  ["stage", ""],
  ["agent", "cassette.jsonl"],
  ["grade", "verify"],
  ["commit", "sha256sums"],
] as const;

describe.skipIf(noNix !== undefined)("a run that is killed", () => {
  it("at staging, in the agent, in grading and at the commit, then run again, ends as one that was not", async () => {
    const [cut, whole] = [await newFolder(), await newFolder()];
    const run = join(cut, ".crq-agent/evals/runs/run");
    for (const [, file] of STAGES) {
      const before = await attemptsOf(run);
      const { killed } = await evalsRun(cut, () => fresh(run, before).some((attempt) => existsSync(join(attempt, file))));
      expect(killed).toBe(true);
    }
    const { code } = await evalsRun(cut);
    await evalsRun(whole);
    expect(await saidBy(cut)).toEqual(await saidBy(whole));
    const manifest = await readManifest(run);
    const { rows, damaged } = await readRows(run, manifest);
    expect([code, damaged, rows.map(({ key }) => key)]).toEqual([0, [], manifest.plan.map(({ key }) => key)]);
    // Every attempt that was begun is kept; each trial has one result, of its last attempt.
    expect((await attemptsOf(run)).size).toBeGreaterThanOrEqual(manifest.plan.length + STAGES.length - 1);
    for (const { key, attempt } of rows) expect(attempt).toBe(Math.max(...(await attemptNumbers(trialFolder(run, key)))));
  });
});

/** Attempts that were begun since. */
const fresh = (run: string, before: ReadonlySet<string>): readonly string[] => {
  const trials = join(run, "trials");
  if (!existsSync(trials)) return [];
  return readdirSync(trials).flatMap((name) => {
    const attempts = join(trials, name, "attempts");
    return existsSync(attempts)
      ? readdirSync(attempts)
          .map((number) => join(attempts, number))
          .filter((attempt) => !before.has(attempt))
      : [];
  });
};

async function attemptsOf(run: string): Promise<ReadonlySet<string>> {
  const trials = await readdir(join(run, "trials")).catch(() => []);
  const all = await Promise.all(
    trials.map(async (name) => {
      const folder = join(run, "trials", name);
      return (await attemptNumbers(folder)).map((number) => attemptFolder(folder, number));
    }),
  );
  return new Set(all.flat());
}
