import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkWorld } from "../../../src/world/check.ts";
import { WorldError } from "../../../src/world/problem.ts";
import { beginRecording } from "../../../src/world/record/begin.ts";
import { temporaryFolder } from "../tree.ts";

const DATE = "2026-11-28";

test("a new folder becomes an empty world, named after itself", async () => {
  const folder = join(await temporaryFolder(), "My Own_World");
  await beginRecording(folder, { date: DATE });
  expect(await readFile(join(folder, "world.toml"), "utf8")).toBe('name = "my-own-world"\ndate = 2026-11-28\n');
  expect((await checkWorld(folder)).problems).toEqual([]);
});

test("a world goes on as it is", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "world.toml"), 'name = "old"\ndate = 2020-01-01\n');
  await beginRecording(folder, { name: "new", date: DATE });
  expect(await readFile(join(folder, "world.toml"), "utf8")).toContain('name = "old"');
});

test("a folder with other things in it, or a file, is refused", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "letter.txt"), "");
  await expect(beginRecording(folder, { date: DATE })).rejects.toThrow(WorldError);
  await expect(beginRecording(join(folder, "letter.txt"), { date: DATE })).rejects.toThrow(WorldError);
});
