import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keepRejected, writeDraft } from "../../../../src/commands/change/drafting/write-draft.ts";
import { crqText } from "../../../program/samples.ts";
import { ownFolder } from "../../in-process.ts";

async function draftPlace() {
  const root = await ownFolder();
  const sessionFolder = join(root, "session");
  await mkdir(sessionFolder);
  return { root, crqFolder: "crqs", name: "CRQ-001-say-welcome.md", sessionFolder };
}

it("a document whose place is taken is kept beside its journal, which the message names", async () => {
  const at = await draftPlace();
  const first = crqText();
  expect(await writeDraft(at, first)).toBe("crqs/CRQ-001-say-welcome.md");
  const second = crqText({ criteria: "-   **AC-1**: Another one.\n" });
  await expect(writeDraft(at, second)).rejects.toMatchObject({
    code: "not-written",
    message: `${join(at.root, "crqs", at.name)}: exists already; nothing was written. The draft is kept as ${join(at.sessionFolder, at.name)}`,
  });
  expect(await readFile(join(at.sessionFolder, at.name), "utf8")).toBe(second);
  expect(await readFile(join(at.root, "crqs", at.name), "utf8")).toBe(first);
});

it("a rejected document is never written over: somebody may be mending it", async () => {
  const at = await draftPlace();
  expect([await keepRejected(at, "one"), await keepRejected(at, "two"), await keepRejected(at, "three")]).toEqual([
    "crqs/CRQ-001-say-welcome.md.rejected.txt",
    "crqs/CRQ-001-say-welcome.md.2.rejected.txt",
    "crqs/CRQ-001-say-welcome.md.3.rejected.txt",
  ]);
  expect(await readFile(join(at.root, "crqs", "CRQ-001-say-welcome.md.rejected.txt"), "utf8")).toBe("one");
  expect(await readdir(join(at.root, "crqs"))).toHaveLength(3);
});
