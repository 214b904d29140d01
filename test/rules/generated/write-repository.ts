import { git } from "../../../src/system/git.ts";
import { commitAll, writeFiles } from "../../repo/tree-on-disk.ts";
import type { GeneratedRepository } from "./repositories.ts";

/** Writes a generated repository as a real one: one commit, then what is not committed. Returns the commit. */
export async function writeRepository(repository: GeneratedRepository, directory: string): Promise<string> {
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: directory });
  writeFiles(directory, repository.files);
  const head = await commitAll(directory, "Start");
  writeFiles(directory, repository.uncommitted);
  return head;
}
