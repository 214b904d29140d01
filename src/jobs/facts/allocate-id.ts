import { tryGit } from "../../system/git.ts";

/** Every name of a repository that may hold a CRQ number, read without network: the pure rule of crq/ids counts over them. */
export interface RefNames {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  /** File names under the CRQ folder in the trees of other refs. */
  readonly treeFiles: readonly string[];
}

/** Refs beyond this count are named by their names alone; reading more trees would make every draft slow. */
const MAX_TREES = 400;

/** @param crqFolder relative to the repository root */
export async function collectRefNames(root: string, crqFolder: string): Promise<RefNames> {
  const listed = await tryGit(["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/remotes", "refs/tags"], {
    cwd: root,
  });
  if (listed.exit !== 0) return { branches: [], tags: [], treeFiles: [] };
  const refs = listed.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ object: line.slice(0, line.indexOf(" ")), name: line.slice(line.indexOf(" ") + 1) }));
  const objects = [...new Set(refs.map(({ object }) => object))].slice(0, MAX_TREES);
  const files = new Set<string>();
  for (const object of objects) {
    const tree = await tryGit(["ls-tree", "-z", "--name-only", `${object}:${crqFolder}`], { cwd: root });
    // A ref without the folder has nothing to say.
    if (tree.exit === 0) for (const name of tree.stdout.split("\0")) if (name !== "") files.add(name);
  }
  const named = (prefix: string): string[] =>
    refs.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name.slice(prefix.length));
  return { branches: [...named("refs/heads/"), ...named("refs/remotes/")], tags: named("refs/tags/"), treeFiles: [...files] };
}

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
