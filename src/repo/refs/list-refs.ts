import { gitOffline } from "./objects.ts";

/** A name under which a repository keeps a commit: a branch, a tag, any other ref, a stash, the HEAD of a worktree. */
export interface Ref {
  readonly kind: "branch" | "remote" | "tag" | "other" | "stash" | "worktree";
  /** As a person says it: `feature/x`, `origin/feature/x`, `v1`, `refs/pull/3/head`, `stash@{0}`, `the worktree at PATH`. */
  readonly name: string;
  /** A commit, or a tag that leads to one. */
  readonly object: string;
  /** Whether it leads to files of the project: a tag may name a blob, and notes hold texts about objects. */
  readonly holdsFiles: boolean;
}

const PREFIXES = [
  ["refs/heads/", "branch"],
  ["refs/remotes/", "remote"],
  ["refs/tags/", "tag"],
] as const;

/**
 * Every ref that git knows here, branches first; nothing where there is no repository. Symbolic refs (`origin/HEAD`) are left out, they
 * name another one. No network.
 */
export async function listRefs(directory: string): Promise<readonly Ref[]> {
  const listed = await gitOffline(["for-each-ref", "--format=%(objectname) %(objecttype) %(*objecttype) %(symref) %(refname)"], {
    cwd: directory,
  });
  const refs = (listed ?? "").split("\n").flatMap((line): Ref[] => {
    const [object, type, peeledType, symref, full = ""] = line.split(" ");
    if (object === undefined || full === "" || symref !== "" || full === "refs/stash") return [];
    const [prefix, kind] = PREFIXES.find(([start]) => full.startsWith(start)) ?? ["", "other" as const];
    const holdsFiles = (peeledType || type) !== "blob" && !full.startsWith("refs/notes/");
    return [{ kind, name: full.slice(prefix.length), object, holdsFiles }];
  });
  const order: readonly Ref["kind"][] = ["branch", "remote", "tag", "worktree", "stash", "other"];
  return [...refs, ...(await worktrees(directory)), ...(await stashes(directory))].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  );
}

/** What HEAD names, and the branch it is on; undefined where there is no commit. */
export async function readHead(
  directory: string,
): Promise<{ readonly commit: string; readonly branch: string | undefined } | undefined> {
  const commit = await gitOffline(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { cwd: directory });
  const branch = await gitOffline(["symbolic-ref", "--quiet", "--short", "HEAD"], { cwd: directory });
  return commit === undefined ? undefined : { commit: commit.trim(), branch: branch?.trim() };
}

/** HEADs of worktrees, this one's included: a detached one is in no ref. */
async function worktrees(directory: string): Promise<readonly Ref[]> {
  const listed = await gitOffline(["worktree", "list", "--porcelain"], { cwd: directory });
  return (listed ?? "").split("\n\n").flatMap((record): Ref[] => {
    const lines = record.split("\n");
    const path = lines.find((line) => line.startsWith("worktree "))?.slice("worktree ".length);
    const object = lines.find((line) => line.startsWith("HEAD "))?.slice("HEAD ".length);
    // All zeros: a worktree without a commit.
    if (path === undefined || object === undefined || /^0+$/.test(object) || !lines.includes("detached")) return [];
    return [{ kind: "worktree", name: `the worktree at ${path}`, object, holdsFiles: true }];
  });
}

/** Older stashes are only in the reflog; what was untracked is in a parent of its own. */
async function stashes(directory: string): Promise<readonly Ref[]> {
  if ((await gitOffline(["rev-parse", "--verify", "--quiet", "refs/stash"], { cwd: directory })) === undefined) return [];
  const listed = await gitOffline(["log", "--walk-reflogs", "--format=%H %P", "refs/stash", "--"], { cwd: directory });
  return (listed ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line, index): Ref[] => {
      const [commit = "", , , untracked] = line.split(" ");
      return [commit, ...(untracked === undefined ? [] : [untracked])].map((object) => ({
        kind: "stash",
        name: `stash@{${index}}`,
        object,
        holdsFiles: true,
      }));
    });
}
