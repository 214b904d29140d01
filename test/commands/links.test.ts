import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateCrq } from "../../src/commands/catalogue/find-crq.ts";
import { importVerb } from "../../src/commands/documents/import.ts";
import { latticeFolder } from "../../src/commands/lattice/open.ts";
import { recordingUi } from "../../src/ui/output.ts";
import { crqText } from "../program/samples.ts";
import { contextIn, ownFolder, projectIn } from "./in-process.ts";

/** git names the root of a checkout with its links resolved; a person names it as they came there (`/tmp` is a link on macOS). */
describe("a repository that is reached through a link", () => {
  async function linked() {
    const folder = await ownFolder();
    const root = await projectIn(folder, {
      "crqs/old/CRQ-001-say-welcome.md": crqText(),
      "wish.md": "# Old request\n\nDo it.\n",
    });
    const link = join(folder, "link");
    await symlink(root, link);
    return { folder, root, link };
  }

  it("has its CRQs where they are", async () => {
    const { root, link } = await linked();
    const named = join(link, "crqs", "old", "CRQ-001-say-welcome.md");
    expect(await locateCrq(named, link, root, "crqs")).toMatchObject({
      path: "crqs/old/CRQ-001-say-welcome.md",
      file: join(root, "crqs", "old", "CRQ-001-say-welcome.md"),
    });
  });

  it("holds a lattice, and another folder holds none", async () => {
    const { folder, root, link } = await linked();
    await mkdir(join(folder, "other"));
    expect([await latticeFolder(root, link, "lattice"), await latticeFolder(root, link, ".")]).toEqual(["lattice", "."]);
    await expect(latticeFolder(root, link, "../other")).rejects.toMatchObject({ code: "outside-repository" });
  });

  it("has what is imported in its lists", async () => {
    const { folder, root, link } = await linked();
    const ui = recordingUi();
    const exit = await importVerb(contextIn(folder), ui, [join(link, "wish.md")], {
      repo: link,
      out: join(link, "crqs"),
      dryRun: false,
    });
    expect({ exit, data: ui.results[0]?.data }).toEqual({
      exit: 0,
      data: { dryRun: false, files: [expect.objectContaining({ outcome: "imported", path: "crqs/CRQ-XXX-old-request.md" })] },
    });
    const crq = await locateCrq("crqs/CRQ-XXX-old-request.md", root, root, "crqs");
    expect(crq.crq.metadata?.imported?.path).toBe("wish.md");
    expect(await readFile(join(root, "crqs", "list.txt"), "utf8")).toBe("CRQ-XXX-old-request.md\nold/CRQ-001-say-welcome.md\n");
  });
});
