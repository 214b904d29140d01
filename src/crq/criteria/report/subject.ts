import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { git, tryGit } from "../../../system/git.ts";
import type { Target } from "../target.ts";
import type { Subject } from "./evidence.ts";

/** What exactly was judged: the tracked files as they are, named by a git tree, without a trace in the repository. */

/** Of the place where the judged files come from: pristine copies of them know neither. */
export type Checkout = Pick<Subject, "commit" | "dirty" | "untracked">;

/**
 * @param repo as reports show it (relative path or URL)
 * @param crqDirectory relative; left out of the tree, so that writing a report makes nothing stale
 * @param checkout default: the target itself
 */
export async function describeSubject(target: Target, repo: string, crqDirectory: string, checkout?: Checkout): Promise<Subject> {
  const [tree, from, lock] = await Promise.all([
    treeOf(target.directory, crqDirectory),
    checkout ?? describeCheckout(target.directory),
    target.read("flake.lock"),
  ]);
  return {
    repo,
    base: target.base,
    commit: from.commit,
    tree,
    dirty: from.dirty,
    untracked: [...from.untracked],
    lockSha256: lock.ok ? createHash("sha256").update(lock.bytes).digest("hex") : null,
  };
}

/** A git checkout as it is: whether it is its HEAD, and what git does not know of (a folder of such files by its name). */
export async function describeCheckout(directory: string): Promise<Checkout> {
  const where = { cwd: directory };
  const [head, changes, untracked] = await Promise.all([
    git(["rev-parse", "HEAD"], where),
    tryGit(["diff", "--quiet", "--no-ext-diff", "--no-textconv", "HEAD", "--"], where),
    git(["ls-files", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "-z"], where),
  ]);
  const dirty = changes.exit !== 0;
  return { commit: dirty ? null : head.trim(), dirty, untracked: untracked.split("\0").filter((path) => path !== "") };
}

/**
 * The tree is written to an index and an object store of our own: nothing below the repository's .git changes. Its own objects are not even
 * looked at, since git touches the times of an object that it would have written again.
 */
export async function treeOf(directory: string, without: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crq-tree-"));
  try {
    const where = { cwd: directory };
    const index = (await git(["rev-parse", "--git-path", "index"], where)).trimEnd();
    const env = { GIT_INDEX_FILE: join(folder, "index"), GIT_OBJECT_DIRECTORY: join(folder, "objects") };
    await mkdir(env.GIT_OBJECT_DIRECTORY);
    await copyFile(resolve(directory, index), env.GIT_INDEX_FILE);
    await git(["add", "--update", "--", ":/"], { ...where, env });
    await git(["rm", "--cached", "-r", "--force", "--quiet", "--ignore-unmatch", "--", without], { ...where, env });
    return (await git(["write-tree", "--missing-ok"], { ...where, env })).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
