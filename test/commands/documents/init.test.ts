import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { init } from "../../../src/commands/documents/init/init.ts";
import { recordingUi } from "../../../src/ui/output.ts";
import { contextIn, ownFolder, projectIn } from "../in-process.ts";

it("makes nothing where its settings would come to lie outside of the repository, as it says", async () => {
  const folder = await ownFolder();
  const repo = await projectIn(folder, { "README.md": "# note\n" });
  await symlink("../elsewhere.toml", join(repo, "crq-agent.toml"));
  await expect(init(contextIn(folder), recordingUi(), { repo })).rejects.toMatchObject({
    code: "not-written",
    message: expect.stringMatching(
      /^crq-agent\.toml: is or lies behind a link that leaves the repository .*; nothing was made$/u,
    ),
  });
  expect([existsSync(join(repo, "crqs")), existsSync(join(folder, "elsewhere.toml"))]).toEqual([false, false]);
});
