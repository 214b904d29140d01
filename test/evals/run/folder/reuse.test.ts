import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TrialRow } from "../../../../src/evals/results/trial-row.ts";
import { sealEvidence } from "../../../../src/evals/run/folder/evidence.ts";
import { readRows } from "../../../../src/evals/run/folder/read-rows.ts";
import { reuseTrial } from "../../../../src/evals/run/folder/reuse.ts";
import { makeTrialFolder } from "../../../../src/evals/run/folder/run-folder.ts";
import { commitRow, openAttempt } from "../../../../src/evals/run/folder/trial-folder.ts";
import { madeRun } from "../../results/sample-run.ts";
import { madeManifest, newFolder } from "../made-run.ts";

const manifest = madeManifest();
const [planned] = manifest.plan;
const [sample] = madeRun([{ alias: "rules", chance: () => 1 }], 1, 1, 1).rows;

/** A run with one committed trial. */
async function committed(more: Partial<TrialRow>): Promise<string> {
  if (!planned || !sample) throw new Error("there is no trial");
  const run = await newFolder();
  await mkdir(join(run, "trials"));
  const folder = await makeTrialFolder(run, planned.key);
  const attempt = await openAttempt(folder);
  await writeFile(join(attempt.folder, "patch.diff"), "");
  const { key, task, taskHash, model, repeat } = planned;
  const evidence = await sealEvidence(attempt.folder);
  const row = { ...sample, key, task, taskHash, model, repeat, attempt: 1, sha256: { ...sample.sha256, evidence }, ...more };
  await commitRow(folder, row);
  return run;
}

const reused = async (more: Partial<TrialRow>): Promise<boolean> => {
  if (!planned) throw new Error("there is no trial");
  const run = await newFolder();
  await mkdir(join(run, "trials"));
  return (await reuseTrial(run, manifest, planned, [await committed(more)])) !== undefined;
};

test("what was decided by the day's load, or by another trial, is not taken over", async () => {
  expect([
    await reused({}),
    await reused({ outcome: "limit:wall" }),
    await reused({ model: "other" }),
    await reused({ task: "other" }),
  ]).toEqual([true, false, false, false]);
});

test("a row that names another model than its trial counts for neither", async () => {
  const { rows, damaged } = await readRows(await committed({ model: "other" }), manifest);
  expect({ rows, damaged: damaged.map((one) => one.replace(/^.*: holds/u, "holds")) }).toEqual({
    rows: [],
    damaged: [`holds the result of another trial (model is other, and ${planned?.model} was planned)`],
  });
});
