import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EvidenceCheck } from "../../../../src/evals/run/folder/check-evidence.ts";
import { sealEvidence } from "../../../../src/evals/run/folder/evidence.ts";
import { newFolder } from "../made-run.ts";

const ATTEMPTS = 300;

it.each([
  ["alone", ATTEMPTS, false],
  ["with a second thread", 1_000, false],
  ["with one that is gone", 1_000, true],
])("finds what was altered in whichever attempt, %s", async (_, count, gone) => {
  const folder = await newFolder();
  const attempts = await Promise.all(
    Array.from({ length: ATTEMPTS }, async (_, at) => {
      const attempt = join(folder, `${at}`);
      await mkdir(attempt);
      await writeFile(join(attempt, "patch.diff"), `${at}\n`);
      return { folder: attempt, expected: await sealEvidence(attempt) };
    }),
  );
  const altered = new Set([0, 63, 64, 150, 299]);
  for (const at of altered) await writeFile(join(folder, `${at}`, "patch.diff"), "forged\n");
  const check = new EvidenceCheck(count);
  if (gone) await check.close();
  const numbers = attempts.map((attempt) => check.add(attempt));
  const found = await check.end();
  await check.close();
  expect(numbers.map((number) => found[number])).toEqual(
    attempts.map(({ folder: attempt }, at) => (altered.has(at) ? [`${join(attempt, "patch.diff")} was changed`] : [])),
  );
});
