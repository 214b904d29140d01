import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { patchText } from "../../repo/workspace/hand-over.ts";
import { snapshot, type Workspace } from "../../repo/workspace/workspace.ts";
import { git, tryGit } from "../../system/git.ts";

/**
 * A finished change that waits for a person's waiver: kept as a patch beside its journal, and put back by the next run, so that nobody pays
 * for it twice (docs/decisions/0033).
 */

export interface KeptChange {
  /** The session that made it. */
  readonly session: string;
  /** Absolute path of the patch. */
  readonly patch: string;
  /** Who made it. */
  readonly model: string;
  readonly question: string;
}

const FILE = "change.patch";

/** Where a session keeps its change, if it keeps one. */
export function keptPatch(sessionFolder: string): string | undefined {
  const path = join(sessionFolder, FILE);
  return existsSync(path) ? path : undefined;
}

/** @returns the path of the patch, which `git am` and `git apply` take as well */
export async function keepChange(workspace: Workspace, sessionFolder: string): Promise<string> {
  const { commit } = await snapshot(workspace, "A change that waits for a waiver");
  const path = join(sessionFolder, FILE);
  await writeFile(path, await patchText(workspace, commit), { mode: 0o600 });
  return path;
}

/** Puts the change into the worktree; false where it does not fit the files any more, and nothing is changed then. */
export async function putBack({ directory }: Pick<Workspace, "directory">, { patch }: KeptChange): Promise<boolean> {
  const applied = await tryGit(["apply", "--whitespace=nowarn", "--", patch], { cwd: directory });
  if (applied.exit !== 0) return false;
  await git(["add", "--intent-to-add", "--all", "."], { cwd: directory });
  return true;
}
