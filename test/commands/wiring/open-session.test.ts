import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSession } from "../../../src/commands/wiring/open-session.ts";
import { readConfig } from "../../../src/config.ts";
import { recordingUi } from "../../../src/ui/output.ts";
import { writeFiles } from "../../program/place.ts";
import { contextIn, ownFolder, projectIn } from "../in-process.ts";

it("closes what it opened where no journal can be written: a served world would keep the program from ending", async () => {
  const folder = await ownFolder();
  const root = await projectIn(folder, { "README.md": "# note\n" });
  await writeFiles(folder, { state: "no folder\n" });
  const options = { verb: "verify", root, model: "none", world: undefined, limits: {}, maxOutputTokens: 1, request: {} };
  await expect(
    openSession(contextIn(folder), recordingUi(), { ...options, config: await readConfig(root) }),
  ).rejects.toMatchObject({ code: "ENOTDIR" });
  expect(await readdir(join(folder, "cache", "scratch"))).toEqual([]);
});
