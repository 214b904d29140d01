import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { approve } from "../../../src/commands/change/approve.ts";
import { draft } from "../../../src/commands/change/draft.ts";
import { move } from "../../../src/commands/change/move.ts";
import { importVerb } from "../../../src/commands/documents/import.ts";
import type { CommandError } from "../../../src/commands/wiring/context.ts";
import { recordingUi } from "../../../src/ui/output.ts";
import { crqText } from "../../program/samples.ts";
import { contextIn, ownFolder, projectIn } from "../in-process.ts";

it("lists that cannot be written are told before a document is written or a model is asked", async () => {
  const folder = await ownFolder();
  const path = "crqs/CRQ-001-say-welcome.md";
  const text = crqText();
  const repo = await projectIn(folder, {
    [path]: text,
    "crqs/INDEX.md": "<!-- crq-index -->\n",
    "old.md": "# Old request\n\nDo it.\n",
  });
  const context = contextIn(folder);
  const asks = { name: "never", complete: () => Promise.reject(new Error("a model was asked")) };
  const refusals = [
    draft(context, recordingUi(), "nixify this", { repo, model: asks }),
    approve(context, recordingUi(), "1", { repo, yes: true }),
    move(context, recordingUi(), "1", "deferred", { repo, reason: "later" }),
    importVerb(context, recordingUi(), [join(repo, "old.md")], { repo }),
  ].map((done) =>
    done.then(
      () => "done",
      ({ code }: CommandError) => code,
    ),
  );
  expect(await Promise.all(refusals)).toEqual(["bad-index", "bad-index", "bad-index", "bad-index"]);
  expect(await readFile(join(repo, path), "utf8")).toBe(text);
});
