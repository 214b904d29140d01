import { expect, it } from "vitest";
import { flakes } from "../../../src/commands/steps/flakes.ts";
import { recordingUi } from "../../../src/ui/output.ts";
import { contextIn, ownFolder, projectIn } from "../in-process.ts";

it("writes nothing once it was interrupted, and ends so: a lock that was not made is no other lock", async () => {
  const folder = await ownFolder();
  const repo = await projectIn(folder, { "steps/README.md": "# records\n" });
  const context = { ...contextIn(folder, AbortSignal.abort()), cwd: repo };
  await expect(flakes(context, recordingUi(), "steps", { repo, source: "." })).rejects.toMatchObject({
    code: "not-written",
    exit: 130,
    message: "interrupted; nothing was written",
  });
});
