import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeRuns } from "../../../src/evals/run/derived/merge.ts";
import { writeReport } from "../../../src/evals/run/derived/write-report.ts";
import { executeRun } from "../../../src/evals/run/execute.ts";
import { readRows } from "../../../src/evals/run/folder/read-rows.ts";
import { makeTrialFolder, trialFolder } from "../../../src/evals/run/folder/run-folder.ts";
import { openAttempt } from "../../../src/evals/run/folder/trial-folder.ts";
import type { Manifest, PlannedTrial } from "../../../src/evals/run/manifest.ts";
import { settle } from "../../../src/evals/run/schedule/run-trial.ts";
import { madeAttempt, madeExecution, madeManifest, newFolder } from "./made-run.ts";

const keys = (trials: readonly { readonly key: string }[]): readonly string[] => trials.map(({ key }) => key).sort();

/** What a run says, without where and when. */
async function saidBy(folder: string): Promise<unknown> {
  const summary: unknown = JSON.parse(await readFile(join(folder, "summary.json"), "utf8"));
  if (typeof summary !== "object" || summary === null) throw new Error("no summary");
  return { ...summary, run: "", watermarks: [] };
}

describe("a run", () => {
  it("carries every planned trial out once, and nothing when it is run again", async () => {
    const folder = await newFolder();
    const begun: PlannedTrial[] = [];
    const { manifest, end, report, damaged } = await executeRun(madeExecution(folder, () => madeManifest(), { begun }));
    expect([end.why, report.summary.complete, damaged]).toEqual(["finished", true, []]);
    expect(keys(begun)).toEqual(keys(manifest.plan));
    await executeRun(madeExecution(folder, (before) => madeManifest({}, before), { begun }));
    expect(begun).toHaveLength(manifest.plan.length);
    expect((await readdir(folder)).sort()).toEqual([
      "junit.xml",
      "manifest.json",
      "report.html",
      "report.md",
      "results.csv",
      "results.jsonl",
      "summary.json",
      "trials",
    ]);
  });

  it("goes on where it was interrupted, and says what the uninterrupted run says", async () => {
    const [folder, whole] = [await newFolder(), await newFolder()];
    const stop = new AbortController();
    const begun: PlannedTrial[] = [];
    const first = await executeRun(
      madeExecution(folder, () => madeManifest(), { begun, stop: stop.signal, onRow: () => stop.abort() }),
    );
    expect([first.end.why, first.report.summary.complete]).toEqual(["interrupted", false]);
    expect(first.report.summary.pairs.every(({ p }) => p === undefined)).toBe(true);
    const { manifest } = await executeRun(madeExecution(folder, (before) => madeManifest({}, before), { begun }));
    await executeRun(madeExecution(whole, () => madeManifest()));
    expect(keys(begun)).toEqual(keys(manifest.plan));
    expect(await saidBy(folder)).toEqual(await saidBy(whole));
  });

  it("adds repeats to a run that is there, and leaves its trials alone", async () => {
    const folder = await newFolder();
    const before: PlannedTrial[] = [];
    const after: PlannedTrial[] = [];
    await executeRun(madeExecution(folder, () => madeManifest({ repeats: 1 }), { begun: before }));
    const { manifest } = await executeRun(
      madeExecution(folder, (found) => madeManifest({ repeats: 3 }, found), { begun: after }),
    );
    expect([...new Set(after.map(({ model }) => model))]).toEqual(["real"]);
    expect(keys([...before, ...after])).toEqual(keys(manifest.plan));
  });

  it("refuses to go on with another Nix, and names it", async () => {
    const folder = await newFolder();
    await executeRun(madeExecution(folder, () => madeManifest()));
    await expect(executeRun(madeExecution(folder, (before) => madeManifest({ nix: "2.34.0" }, before)))).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining("Nix: 2.26.3 and 2.34.0"),
    });
  });

  it("lets no second process in", async () => {
    const folder = await newFolder();
    let second: unknown;
    const options = madeExecution(folder, () => madeManifest());
    await executeRun({
      ...options,
      start: (manifest) => {
        const start = options.start(manifest);
        return async (trial) => {
          second ??= await executeRun(madeExecution(folder, () => madeManifest())).catch((error: unknown) => error);
          return await start(trial);
        };
      },
    });
    expect(second).toMatchObject({ exit: 2, message: expect.stringMatching(/this run is in use by process \d+/u) });
  });

  it("does not go on over a result that somebody changed", async () => {
    const folder = await newFolder();
    const { manifest } = await executeRun(madeExecution(folder, () => madeManifest()));
    const [trial] = manifest.plan;
    if (!trial) throw new Error("no trial");
    const file = join(trialFolder(folder, trial.key), "trial.json");
    await writeFile(file, (await readFile(file, "utf8")).replace('"resolved": true', '"resolved": false'));
    await expect(executeRun(madeExecution(folder, (before) => madeManifest({}, before)))).rejects.toMatchObject({ exit: 6 });
    const { rows, damaged } = await readRows(folder, manifest);
    expect([rows.length, damaged]).toEqual([manifest.plan.length - 1, [`${file} was changed after it was committed`]]);
  });

  it("counts what failed for infrastructure as missing, not as failed, and tries it again when asked to", async () => {
    const folder = await newFolder();
    const failing = (begun: PlannedTrial[], more: { readonly retryInfra: boolean; readonly heals: boolean }) => {
      const options = madeExecution(folder, (before) => madeManifest({}, before), { retryInfra: more.retryInfra });
      return executeRun({
        ...options,
        start: (manifest) => async (trial) => {
          begun.push(trial);
          const fails = trial.model === "real" && trial.task === "task-00" && !more.heals;
          const row = await madeAttempt(
            folder,
            manifest,
            trial,
            fails ? { infra: { class: "mirror", detail: "went away" }, resolved: false } : {},
          );
          return await settle(folder, row);
        },
      });
    };
    const [first, second, third]: PlannedTrial[][] = [[], [], []];
    const { report } = await failing(first ?? [], { retryInfra: false, heals: false });
    const real = report.summary.models.find(({ model }) => model === "real");
    expect([real?.missing, real?.trials, real?.resolved?.estimate, real?.resolved?.bounds]).toEqual([
      2,
      4,
      1,
      { low: 2 / 3, high: 1 },
    ]);
    expect(report.summary.noRanking).toContain("missing");
    // Two trials, three attempts each.
    expect(first?.filter(({ model, task }) => model === "real" && task === "task-00")).toHaveLength(6);
    await failing(second ?? [], { retryInfra: false, heals: true });
    expect(second).toEqual([]);
    const healed = await failing(third ?? [], { retryInfra: true, heals: true });
    expect([third?.length, healed.report.summary.complete, healed.report.summary.noRanking]).toEqual([2, true, undefined]);
  });

  it("begins nothing where attempts that were killed have spent the money, also those that were cut off within a request", async () => {
    const folder = await newFolder();
    const stop = new AbortController();
    stop.abort();
    const { manifest } = await executeRun(madeExecution(folder, () => madeManifest(), { stop: stop.signal }));
    const trial = manifest.plan.find(({ model }) => model === "real");
    const attempt = await openAttempt(await makeTrialFolder(folder, trial?.key ?? ""));
    const hash = `sha256:${"0".repeat(64)}`;
    const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, usd: 3 };
    const message = { role: "assistant", text: "", calls: [], usage, stop: "end", model: "m" };
    const events = [
      { seq: 1, at: 1, type: "ask", turn: 1, hash },
      { seq: 2, at: 1, type: "reply", turn: 1, hash, ms: 1, message },
      { seq: 3, at: 1, type: "ask", turn: 2, hash },
    ];
    await writeFile(join(attempt.folder, "cassette.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    const begun: PlannedTrial[] = [];
    const { end } = await executeRun(madeExecution(folder, (before) => madeManifest({}, before), { begun, maxUsd: 2 }));
    expect([end.why, end.spentUsd, begun]).toEqual(["cap", 3, []]);
  });

  it("takes trials of models that always do the same from an earlier run, and no others", async () => {
    const runs = await newFolder();
    const begun: PlannedTrial[] = [];
    await executeRun(madeExecution(join(runs, "one"), () => madeManifest({ run: "one" }), { runs }));
    const { reused, manifest } = await executeRun(
      madeExecution(join(runs, "two"), () => madeManifest({ run: "two" }), { runs, begun }),
    );
    expect([reused, [...new Set(begun.map(({ model }) => model))]]).toEqual([6, ["real"]]);
    const { rows, damaged } = await readRows(join(runs, "two"), manifest);
    expect(damaged).toEqual([]);
    expect(rows.filter(({ model }) => model !== "real").map(({ run, reusedFrom }) => [run, reusedFrom])).toEqual(
      Array.from({ length: 6 }, () => ["two", "one"]),
    );
  });
});

describe("shards", () => {
  const shardManifest = (index: number): Manifest => madeManifest({ run: `shard-${index}`, shard: { index, of: 4 } });

  async function ranShards(): Promise<readonly string[]> {
    const folders = await Promise.all([1, 2, 3, 4].map(() => newFolder()));
    for (const [at, folder] of folders.entries()) await executeRun(madeExecution(folder, () => shardManifest(at + 1)));
    return folders;
  }

  it("merge into what a single run says", async () => {
    const [out, whole] = [join(await newFolder(), "merged"), await newFolder()];
    const { manifest, twice } = await mergeRuns(await ranShards(), out);
    await executeRun(madeExecution(whole, () => madeManifest()));
    const { rows, damaged } = await readRows(out, manifest);
    await writeReport(out, manifest.facts, rows);
    expect([damaged, twice, keys(rows)]).toEqual([[], [], keys(manifest.plan)]);
    expect(await saidBy(out)).toEqual(await saidBy(whole));
  });

  it("are all needed, of one plan, and unaltered", async () => {
    const [one = "", two = "", three = "", four = ""] = await ranShards();
    const out = join(await newFolder(), "merged");
    await expect(mergeRuns([one, two, four], out)).rejects.toMatchObject({ exit: 3, message: "shards are missing: 3/4" });
    const other = await newFolder();
    await executeRun(madeExecution(other, () => madeManifest({ tasks: 4, shard: { index: 3, of: 4 } })));
    await expect(mergeRuns([one, two, other, four], out)).rejects.toMatchObject({ exit: 2 });
    const { manifest, report } = await executeRun(madeExecution(three, () => shardManifest(3)));
    expect(report.summary.complete).toBe(true);
    const trial = manifest.plan.find(({ block }) => block % 4 === 2);
    await writeFile(join(trialFolder(three, trial?.key ?? ""), "attempts", "01", "patch.diff"), "another\n");
    await expect(mergeRuns([one, two, three, four], out)).rejects.toMatchObject({ exit: 6 });
  });

  it("keep the earlier of two results of one trial", async () => {
    const [early, late] = [await newFolder(), await newFolder()];
    for (const [folder, finishedAt] of [
      [late, "2026-11-27T13:00:00Z"],
      [early, "2026-11-27T12:30:00Z"],
    ] as const) {
      await executeRun({
        ...madeExecution(folder, () => madeManifest({ run: folder.slice(-6) })),
        start: (manifest) => async (trial) => await settle(folder, await madeAttempt(folder, manifest, trial, { finishedAt })),
      });
    }
    const out = join(await newFolder(), "merged");
    const { manifest, twice } = await mergeRuns([late, early], out);
    expect(twice).toHaveLength(manifest.plan.length);
    expect(twice.every(({ different }) => !different)).toBe(true);
    const { rows } = await readRows(out, manifest);
    expect(new Set(rows.map(({ finishedAt }) => finishedAt))).toEqual(new Set(["2026-11-27T12:30:00Z"]));
  });
});
