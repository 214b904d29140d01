import { spawnSync } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openScratch } from "../../../../src/evals/run/folder/scratch.ts";
import { newFolder } from "../made-run.ts";

const MODULE = join(import.meta.dirname, "../../../../src/evals/run/folder/scratch.ts");

it("takes away what a killed process left, and nothing of a living one", async () => {
  const parent = join(await newFolder(), "work");
  const script = `
    const { openScratch } = await import(${JSON.stringify(MODULE)});
    const scratch = await openScratch(${JSON.stringify(parent)});
    await scratch.open("trial");
    process.kill(process.pid, "SIGKILL");`;
  expect(spawnSync(process.execPath, ["--input-type=module", "--eval", script]).signal).toBe("SIGKILL");
  const abandoned = await readdir(parent);
  expect(abandoned).toHaveLength(1);

  const living = await openScratch(parent);
  const trial = await living.open("trial");
  await writeFile(join(trial.folder, "file"), "kept\n");
  await mkdir(join(parent, "other"));
  const later = await openScratch(parent);

  expect(await readdir(trial.folder)).toEqual(["file"]);
  expect(await readdir(parent)).toHaveLength(3);
  expect(await readdir(parent)).not.toContain(abandoned[0]);
  await Promise.all([living.close(), later.close()]);
  expect(await readdir(parent)).toEqual(["other"]);
});
