import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { TrialRow } from "../../../../src/evals/results/trial-row.ts";
import { alteredEvidence, sealEvidence } from "../../../../src/evals/run/folder/evidence.ts";
import {
  attemptFolder,
  attemptNumbers,
  commitRow,
  commitSteps,
  openAttempt,
  readInfraRows,
  readRow,
  recordInfra,
  sweep,
} from "../../../../src/evals/run/folder/trial-folder.ts";
import { madeRun } from "../../results/sample-run.ts";

const [SAMPLE] = madeRun([{ alias: "a", chance: () => 1 }], 1, 1, 1).rows;

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crq-trial-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An attempt with one file of evidence, and its row. */
async function attemptOf(folder: string): Promise<TrialRow> {
  if (!SAMPLE) throw new Error("no sample row");
  const attempt = await openAttempt(folder);
  await writeFile(join(attempt.folder, "patch.diff"), `attempt ${attempt.number}\n`);
  const evidence = await sealEvidence(attempt.folder);
  return { ...SAMPLE, attempt: attempt.number, sha256: { ...SAMPLE.sha256, evidence } };
}

describe("a trial's folder", () => {
  it("gives the trial to the first row, and keeps a later one aside", async () => {
    const folder = await newFolder();
    const [first, second] = [await attemptOf(folder), await attemptOf(folder)];
    expect([first.attempt, second.attempt]).toEqual([1, 2]);
    expect(await commitRow(folder, second)).toEqual({ kind: "committed" });
    const late = await commitRow(folder, first);
    expect(late).toEqual({ kind: "superseded", file: join(folder, "superseded", "01.json") });
    expect(readRow(folder)).toMatchObject({ kind: "row", row: { attempt: 2 } });
    expect((await readdir(folder)).sort()).toEqual(["attempts", "superseded", "trial.json"]);
  });

  it("takes the same row twice as one", async () => {
    const folder = await newFolder();
    const row = await attemptOf(folder);
    expect([await commitRow(folder, row), await commitRow(folder, row)]).toEqual([{ kind: "committed" }, { kind: "committed" }]);
    expect((await readdir(folder)).sort()).toEqual(["attempts", "trial.json"]);
  });

  it("gives two attempts that begin at once two folders", async () => {
    const folder = await newFolder();
    const attempts = await Promise.all(Array.from({ length: 8 }, () => openAttempt(folder)));
    expect(attempts.map(({ number }) => number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("keeps an attempt that failed for infrastructure as an attempt, not as a result", async () => {
    const folder = await newFolder();
    const row = await attemptOf(folder);
    await recordInfra(folder, { ...row, infra: { class: "mirror", detail: "went away" } });
    expect(readRow(folder)).toEqual({ kind: "none" });
    expect((await readInfraRows(folder)).map(({ attempt, infra }) => [attempt, infra?.class])).toEqual([[1, "mirror"]]);
  });

  it("names what was changed, added or taken away since the commit", async () => {
    const folder = await newFolder();
    const row = await attemptOf(folder);
    await commitRow(folder, row);
    const attempt = attemptFolder(folder, 1);
    const altered = () => alteredEvidence(attempt, row.sha256.evidence);
    expect(await altered()).toEqual([]);
    await writeFile(join(attempt, "patch.diff"), "another\n");
    expect(await altered()).toEqual([`${join(attempt, "patch.diff")} was changed`]);
    await rm(join(attempt, "patch.diff"));
    expect(await altered()).toEqual([`${join(attempt, "patch.diff")} is missing`]);
    await writeFile(join(attempt, "patch.diff"), "attempt 1\n");
    await writeFile(join(attempt, "more"), "");
    expect(await altered()).toEqual([`${join(attempt, "more")} was added`]);
    await rm(join(attempt, "more"));
    await writeFile(join(attempt, "sha256sums"), "");
    expect(await altered()).toEqual([`${join(attempt, "sha256sums")} is not the list that the trial was committed with`]);
  });

  it("does not use a row that was edited or cut off", async () => {
    const folder = await newFolder();
    await commitRow(folder, { ...(await attemptOf(folder)), resolved: false });
    const file = join(folder, "trial.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"resolved": false', '"resolved": true'));
    expect(readRow(folder)).toEqual({ kind: "damaged", problem: `${file} was changed after it was committed` });
    await writeFile(file, text.slice(0, 40));
    expect(readRow(folder)).toMatchObject({ kind: "damaged" });
  });

  it("has one result, whole, wherever the processes that worked on it were killed", async () => {
    const steps = fc.integer({ min: 0, max: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 4 }), async (deaths) => {
        const folder = await mkdtemp(join(tmpdir(), "crq-trial-"));
        try {
          for (const died of deaths) {
            // As `run` does: what is done is not done again.
            if (readRow(folder).kind === "row") break;
            if (died === 0) {
              await openAttempt(folder);
              continue;
            }
            const commit = commitSteps(folder, await attemptOf(folder));
            for (let step = 1; step < died; step++) await commit.next();
          }
          if (readRow(folder).kind === "none") await commitRow(folder, await attemptOf(folder));
          await sweep(folder);
          const found = readRow(folder);
          if (found.kind !== "row") throw new Error(found.kind);
          const { row } = found;
          expect(alteredEvidence(attemptFolder(folder, row.attempt), row.sha256.evidence)).toEqual([]);
          expect((await readdir(folder)).sort()).toEqual(["attempts", "trial.json"]);
          // Every attempt is kept, and the result is that of the last one begun.
          expect(row.attempt).toBe((await attemptNumbers(folder)).length);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 25 },
    );
  });
});
