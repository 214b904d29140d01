import { tryGit } from "../../system/git.ts";

/** The commit that HEAD names; undefined where there is none. */
export async function headCommit(root: string): Promise<string | undefined> {
  const head = await tryGit(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { cwd: root });
  return head.exit === 0 ? head.stdout.trim() : undefined;
}

/** Whether `ancestor` is HEAD or one of its ancestors; undefined when the repository does not know it. */
export async function isAncestor(root: string, ancestor: string, head: string): Promise<boolean | undefined> {
  const known = await tryGit(["rev-parse", "--verify", "--quiet", `${ancestor}^{commit}`], { cwd: root });
  if (known.exit !== 0) return undefined;
  const answer = await tryGit(["merge-base", "--is-ancestor", known.stdout.trim(), head], { cwd: root });
  return answer.exit === 0;
}
