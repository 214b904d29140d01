import { createHash } from "node:crypto";
import { cp, lstat, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ForeseenError } from "../../system/errors/foreseen.ts";
import { type GitOptions, git, tryGit } from "../../system/git.ts";
import type { FileChange, FileState } from "./edits.ts";
import { tooLarge } from "./folder-limit.ts";
import { insideJail } from "./jail.ts";

/**
 * The private copy that is worked in: a shared clone at HEAD in the user's cache folder, so that nothing of the person's checkout, index
 * or .git changes before the hand-over. A folder without git gets a private repository with one synthetic commit.
 */

/** Usage problems of the repository itself: exit 2. */
export class RepositoryError extends ForeseenError {
  override readonly name = "RepositoryError";
}

export interface Workspace {
  /** Absolute path of the working tree. */
  readonly directory: string;
  /** The commit everything starts from. */
  readonly base: string;
  /** What a CRQ names as its base: the commit, or `tree:<sha256>` for a folder without git. */
  readonly baseName: string;
  /** The person's folder: the root of the git checkout, or the plain folder. */
  readonly origin: string;
  readonly git: boolean;
  /** Present in the checkout but not in HEAD: named to the person, not used. */
  readonly uncommitted: readonly string[];
}

const AUTHOR = {
  GIT_AUTHOR_NAME: "crq-agent",
  GIT_AUTHOR_EMAIL: "crq-agent@localhost",
  GIT_COMMITTER_NAME: "crq-agent",
  GIT_COMMITTER_EMAIL: "crq-agent@localhost",
};
/** Synthetic commits are the same for the same tree. */
const FIXED_DATE = { GIT_AUTHOR_DATE: "2000-01-01T00:00:00Z", GIT_COMMITTER_DATE: "2000-01-01T00:00:00Z" };

const at = (cwd: string, env?: GitOptions["env"]): GitOptions => (env ? { cwd, env } : { cwd });

/** The root of the checkout that holds `directory`, or undefined where there is no git. */
export async function gitRoot(directory: string): Promise<string | undefined> {
  const found = await tryGit(["rev-parse", "--show-toplevel"], at(directory));
  return found.exit === 0 ? found.stdout.replace(/\n$/u, "") : undefined;
}

/** Checks that the folder exists and says what it is; throws a RepositoryError that names the next move. */
export async function locate(repo: string): Promise<{ readonly root: string; readonly git: boolean }> {
  const found = await stat(repo).catch(() => undefined);
  if (!found) throw new RepositoryError("no-folder", `${repo}: no such directory; give the project's folder with --repo DIR`);
  if (!found.isDirectory())
    throw new RepositoryError("no-folder", `${repo}: is not a directory; give the project's folder with --repo DIR`);
  const root = await gitRoot(repo);
  return root === undefined ? { root: await realpath(repo), git: false } : { root, git: true };
}

/**
 * Makes the private copy in `directory` (must not exist yet).
 * @param crqFolder left out of the name of a folder's content, so that writing a CRQ does not rename it
 * @throws RepositoryError for a repository without a commit
 */
export async function createWorkspace(repo: string, directory: string, crqFolder = "crqs"): Promise<Workspace> {
  const { root, git: isGit } = await locate(repo);
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  return isGit ? cloneCheckout(root, directory) : copyFolder(root, directory, crqFolder);
}

/**
 * Opens a copy that an earlier process made (resume). The base is the one it was made from, whatever HEAD is now.
 * @throws RepositoryError when the folder is no such copy
 */
export async function openWorkspace(repo: string, directory: string, crqFolder = "crqs"): Promise<Workspace> {
  const { root, git: isGit } = await locate(repo);
  const head = await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], at(directory));
  if (head.exit !== 0) throw new RepositoryError("copy-damaged", `${directory}: the session's copy is damaged; run apply again`);
  const base = head.stdout.trim();
  return isGit
    ? { directory, base, baseName: base, origin: root, git: true, uncommitted: await uncommittedPaths(root) }
    : {
        directory,
        base,
        baseName: `tree:${await treeDigest(directory, base, crqFolder)}`,
        origin: root,
        git: false,
        uncommitted: [],
      };
}

async function cloneCheckout(root: string, directory: string): Promise<Workspace> {
  const head = await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], at(root));
  if (head.exit !== 0)
    throw new RepositoryError("no-commit", `${root}: has no commit yet; commit first (git add -A && git commit), then run again`);
  const base = head.stdout.trim();
  const uncommitted = await uncommittedPaths(root);
  await git(["clone", "--quiet", "--shared", "--no-checkout", "--no-tags", "--", root, directory], at(dirname(directory)));
  await git(["checkout", "--quiet", "--detach", base], at(directory));
  return { directory, base, baseName: base, origin: root, git: true, uncommitted };
}

/** `git status` with a throw-away index: even refreshing the person's index would change a byte of it. */
async function uncommittedPaths(root: string): Promise<readonly string[]> {
  const status = await git(["status", "--porcelain=v1", "-z", "--untracked-files=normal", "--no-renames"], at(root));
  return status
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.slice(3));
}

async function copyFolder(root: string, directory: string, crqFolder: string): Promise<Workspace> {
  const entries = (await readdir(root)).filter((name) => name !== ".git");
  if (entries.length === 0)
    throw new RepositoryError("empty-folder", `${root}: is empty; give the folder of a project with --repo DIR`);
  await mkdir(directory, { mode: 0o700 });
  await git(["init", "--quiet", "--initial-branch=main"], at(directory));
  // Names of a person's folder that no commit should hold, ignored or not.
  await writeFile(join(directory, ".git", "info", "exclude"), "/target/\n/result\n/result-*\n/.direnv/\n/node_modules/\n");
  const gitDir = join(directory, ".git");
  const refused = await tooLarge(root, gitDir);
  if (refused !== undefined) throw new RepositoryError("too-large", refused, [], 2);
  await git([`--git-dir=${gitDir}`, `--work-tree=${root}`, "add", "--all", "."], at(root));
  await git(
    ["commit", "--quiet", "--allow-empty", "--no-verify", "-m", `Import of ${basename(root)}`],
    at(directory, { ...AUTHOR, ...FIXED_DATE }),
  );
  await git(["checkout", "--quiet", "--force", "--detach", "HEAD"], at(directory));
  const base = (await git(["rev-parse", "HEAD"], at(directory))).trim();
  return {
    directory,
    base,
    baseName: `tree:${await treeDigest(directory, base, crqFolder)}`,
    origin: root,
    git: false,
    uncommitted: [],
  };
}

/** sha256 over `git ls-tree -r` of a commit: the name of a folder's content where there is no commit of the person's. */
async function treeDigest(directory: string, commit: string, crqFolder: string): Promise<string> {
  const listed = await git(["ls-tree", "-r", "-z", "--full-tree", commit], at(directory));
  const entries = listed.split("\0").filter((entry) => !entry.slice(entry.indexOf("\t") + 1).startsWith(`${crqFolder}/`));
  return createHash("sha256").update(entries.join("\0")).digest("hex");
}

/** Object names of the worktree as it was. */
export interface Snapshot {
  readonly commit: string;
  readonly tree: string;
}

/**
 * Records the working tree as a commit object on top of `base` without touching the worktree's index: every file, new ones included,
 * ignored ones only when they were staged on purpose. Returns commit and tree.
 */
export async function snapshot(workspace: Workspace, message = "Work in progress"): Promise<Snapshot> {
  const index = join(workspace.directory, ".git", `crq-index-${process.pid}`);
  const env = { ...AUTHOR, ...FIXED_DATE, GIT_INDEX_FILE: index };
  try {
    await git(["read-tree", workspace.base], at(workspace.directory, env));
    await git(["add", "--all", "."], at(workspace.directory, env));
    const forced = await git(["ls-files", "-z", "--cached", "--ignored", "--exclude-standard"], at(workspace.directory));
    const ignored = forced.split("\0").filter((path) => path !== "");
    if (ignored.length > 0)
      await git(["add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"], {
        ...at(workspace.directory, env),
        stdin: ignored.join("\0"),
      });
    const tree = (await git(["write-tree"], at(workspace.directory, env))).trim();
    const commit = (await git(["commit-tree", tree, "-p", workspace.base, "-m", message], at(workspace.directory, env))).trim();
    return { commit, tree };
  } finally {
    await rm(index, { force: true });
  }
}

/**
 * Takes over what the person's checkout holds of tracked files beyond HEAD (changed, deleted, staged or intent-to-add), so that a
 * verification judges what is there. Untracked files stay out: a flake does not see them either.
 */
export async function adoptTracked(workspace: Workspace): Promise<readonly string[]> {
  if (!workspace.git) return [];
  const listed = await git(["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", "HEAD", "--"], at(workspace.origin));
  const paths = listed.split("\0").filter((path) => path !== "");
  for (const path of paths) {
    const target = await insideJail(workspace.directory, path);
    const source = join(workspace.origin, path);
    await rm(target, { force: true, recursive: true });
    if (!(await lstat(source).catch(() => undefined))) continue;
    await mkdir(dirname(target), { recursive: true });
    await cp(source, target, { verbatimSymlinks: true, recursive: true });
  }
  await trackNew(workspace, paths);
  return paths;
}

/** What was staged there although a pattern ignores it is tracked here too; the rest is found without being told. */
async function trackNew({ directory }: Workspace, paths: readonly string[]): Promise<void> {
  const tracked = new Set((await git(["ls-files", "-z"], at(directory))).split("\0"));
  const fresh: string[] = [];
  for (const path of paths)
    if (!tracked.has(path) && (await lstat(join(directory, path)).catch(() => undefined))) fresh.push(path);
  if (fresh.length === 0) return;
  await git(["add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    ...at(directory),
    stdin: fresh.join("\0"),
  });
}

/** Puts the working tree back to an earlier snapshot (resume after a crash, rollback of a refused proposal). */
export async function restore(workspace: Workspace, tree: string): Promise<void> {
  await git(["read-tree", "--reset", "-u", tree], at(workspace.directory));
  await git(["clean", "-fdq"], at(workspace.directory));
  await git(["reset", "--quiet", "--mixed", workspace.base], at(workspace.directory));
  await git(["add", "--intent-to-add", "--all", "."], at(workspace.directory));
}

/** A fresh clone of one snapshot: what acceptance looks at. `directory` must not exist. */
export async function pristineCopy(workspace: Workspace, commit: string, directory: string): Promise<string> {
  await git(
    ["clone", "--quiet", "--shared", "--no-checkout", "--no-tags", "--", workspace.directory, directory],
    at(dirname(directory)),
  );
  await git(["checkout", "--quiet", "--detach", commit], at(directory));
  return directory;
}

/** Removes a workspace or pristine copy; builds may leave read-only folders behind, so rights are not taken for granted. */
export async function removeCopy(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Reads a file of the worktree as text through the jail; undefined when it does not exist. */
export async function readState(root: string, path: string): Promise<FileState> {
  const absolute = await insideJail(root, path);
  try {
    return await readFile(absolute, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A file as the base commit has it; undefined where it has none. What is no text is not read as one: `checkoutFiles` brings it back whole. */
export async function stateAt(root: string, commit: string, path: string): Promise<FileState> {
  const shown = await tryGit(["show", `${commit}:./${path}`], at(root));
  return shown.exit === 0 ? shown.stdout : undefined;
}

/** Files of a commit as they were, with their bytes and rights. */
export async function checkoutFiles(root: string, commit: string, paths: readonly string[]): Promise<void> {
  if (paths.length > 0) await git(["checkout", "--quiet", commit, "--", ...paths.map((path) => `:(literal)${path}`)], at(root));
}

/** Writes the `after` side of each change. On any failure everything is put back and the error is thrown. */
export async function writeChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      done.push(change);
      await writeState(root, change.path, change.after);
    }
  } catch (error) {
    await revertChanges(root, done);
    throw error;
  }
}

/** Writes the `before` side of each change. */
export async function revertChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  for (const change of [...changes].reverse()) await writeState(root, change.path, change.before);
}

/** Writes one file through the jail, or removes it. */
export async function writeState(root: string, path: string, content: FileState): Promise<void> {
  const absolute = await insideJail(root, path);
  if (content === undefined) {
    await rm(absolute, { force: true });
    return;
  }
  await mkdir(dirname(absolute), { recursive: true });
  await writeFile(absolute, content);
}
