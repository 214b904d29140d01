import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCrq } from "../../../src/crq/parse.ts";
import { handOver } from "../../../src/jobs/work/hand-over.ts";
import { createWorkspace, snapshot } from "../../../src/repo/workspace/workspace.ts";
import { git, tryGit } from "../../../src/system/git.ts";
import { commitAll, place, show } from "../../program/place.ts";
import { crqText } from "../../program/samples.ts";

/** What is committed is what was proven, and the documents. */

async function worked() {
  const at = await place();
  const repo = await at.repository({ "README.md": "It says welcome.\n", "crqs/CRQ-001.md": crqText() });
  await symlink("../README.md", join(repo, "crqs", "list.txt"));
  await commitAll(repo, "a list that is a link");
  const workspace = await createWorkspace(repo, join(at.folder, "tree"));
  await writeFile(join(workspace.directory, "new.txt"), "new\n");
  const { tree: proven } = await snapshot(workspace);
  const give = () =>
    handOver({
      workspace,
      crq: parseCrq("crqs/CRQ-001.md", crqText()),
      crqPath: "crqs/CRQ-001.md",
      crqFolder: "crqs",
      proven,
      reports: { "report.md": "Proven.\n" },
      form: { form: "branch", name: "done" },
      identity: { name: "Ann", email: "ann@example.org" },
      assistedBy: "crq-agent@0.0.0",
      waiting: [],
    });
  return { repo, workspace, give };
}

test("a document that is a link to another file is written in its own place, and the other file stays as it was proven", async () => {
  const { repo, give } = await worked();
  expect((await give()).handOver).toMatchObject({ form: "branch", branch: "done" });
  expect(await show(repo, "done:README.md")).toBe("It says welcome.\n");
  expect(await show(repo, "done:crqs/list.txt")).toContain("CRQ-001");
  expect((await git(["diff", "--name-only", "main", "done"], { cwd: repo })).split("\n")).toEqual([
    "crqs/INDEX.md",
    "crqs/list.txt",
    "crqs/reports/CRQ-001/report.md",
    "new.txt",
    "",
  ]);
});

test("nothing is handed over of a copy that is no longer what was proven", async () => {
  const { repo, workspace, give } = await worked();
  await writeFile(join(workspace.directory, "late.txt"), "late\n");
  await expect(give()).rejects.toThrow("late.txt changed after the criteria were run");
  expect((await tryGit(["rev-parse", "--verify", "--quiet", "done"], { cwd: repo })).exit).toBe(1);
});
