import { lstat, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { git, tryGit } from "../../system/git.ts";
import type { MechanicEdit, MechanicResult } from "./mechanic.ts";

/** Text of a regular file of the worktree; undefined when there is none, or when it is or lies behind a link: those are never followed. */
export async function readWorktreeFile(worktree: string, path: string): Promise<string | undefined> {
  const absolute = await regularFile(worktree, path);
  return absolute === undefined ? undefined : readFile(absolute, "utf8");
}

async function regularFile(worktree: string, path: string): Promise<string | undefined> {
  const absolute = join(worktree, path);
  try {
    const [entry, root, folder] = await Promise.all([lstat(absolute), realpath(worktree), realpath(dirname(absolute))]);
    return entry.isFile() && folder === join(root, dirname(path)) ? absolute : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Paths that git tracks and whose name ends like this, sorted. */
export async function trackedFiles(worktree: string, ...patterns: readonly string[]): Promise<readonly string[]> {
  const listed = await git(["ls-files", "-z", "--", ...patterns], { cwd: worktree });
  return [...new Set(listed.split("\0").filter((path) => path !== ""))].sort();
}

export async function writeEdits(worktree: string, edits: readonly MechanicEdit[]): Promise<void> {
  await Promise.all(edits.map(({ path, after }) => writeFile(join(worktree, path), after)));
}

export interface Staged {
  readonly staged: readonly string[];
  /** git refuses them by .gitignore; a flake would not see them. */
  readonly ignored: readonly string[];
}

/**
 * Lets git track new files without their content (`git add --intent-to-add`): a flake then sees the working tree's content, and the index of
 * the worktree (never a person's) stays free of half-done work. Paths that do not exist are passed over.
 */
export async function stageNewFiles(worktree: string, paths: readonly string[]): Promise<Staged> {
  if (paths.length === 0) return { staged: [], ignored: [] };
  const list = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const listed = await git(
      ["ls-files", "-z", "--others", "--exclude-standard", ...flags, "--", ...paths.map((path) => `:(literal)${path}`)],
      { cwd: worktree },
    );
    return listed.split("\0").filter((path) => path !== "");
  };
  const [staged, ignored] = await Promise.all([list(), list("--ignored")]);
  if (staged.length > 0) {
    await git(["add", "--intent-to-add", "--pathspec-from-file=-", "--pathspec-file-nul"], {
      cwd: worktree,
      stdin: staged.map((path) => `:(literal)${path}`).join("\0"),
    });
  }
  return { staged, ignored };
}

/** Undoes what mechanics did, newest first: files get their earlier text, new ones go, git forgets what it was told. */
export async function undoMechanics(worktree: string, results: readonly MechanicResult[]): Promise<void> {
  for (const { edits, staged } of [...results].reverse()) {
    for (const { path, before } of edits) {
      if (before === undefined) await rm(join(worktree, path), { force: true });
      else if (await regularFile(worktree, path)) await writeFile(join(worktree, path), before);
    }
    if (staged.length > 0) {
      await git(["rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--pathspec-from-file=-", "--pathspec-file-nul"], {
        cwd: worktree,
        stdin: staged.map((path) => `:(literal)${path}`).join("\0"),
      });
    }
  }
}

/** Whether a text stands in the base commit. */
export async function inBase(worktree: string, base: string, texts: readonly string[]): Promise<boolean> {
  const found = await tryGit(["grep", "--quiet", "--fixed-strings", "-I", ...texts.flatMap((text) => ["-e", text]), base, "--"], {
    cwd: worktree,
  });
  return found.exit === 0;
}
