import { lstatSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { git, tryGit } from "../../system/git.ts";
import type { PathTrace } from "./path.ts";

/** What the argument of a trace means: a file or folder of the repository, now or earlier, or a commit. */

export type Traced =
  | { readonly kind: "path"; readonly path: string; readonly state: PathTrace["state"]; readonly alsoCommit: boolean }
  | { readonly kind: "commit"; readonly commit: string }
  | { readonly kind: "unknown"; readonly problem: string };

/** A path is seen from `cwd`, then from the root; what exists as a file is no commit. */
export async function locateTraced(argument: string, cwd: string, root: string, isGit: boolean): Promise<Traced> {
  const paths = [...new Set([resolve(cwd, argument), resolve(root, argument)])].flatMap((path) => inside(root, path) ?? []);
  const commit = isGit ? await commitOf(root, argument) : undefined;
  for (const path of paths) {
    const state = await stateOf(root, path, isGit);
    if (state !== undefined) return { kind: "path", path, state, alsoCommit: commit !== undefined };
  }
  if (commit !== undefined) return { kind: "commit", commit };
  for (const path of paths)
    if (isGit && (await wasThere(root, path))) return { kind: "path", path, state: "gone", alsoCommit: false };
  if (paths.length === 0) return { kind: "unknown", problem: `${argument}: lies outside of ${root}` };
  const never = isGit ? "no file of the repository, now or in the history of HEAD, and no commit" : "no file of the folder";
  return { kind: "unknown", problem: `${argument}: is ${never}` };
}

function inside(root: string, path: string): string | undefined {
  const way = relative(root, path);
  return way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : way.split(sep).join("/");
}

async function commitOf(root: string, argument: string): Promise<string | undefined> {
  const found = await tryGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${argument}^{commit}`], { cwd: root });
  return found.exit === 0 ? found.stdout.trim() : undefined;
}

async function stateOf(root: string, path: string, isGit: boolean): Promise<PathTrace["state"] | undefined> {
  const there = lstatSync(resolve(root, path), { throwIfNoEntry: false });
  if (!isGit) return there === undefined ? undefined : there.isDirectory() ? "folder" : "present";
  const listed = await git(["--literal-pathspecs", "ls-files", "-z", "--", path], { cwd: root, maxOutputBytes: 64 * 1024 });
  const first = listed.split("\0")[0] ?? "";
  if (first === path) return "tracked";
  if (first !== "") return "folder";
  return there === undefined ? undefined : "untracked";
}

async function wasThere(root: string, path: string): Promise<boolean> {
  const found = await tryGit(["--literal-pathspecs", "log", "--max-count=1", "--format=%H", "HEAD", "--", path], { cwd: root });
  return found.exit === 0 && found.stdout.trim() !== "";
}
