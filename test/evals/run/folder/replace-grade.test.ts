import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshLogs, replaceGrade } from "../../../../src/evals/run/derived/regrade.ts";
import { replaceFile } from "../../../../src/evals/run/folder/durable.ts";
import { addEvidence, alteredEvidence, ROW_SUMS_FILE, SUMS_FILE } from "../../../../src/evals/run/folder/evidence.ts";
import { readRows } from "../../../../src/evals/run/folder/read-rows.ts";
import { trialFolder } from "../../../../src/evals/run/folder/run-folder.ts";
import { attemptFolder } from "../../../../src/evals/run/folder/trial-folder.ts";
import { newFolder } from "../made-run.ts";
import { storedRun } from "../stored-run.ts";

it("puts a new grade in the place of the old one, keeps that, and the evidence of both is whole", async () => {
  const runs = await newFolder();
  const { folder: run, manifest } = await storedRun({
    runs,
    id: "made",
    models: [{ alias: "a", chance: () => 1 }],
    clusters: 1,
    repeats: 1,
  });
  const [old] = (await readRows(run, manifest)).rows;
  if (!old) throw new Error("no row was stored");
  const folder = trialFolder(run, old.key);
  const attempt = attemptFolder(folder, old.attempt);
  const logs = await freshLogs(attempt);
  await mkdir(logs);
  await writeFile(join(logs, "golden.log"), "another output\n");
  const fails = { verdict: "fail", ms: 2, detail: "stdout differs", log: "verify-2/golden.log" } as const;
  const now = await replaceGrade(
    folder,
    old,
    { resolved: false, stage: "builds", gates: { golden: fails }, hack: null, suspicions: [] },
    50,
  );

  expect(now).toEqual({
    ...old,
    resolved: false,
    stage: "builds",
    gates: { golden: fails },
    time: { ...old.time, gradeMs: 50 },
    sha256: { ...old.sha256, evidence: now.sha256.evidence },
  });
  expect(await readRows(run, manifest)).toEqual({ rows: [now], damaged: [] });
  expect(JSON.parse(await readFile(join(folder, `trial.${old.gateVersion}.json`), "utf8"))).toEqual(old);

  await writeFile(join(logs, "golden.log"), "forged\n");
  expect(await readRows(run, manifest)).toEqual({ rows: [], damaged: [`${join(logs, "golden.log")} was changed`] });
});

it("takes what a grading left half written when it was killed for nothing, and anything else for added", async () => {
  const { folder: run, manifest } = await storedRun({
    runs: await newFolder(),
    id: "made",
    models: [{ alias: "a", chance: () => 1 }],
    clusters: 1,
    repeats: 1,
  });
  const attempt = attemptFolder(trialFolder(run, manifest.plan[0]?.key ?? ""), 1);
  for (const name of [SUMS_FILE, ROW_SUMS_FILE]) await writeFile(join(attempt, `${name}.4711.0a1b2c3d.unfinished`), "half a li");
  expect((await readRows(run, manifest)).damaged).toEqual([]);
  const again = await addEvidence(attempt);
  expect((await readRows(run, manifest)).damaged).toEqual([]);
  expect(alteredEvidence(attempt, again)).toEqual([]);
  const other = join(attempt, "notes.4711.0a1b2c3d.unfinished");
  await writeFile(other, "");
  expect((await readRows(run, manifest)).damaged).toEqual([`${other} was added`]);
});

it("leaves no half of a file where it could not be put in its place", async () => {
  const folder = await newFolder();
  await mkdir(join(folder, "taken", "below"), { recursive: true });
  await expect(replaceFile(join(folder, "taken"), "text")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken"]);
});
