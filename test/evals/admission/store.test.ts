import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Admission } from "../../../src/evals/admission/admission.ts";
import { type AdmissionKey, readAdmission, writeAdmission } from "../../../src/evals/admission/store.ts";

const KEY: AdmissionKey = { taskHash: "aa", worldHash: "bb", toolchain: "cc", gateVersion: 1, nix: "2.26.3" };
const WHOLE: Admission = {
  schema: "crq-admission/1",
  task: "t",
  taskHash: "aa",
  admitted: true,
  rounds: 3,
  problems: [],
  seconds: 1,
};

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "crq-admissions-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return join(made, "admissions");
}

it("holds an admission for the very form that was looked at", async () => {
  const place = await folder();
  await writeAdmission(place, KEY, WHOLE);
  expect(await readAdmission(place, KEY)).toEqual(WHOLE);
  const others: readonly AdmissionKey[] = [
    { ...KEY, taskHash: "ab" },
    { ...KEY, worldHash: "bc" },
    { ...KEY, toolchain: "cd" },
    { ...KEY, gateVersion: 2 },
    { ...KEY, nix: "2.34.0" },
  ];
  expect(await Promise.all(others.map((key) => readAdmission(place, key)))).toEqual(others.map(() => undefined));
});

it("keeps a whole look against a quick one that says the same, and takes one that says otherwise", async () => {
  const place = await folder();
  const refused: Admission = {
    ...WHOLE,
    admitted: false,
    rounds: 1,
    problems: [{ subject: "nop", rule: "resolved", detail: "x" }],
  };
  await writeAdmission(place, KEY, WHOLE);
  await writeAdmission(place, KEY, { ...WHOLE, rounds: 1 });
  expect((await readAdmission(place, KEY))?.rounds).toBe(3);
  await writeAdmission(place, KEY, refused);
  expect(await readAdmission(place, KEY)).toEqual(refused);
});

it("lets no quick look admit what a whole one has refused: it does not see all that the whole one sees", async () => {
  const place = await folder();
  const slow: Admission = {
    ...WHOLE,
    admitted: false,
    problems: [{ subject: "solution", rule: "limits", detail: "needs 700 s, a third of wall-s are 600 s" }],
  };
  await writeAdmission(place, KEY, slow);
  await writeAdmission(place, KEY, { ...WHOLE, rounds: 1 });
  expect(await readAdmission(place, KEY)).toEqual(slow);
  await writeAdmission(place, KEY, WHOLE);
  expect(await readAdmission(place, KEY)).toEqual(WHOLE);
});

it("takes a damaged file for none", async () => {
  const place = await folder();
  await writeAdmission(place, KEY, WHOLE);
  const [name = ""] = await readdir(place);
  await writeFile(join(place, name), "{");
  expect(await readAdmission(place, KEY)).toBeUndefined();
});
