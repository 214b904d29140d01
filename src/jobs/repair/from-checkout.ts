import { cp, lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { EventBody } from "../../agent/events.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import { git } from "../../system/git.ts";

/** Files that lie in the person's checkout, that git does not track and that the flake therefore cannot see: the commonest fault of all. */

/** Larger ones are data that nobody meant to commit. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 200;

export type Adopted =
  | { readonly kind: "adopted"; readonly paths: readonly string[] }
  /** The file is there, but an ignore rule keeps it out: that is a person's decision. */
  | { readonly kind: "ignored"; readonly path: string; readonly rule: string }
  | { readonly kind: "none" };

/** What a failure says is missing from the flake's tree; of several paths one will do, the first that is there. */
export function missingPaths(diagnosis: Diagnosis): readonly string[] {
  // A module is a file or a folder with mod.rs, and rustc names the first.
  if (diagnosis.kind === "untracked-file")
    return diagnosis.path.endsWith(".rs") ? [diagnosis.path, diagnosis.path.replace(/\.rs$/u, "/mod.rs")] : [diagnosis.path];
  return diagnosis.kind === "cargo-lock" && diagnosis.problem === "missing" ? ["Cargo.lock"] : [];
}

/**
 * Copies what git does not track below a path from the checkout into the worktree and lets git track it there; the checkout stays as it is.
 * @param path relative to the repository, as Nix names it
 * @param ignored whether a person allowed files that an ignore rule keeps out
 */
export async function adoptUntracked(workspace: Workspace, path: string, ignored: boolean): Promise<Adopted> {
  const { origin, directory } = workspace;
  if (!workspace.git || path === "" || path.split("/").some((part) => part === ".." || part === ".git")) return { kind: "none" };
  if (await lstat(join(directory, path)).catch(() => undefined)) return { kind: "none" };
  const untracked = await others(origin, path, "--exclude-standard");
  const hidden = untracked.length > 0 ? [] : await others(origin, path, "--ignored", "--exclude-standard");
  const [first] = hidden;
  if (first !== undefined && !ignored) return { kind: "ignored", path: first, rule: await ruleFor(origin, first) };
  const paths = (await plainFiles(origin, [...untracked, ...hidden])).slice(0, MAX_FILES);
  if (paths.length === 0) return { kind: "none" };
  for (const each of paths) {
    const target = await insideJail(directory, each);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(origin, each), target);
  }
  await git(["add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    cwd: directory,
    stdin: paths.map((each) => `:(literal)${each}`).join("\0"),
  });
  return { kind: "adopted", paths };
}

export function adoptedEvent({ paths }: Extract<Adopted, { kind: "adopted" }>): Extract<EventBody, { type: "mechanic" }> {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : "";
  return {
    type: "mechanic",
    name: "track-files",
    detail: `${paths.slice(0, 3).join(", ")}${more}: there in the checkout, and git does not track it, so no flake sees it; it is part of the repair now`,
    paths: [...paths],
  };
}

async function others(origin: string, path: string, ...flags: readonly string[]): Promise<readonly string[]> {
  const listed = await git(["ls-files", "-z", "--others", ...flags, "--", `:(literal)${path}`], { cwd: origin });
  return listed.split("\0").filter((each) => each !== "");
}

/** Regular files of a size that people commit, reached through no link. */
async function plainFiles(origin: string, paths: readonly string[]): Promise<readonly string[]> {
  const root = await realpath(origin);
  const kept: string[] = [];
  for (const path of paths) {
    const facts = await lstat(join(origin, path)).catch(() => undefined); // gone in the meantime
    if (!facts?.isFile() || facts.size > MAX_BYTES) continue;
    const real = await realpath(join(origin, path));
    if (real === join(root, path) && real.startsWith(root + sep)) kept.push(path);
  }
  return kept;
}

/** `.gitignore:3: Cargo.lock`. */
async function ruleFor(origin: string, path: string): Promise<string> {
  const told = await git(["check-ignore", "--verbose", "-z", "--stdin"], { cwd: origin, stdin: `${path}\0` });
  const [file = "", line = "", pattern = ""] = told.split("\0");
  return `${file}:${line}: ${pattern}`;
}
