import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { git, tryGit } from "../../../system/git.ts";
import type { Target } from "../target.ts";
import type { Subject } from "./evidence.ts";

/** What exactly was judged: the tracked files as they are, named by a git tree, without a trace in the repository. */

/** `repo`: as reports show it (relative path or URL). `crqDirectory`: relative; left out of the tree, so that writing a report makes nothing stale. */
export async function describeSubject(target: Target, repo: string, crqDirectory: string): Promise<Subject> {
  const where = { cwd: target.directory };
  const [tree, changes, untracked, lock] = await Promise.all([
    treeOf(target.directory, crqDirectory),
    tryGit(["diff", "--quiet", "--no-ext-diff", "--no-textconv", "HEAD", "--"], where),
    git(["ls-files", "--others", "--exclude-standard", "-z"], where),
    target.read("flake.lock"),
  ]);
  return {
    repo,
    base: target.base,
    tree,
    dirty: changes.exit !== 0,
    untracked: untracked.split("\0").filter((path) => path !== ""),
    lockSha256: lock.ok ? createHash("sha256").update(lock.bytes).digest("hex") : null,
  };
}

/** The tree is written to an index and an object store of our own: nothing below the repository's .git changes. */
export async function treeOf(directory: string, without: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "crq-tree-"));
  try {
    const where = { cwd: directory };
    const [index, objects] = (await git(["rev-parse", "--git-path", "index", "--git-path", "objects"], where))
      .trimEnd()
      .split("\n");
    const own = { index: join(folder, "index"), objects: join(folder, "objects") };
    await mkdir(own.objects);
    await copyFile(resolve(directory, index ?? ""), own.index);
    const env = {
      GIT_INDEX_FILE: own.index,
      GIT_OBJECT_DIRECTORY: own.objects,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: resolve(directory, objects ?? ""),
    };
    await git(["add", "--update", "--", ":/"], { ...where, env });
    await git(["rm", "--cached", "-r", "--quiet", "--ignore-unmatch", "--", without], { ...where, env });
    return (await git(["write-tree"], { ...where, env })).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
