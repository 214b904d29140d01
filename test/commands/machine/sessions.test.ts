import { join } from "node:path";
import { expect, it } from "vitest";
import { resume, show } from "../../../src/commands/machine/sessions.ts";
import { repositoryKey } from "../../../src/session/store.ts";
import { recordingUi } from "../../../src/ui/output.ts";
import { writeFiles } from "../../program/place.ts";
import { contextIn, ownFolder, projectIn } from "../in-process.ts";

it("a session whose journal is damaged is told as that: no bug of the program, and of no other verb", async () => {
  const folder = await ownFolder();
  const repo = await projectIn(folder, { "README.md": "# note\n" });
  const id = "20261128T140730Z-921b39";
  await writeFiles(folder, { [join("state", "sessions", repositoryKey(repo), id, "events.jsonl")]: '{"seq":0,"at":1' });
  for (const verb of [show, resume])
    await expect(verb(contextIn(folder), recordingUi(), id, { repo })).rejects.toMatchObject({
      code: "unreadable-file",
      exit: 2,
      message: expect.stringMatching(/events\.jsonl: holds no whole line: .*; nothing can be said of 20261128T140730Z-921b39$/u),
    });
});
