import { join, posix } from "node:path";
import picomatch from "picomatch";
import { createWorkspace, type Workspace } from "../../../repo/workspace/workspace.ts";
import { git, tryGit } from "../../../system/git.ts";
import type { TaskFile } from "../../task/task-file.ts";
import type { GradingPlace } from "../place.ts";
import { isOwnHandOver } from "../tamper/own-hand-over.ts";

/** Bytes of a patch. */
export const MAX_PATCH_BYTES = 1024 * 1024;
export const MAX_PATCH_FILES = 200;

/** One path that a patch changes. */
export interface ChangedPath {
  readonly path: string;
  readonly status: "added" | "changed" | "deleted";
  /** Git's mode after the change; "000000" where it is gone. */
  readonly mode: string;
  readonly binary: boolean;
  /** Target of a symbolic link. */
  readonly link?: string;
}

/** The patched copy. `problem`: what it may not do, so that nothing of it is built; the tree is still there to be looked at. */
export interface Patched {
  readonly workspace: Workspace;
  readonly changed: readonly ChangedPath[];
  readonly problem: string | undefined;
}

export type Applied =
  | ({ readonly ok: true } & Patched)
  /** It does not apply: there is no tree. */
  | { readonly ok: false; readonly why: string; readonly log: string };

export interface PatchPlace extends Pick<GradingPlace, "repository" | "commit" | "work"> {
  readonly file: Pick<TaskFile, "scope">;
}

/** Lays the patch over a fresh copy of the staged repository, in `work/change`. Every path is judged by the task's scope afterwards. */
export async function applyPatch(place: PatchPlace, patch: string, crqFolder: string): Promise<Applied> {
  const bytes = Buffer.byteLength(patch);
  const refused = (why: string, log = ""): Applied => ({ ok: false, why, log });
  if (bytes > MAX_PATCH_BYTES) return refused(`the patch has ${bytes} bytes, at most ${MAX_PATCH_BYTES} are taken`);
  const workspace = await createWorkspace(place.repository, join(place.work, "change"));
  const { directory } = workspace;
  if (patch.trim() !== "") {
    const applied = await tryGit(["apply", "--index", "--verbose", "--whitespace=nowarn", "-"], { cwd: directory, stdin: patch });
    if (applied.exit !== 0) return refused(`the patch does not apply: ${firstError(applied.stderr)}`, applied.stderr);
    const moved = /^Hunk #\d+ succeeded at .*$/mu.exec(applied.stderr)?.[0];
    if (moved !== undefined) return refused(`the patch does not apply exactly: ${moved}`, applied.stderr);
  }
  const changed = await changedPaths(directory, place.commit);
  return { ok: true, workspace, changed, problem: problemOf(changed, place.file, crqFolder) };
}

const firstError = (stderr: string): string =>
  stderr
    .split("\n")
    .find((line) => line.startsWith("error:") && !line.endsWith("while searching for:"))
    ?.slice("error: ".length) ?? stderr.trim().slice(0, 200);

async function changedPaths(directory: string, base: string): Promise<readonly ChangedPath[]> {
  const flags = ["--cached", "--no-renames", "--no-ext-diff", "--no-textconv", "-z"];
  const [raw, numbers] = await Promise.all([
    git(["diff", "--raw", "--abbrev=40", ...flags, base, "--"], { cwd: directory }),
    git(["diff", "--numstat", ...flags, base, "--"], { cwd: directory }),
  ]);
  const binary = new Set(
    numbers.split("\0").flatMap((entry) => (entry.startsWith("-\t-\t") ? [entry.slice("-\t-\t".length)] : [])),
  );
  const fields = raw.split("\0").filter((field) => field !== "");
  const changed: ChangedPath[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = "", , blob = "", letter = ""] = (fields[at] ?? "").split(" ");
    const path = fields[at + 1] ?? "";
    const link = mode === "120000" ? await git(["cat-file", "blob", blob], { cwd: directory }) : undefined;
    const status = letter.startsWith("A") ? "added" : letter.startsWith("D") ? "deleted" : "changed";
    changed.push({ path, status, mode, binary: binary.has(path), ...(link !== undefined && { link }) });
  }
  return changed;
}

/** The first thing that a patch may not do, or undefined. Pure. */
export function problemOf(
  changed: readonly ChangedPath[],
  { scope }: Pick<TaskFile, "scope">,
  crqFolder: string,
): string | undefined {
  if (changed.length > MAX_PATCH_FILES) return `the patch changes ${changed.length} files, at most ${MAX_PATCH_FILES} are taken`;
  const allowed = picomatch([...scope.allowed], { dot: true });
  const isProtected = picomatch([...scope.protected], { dot: true });
  for (const { path, status, mode, binary, link } of changed) {
    if (mode === "160000") return `${path} is a submodule`;
    if (binary) return `${path} is binary`;
    if (link !== undefined && leaves(path, link)) return `${path} is a symbolic link that leaves the tree (${link})`;
    // What the program itself adds at a hand-over; that a given CRQ still asks for the same is for its approval hash to say.
    if (isOwnHandOver(path, crqFolder)) continue;
    if (isProtected(path)) return `${path} is protected and was ${status}`;
    if (!allowed(path)) return `${path} was ${status}; only ${scope.allowed.join(", ")} may change`;
  }
  return undefined;
}

const leaves = (path: string, link: string): boolean =>
  posix.isAbsolute(link) || posix.normalize(posix.join(posix.dirname(path), link)).split("/")[0] === "..";
