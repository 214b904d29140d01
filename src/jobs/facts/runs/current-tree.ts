import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { treeOf } from "../../../crq/criteria/report/subject.ts";
import { createWorkspace, locate } from "../../../repo/workspace/workspace.ts";
import { tryGit } from "../../../system/git.ts";

/**
 * The tree that a report of this folder would name now. undefined for a repository that has nothing staged yet. A folder without git is
 * copied as a run would copy it.
 */
export async function currentTree(root: string, crqFolder: string): Promise<string | undefined> {
  if ((await locate(root)).git) {
    const listed = await tryGit(["ls-files", "--cached", "-z"], { cwd: root, maxOutputBytes: 1024 });
    return listed.stdoutBytes === 0 ? undefined : treeOf(root, crqFolder);
  }
  const folder = await mkdtemp(join(tmpdir(), "crq-copy-"));
  try {
    const { directory } = await createWorkspace(root, join(folder, "tree"), crqFolder);
    return await treeOf(directory, crqFolder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
