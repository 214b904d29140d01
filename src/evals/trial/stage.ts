import { copyFile, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createNix } from "../../nix/run.ts";
import type { ExecutionEnvironment } from "../../system/execution-environment.ts";
import { git } from "../../system/git.ts";
import type { Leaf } from "../../world/content/listing.ts";
import { PARTS, type Task } from "../task/task.ts";
import { InfraFailure } from "./infra-failure.ts";

/** What the agent is given: a repository of one commit. */
export interface Staged {
  readonly repository: string;
  readonly commit: string;
}

/** The one commit is the same for the same files, whoever stages them and when. */
const AUTHOR = {
  GIT_AUTHOR_NAME: "crq-evals",
  GIT_AUTHOR_EMAIL: "crq-evals@localhost",
  GIT_COMMITTER_NAME: "crq-evals",
  GIT_COMMITTER_EMAIL: "crq-evals@localhost",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/**
 * Lays out fixture and given CRQs, locks the flake where the task says so, applies `repo.after.patch` and makes one commit.
 * @param folder must not exist yet
 * @throws InfraFailure where the fixture cannot be locked
 */
export async function stage(task: Task, folder: string, environment: ExecutionEnvironment): Promise<Staged> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const leaf of task.leaves) {
    const to = stagedPath(leaf.path);
    if (to !== undefined) await layLeaf(join(task.directory, leaf.path), leaf, join(folder, to));
  }
  const at = { cwd: folder, env: AUTHOR };
  await git(["init", "--quiet", "--initial-branch=main"], at);
  await git(["add", "--all"], at);
  if (task.file.repo.lock === "stage") await lockFlake(folder, environment);
  if (task.leaves.some(({ path }) => path === PARTS.afterPatch))
    await git(["apply", "--index", join(task.directory, PARTS.afterPatch)], at);
  await git(["add", "--all"], at);
  await git(["commit", "--quiet", "--no-verify", "--message", "Import"], at);
  return { repository: folder, commit: (await git(["rev-parse", "HEAD"], at)).trim() };
}

/** Where a file of the task's folder stands in the repository; undefined: the agent does not get it. */
export function stagedPath(path: string): string | undefined {
  const [top, ...rest] = path.split("/");
  const inside = rest.join("/");
  if (top === PARTS.repository) return inside;
  if (top !== PARTS.given) return undefined;
  return rest[0] === "docs" ? inside : `crqs/${inside}`;
}

async function layLeaf(from: string, { mode }: Leaf, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  if (mode === "120000") await symlink(await readlink(from), to);
  else await copyFile(from, to);
}

/** `nix flake lock` against the world in use. What is to be locked must be known to git. */
export async function lockFlake(directory: string, environment: ExecutionEnvironment): Promise<void> {
  const folder = `${directory}.nix`;
  const locked = await createNix({ environment, folder }).lock(directory);
  await rm(folder, { recursive: true, force: true });
  if (!locked.ok) throw new InfraFailure("harness", `the fixture cannot be locked: ${locked.diagnoses[0].message}`);
}
