import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { connectQueue, type QueueError } from "../../../src/evals/queue/connect.ts";
import { dispatch } from "../../../src/evals/queue/dispatch.ts";
import type { TrialRow } from "../../../src/evals/results/trial-row.ts";
import { type Executed, executeRun } from "../../../src/evals/run/execute.ts";
import { readRows } from "../../../src/evals/run/folder/read-rows.ts";
import { trialFolder, writeManifest } from "../../../src/evals/run/folder/run-folder.ts";
import { settle } from "../../../src/evals/run/schedule/run-trial.ts";
import { SAMPLE, tasksOnDisk } from "../task/sample-task.ts";
import { type MadeRunPlace, madeCarryOut, madeManifest } from "./made-run.ts";
import { makePostgres, noPostgres, type Postgres } from "./postgres.ts";

/** The queue on a real PostgreSQL: Debian's, brought by the tests' set-up. */

const AGENT_MS = 1_500;

describe.skipIf(noPostgres !== undefined)("a run by a queue", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await makePostgres();
  }, 60_000);
  afterAll(() => postgres?.remove());

  test("three workers, one killed in the middle of a trial, give the rows of a single process", async () => {
    const place = await runPlace("together");
    const alone = await runPlace("alone", place.tasks);
    const single = await executeRun({ ...common(alone), start: starter(alone, 1) });
    expect(single.end).toMatchObject({ why: "finished" });
    // Workers read it: it stands before the first of them begins.
    await writeManifest(place.folder, await madeManifest(place));
    const workers = await Promise.all([1, 2, 3].map(() => startWorker(postgres.url, place)));
    const [victim, ...others] = workers;
    const running = byQueue(postgres, place);
    const killed = victim?.began.then(() => victim.child.kill("SIGKILL"));
    const done = await running;
    await killed;
    await Promise.all(others.map(({ ended }) => ended));
    expect({ end: done.end.why, damaged: done.damaged, killed: await victim?.ended }).toEqual({
      end: "finished",
      damaged: [],
      killed: "SIGKILL",
    });
    const [rows, expected] = [await rowsOf(place, done), await rowsOf(alone, single)];
    expect(rows.map(comparable)).toEqual(expected.map(comparable));
    // The attempt that was killed is kept, and its trial was done once more.
    const again = rows.filter(({ attempt }) => attempt > 1);
    expect(again).toHaveLength(1);
    expect(await readdir(join(trialFolder(place.folder, again[0]?.key ?? ""), "attempts"))).toEqual(["01", "02"]);
  }, 240_000);

  test("an orchestrator that comes back takes what was done without it, and sends nothing twice", async () => {
    const place = await runPlace("resumed");
    await writeManifest(place.folder, await madeManifest(place));
    const worker = await startWorker(postgres.url, place);
    const stop = new AbortController();
    const first = byQueue(postgres, place, stop.signal);
    await worker.began;
    stop.abort();
    expect((await first).end.why).toBe("interrupted");
    const again = await startWorker(postgres.url, place);
    const done = await byQueue(postgres, place);
    await Promise.all([worker.ended, again.ended]);
    const rows = await rowsOf(place, done);
    expect({ why: done.end.why, rows: rows.length, attempts: rows.map(({ attempt }) => attempt) }).toEqual({
      why: "finished",
      rows: 8,
      attempts: Array.from({ length: 8 }, () => 1),
    });
  }, 120_000);

  test("a database that is gone is waited for, and given up with exit 3", async () => {
    const lost = await makePostgres();
    await lost.stop();
    const said: string[] = [];
    const never = connectQueue(lost.url, {
      signal: new AbortController().signal,
      onTrouble: (text) => void said.push(text),
      waits: [10, 20],
    });
    await expect(never).rejects.toMatchObject({ name: "QueueError", exit: 3 } satisfies Partial<QueueError>);
    expect(said.filter((text) => text.includes("trying again"))).toHaveLength(2);
    await lost.start();
    const boss = await connectQueue(lost.url, { signal: new AbortController().signal, onTrouble: () => undefined });
    await boss.stop({ graceful: false });
    await lost.remove();
  }, 60_000);
});

test.each(["mysql://u@h/d", "postgres//x", "", "host:5432"])("%s is no address of a queue", async (url) => {
  const opened = connectQueue(url, { signal: new AbortController().signal, onTrouble: () => undefined });
  await expect(opened).rejects.toMatchObject({ name: "QueueError", exit: 2 });
});

async function runPlace(run: string, given?: string): Promise<MadeRunPlace & { readonly runs: string }> {
  const runs = await mkdtemp(join(tmpdir(), "crq-queue-"));
  onTestFinished(() => rm(runs, { recursive: true, force: true, maxRetries: 3 }));
  const folder = join(runs, run);
  await mkdir(folder);
  const tasks = given ?? (await tasksOnDisk(Object.fromEntries(["count-words", "count-lines"].map((id) => [id, taskNamed(id)]))));
  return { tasks, run, folder, runs, scratch: join(runs, "scratch") };
}

const taskNamed = (id: string): Readonly<Record<string, string | undefined>> => ({
  ...SAMPLE,
  "task.toml": SAMPLE["task.toml"]?.replace("count-words", id),
});

const common = (place: MadeRunPlace) => ({
  folder: place.folder,
  plan: (before: Parameters<typeof madeManifest>[1]) => madeManifest(place, before),
  room: () => ({ cpus: 8, freeMb: 64_000, totalMb: 64_000 }),
  retryInfra: false,
  stop: new AbortController().signal,
});

const starter =
  (place: MadeRunPlace, ms: number): Parameters<typeof executeRun>[0]["start"] =>
  (manifest) =>
  async (trial) => {
    const carryOut = await madeCarryOut(place, manifest, ms);
    return await settle(place.folder, await carryOut(trial));
  };

async function byQueue({ url }: Postgres, place: MadeRunPlace, stop = new AbortController().signal): Promise<Executed> {
  const onTrouble = (): void => undefined;
  const boss = await connectQueue(url, { signal: stop, onTrouble });
  try {
    return await executeRun({
      ...common(place),
      stop,
      start: () => () => Promise.reject(new Error("a queue's orchestrator does no trial itself")),
      dispatch: (manifest, work) =>
        dispatch({
          ...work,
          boss,
          run: manifest.facts.run,
          wallSeconds: () => 60,
          heartbeatSeconds: 10,
          onTrouble,
          commit: async (row) => void (await settle(place.folder, row)),
        }),
    });
  } finally {
    await boss.stop({ graceful: false });
  }
}

interface Worker {
  readonly child: ChildProcess;
  /** Its first trial. */
  readonly began: Promise<string>;
  readonly ended: Promise<number | string | null>;
}

async function startWorker(url: string, place: MadeRunPlace & { readonly runs: string }): Promise<Worker> {
  const script = join(import.meta.dirname, "worker.ts");
  const child = spawn(process.execPath, [script, url, place.tasks, place.run, place.runs, String(AGENT_MS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<number | string | null>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code));
  });
  const began = new Promise<string>((resolve, reject) => {
    let said = "";
    child.once("exit", () => reject(new Error(`the worker began nothing: ${said}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, key] = /^began (\w+)$/mu.exec(said) ?? [];
      if (key !== undefined) resolve(key);
    });
  });
  // Of a worker that found nothing left to do nobody asks it.
  began.catch(() => undefined);
  return { child, began, ended };
}

async function rowsOf({ folder }: MadeRunPlace, { manifest }: Executed): Promise<readonly TrialRow[]> {
  return (await readRows(folder, manifest)).rows;
}

/** Without what may differ: where and when it was done, and at which attempt. */
function comparable({
  run: _run,
  host: _host,
  attempt: _attempt,
  startedAt: _at,
  finishedAt: _to,
  time: _time,
  sha256,
  ...row
}: TrialRow) {
  return { ...row, patch: sha256.patch };
}
