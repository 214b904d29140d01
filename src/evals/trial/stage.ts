import { chmod, copyFile, lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createNix } from "../../nix/run.ts";
import { insideJail, JailError } from "../../repo/workspace/jail.ts";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import { errorCode } from "../../system/error.ts";
import { GitError, git } from "../../system/git.ts";
import { PARTS, type Task } from "../task/task.ts";
import { InfraFailure } from "./infra-failure.ts";
import { type StagedFile, StageError, stagedFiles } from "./staged-files.ts";

/** What the agent is given: a repository of one commit, without remote, tag or hook. */
export interface Staged {
  readonly repository: string;
  readonly commit: string;
}

/** The one commit is the same for the same files and the same world, whoever stages them and when. */
const COMMIT = {
  GIT_AUTHOR_NAME: "crq-evals",
  GIT_AUTHOR_EMAIL: "crq-evals@localhost",
  GIT_COMMITTER_NAME: "crq-evals",
  GIT_COMMITTER_EMAIL: "crq-evals@localhost",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/**
 * Lays out the fixture and what is given with it, locks its flake where the task says so, applies `repo.after.patch` and makes the one
 * commit. What the fixture's .gitignore keeps out lies there untracked, as with anybody.
 * @param folder becomes the repository; must not exist yet
 * @param environment the world that locks; opened only where it is needed, where it is a function
 * @throws StageError where the task is wrong, InfraFailure where it could not be locked for another reason
 */
export async function stage(
  task: Task,
  folder: string,
  environment: ExecutionEnvironment | (() => Promise<ExecutionEnvironment>),
): Promise<Staged> {
  const files = stagedFiles(task.leaves);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 });
  for (const file of files) await lay(join(task.directory, file.source), file, folder);
  await refuseLeavingLinks(files, folder);
  const at = { cwd: folder, env: COMMIT };
  await git(["init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=main"], at);
  await git(["add", "--all"], at);
  if (task.file.repo.lock === "stage" && (await isThere(join(folder, "flake.nix")))) {
    await lockFlake(folder, typeof environment === "function" ? await environment() : environment);
    await git(["add", "--all"], at);
  }
  if (task.leaves.some(({ path }) => path === PARTS.afterPatch)) await applyAfterPatch(task, at);
  const untracked = task.file.repo.untracked;
  if (untracked.length > 0) await git(["rm", "--quiet", "--cached", "-r", "--", ...untracked.map(literal)], at);
  await git(["commit", "--quiet", "--no-verify", "--message", "Import"], at);
  return { repository: folder, commit: (await git(["rev-parse", "HEAD"], at)).trim() };
}

/**
 * `nix flake lock` against the world in use. What the flake reads must be known to git (`git add`); the lock that it writes then is, too.
 * @throws StageError where Nix refuses, InfraFailure where it could not be asked
 */
export async function lockFlake(directory: string, environment: ExecutionEnvironment): Promise<void> {
  const folder = `${directory}.nix`;
  try {
    const locked = await createNix({ environment, folder }).lock(directory);
    if (locked.ok) return;
    const why = locked.diagnoses[0].message;
    if (locked.why === "failed") throw new StageError("flake.nix", `cannot be locked against ${environment.label}: ${why}`);
    throw new InfraFailure("harness", `the fixture could not be locked (${locked.why}): ${why}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lay(source: string, { path, mode }: StagedFile, folder: string): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  if (mode === "120000") {
    await symlink(await readlink(source), target);
    return;
  }
  await copyFile(source, target);
  await chmod(target, mode === "100755" ? 0o755 : 0o644);
}

async function refuseLeavingLinks(files: readonly StagedFile[], folder: string): Promise<void> {
  for (const { path, source, mode } of files) {
    if (mode !== "120000") continue;
    if ((await readlink(join(folder, path))).startsWith("/")) throw new StageError(source, "is a link with an absolute target");
    try {
      await insideJail(folder, path);
    } catch (error) {
      if (!(error instanceof JailError)) throw error;
      throw new StageError(source, "is a link that leaves the repository");
    }
  }
}

async function applyAfterPatch(task: Task, at: { readonly cwd: string }): Promise<void> {
  try {
    await git(["apply", "--index", join(task.directory, PARTS.afterPatch)], at);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new StageError(PARTS.afterPatch, `does not apply: ${error.finished.stderr.trim()}`);
  }
}

const literal = (path: string): string => `:(literal)${path}`;

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}
