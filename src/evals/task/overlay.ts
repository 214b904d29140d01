import { chmod, copyFile, mkdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Nix } from "../../nix/nix.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import { errorCode } from "../../system/error.ts";
import { git } from "../../system/git.ts";
import type { Task } from "./task.ts";

/** From the files of an overlay to what an agent would hand over. */

/** Files of an overlay that are no part of the change. */
export const OVERLAY_PARTS = { deletions: ".delete", document: "CRQ.md", hack: "hack.toml" } as const;

/** An overlay that cannot be laid: the task is wrong. */
export class OverlayError extends Error {
  override readonly name = "OverlayError";
}

export interface OverlayPlace {
  readonly task: Pick<Task, "directory" | "leaves">;
  /** The staged task, and its commit. */
  readonly repository: string;
  readonly commit: string;
  readonly nix: Nix;
  readonly signal: AbortSignal;
}

export interface LaidOverlay {
  /** Against the staged commit; empty where the overlay changes nothing. */
  readonly patch: string;
  readonly draft?: string;
  /** Why the flake could not be locked. */
  readonly unlocked?: string;
}

/** Paths of an overlay that are laid over the fixture. */
export function overlayFiles(task: Pick<Task, "leaves">, overlay: string): readonly string[] {
  const parts: readonly string[] = Object.values(OVERLAY_PARTS);
  return task.leaves.flatMap(({ path }) =>
    path.startsWith(`${overlay}/`) && !parts.includes(path.slice(overlay.length + 1)) ? [path.slice(overlay.length + 1)] : [],
  );
}

const holds = ({ leaves }: Pick<Task, "leaves">, path: string): boolean => leaves.some((leaf) => leaf.path === path);

/** Whether the overlay changes the fixture at all; one that holds only a document does not. */
export const changesFixture = (task: Pick<Task, "leaves">, overlay: string): boolean =>
  overlayFiles(task, overlay).length > 0 || holds(task, `${overlay}/${OVERLAY_PARTS.deletions}`);

/**
 * Lays an overlay over a copy of the staged task in `directory`, which must not exist, and locks its flake as the fixture's is locked.
 * @param overlay `solution`, `hacks/NAME` …, relative to the task's folder
 */
export async function layOverlay(place: OverlayPlace, overlay: string, directory: string): Promise<LaidOverlay> {
  const { task, repository, commit, nix, signal } = place;
  await mkdir(dirname(directory), { recursive: true });
  await git(["clone", "--quiet", "--shared", "--no-checkout", "--no-tags", "--", repository, directory], {
    cwd: dirname(directory),
  });
  await git(["checkout", "--quiet", "--detach", commit], { cwd: directory });
  const source = join(task.directory, overlay);
  if (holds(task, `${overlay}/${OVERLAY_PARTS.deletions}`)) {
    const listed = (await readFile(join(source, OVERLAY_PARTS.deletions), "utf8")).split("\n").map((line) => line.trim());
    for (const path of listed.filter((line) => line !== "" && !line.startsWith("#")))
      await rm(await insideJail(directory, path), { recursive: true }).catch((error: unknown) => {
        if (errorCode(error) !== "ENOENT") throw error;
        throw new OverlayError(`${overlay}/${OVERLAY_PARTS.deletions} names ${path}, which the fixture does not have`);
      });
  }
  const files = overlayFiles(task, overlay);
  for (const path of files) {
    const leaf = task.leaves.find((one) => one.path === `${overlay}/${path}`);
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    if (leaf?.mode === "120000") await symlink(await readlink(join(source, path)), target);
    else {
      await copyFile(join(source, path), target);
      await chmod(target, leaf?.mode === "100755" ? 0o755 : 0o644);
    }
  }
  const stage = (): Promise<string> => git(["add", "--all", "--force", "."], { cwd: directory });
  await stage();
  const unlocked =
    files.includes("flake.lock") || !(await isTracked(directory, "flake.nix")) ? undefined : await lock(nix, directory, signal);
  await stage();
  const patch = await git(["diff", "--cached", "--binary", "--full-index", "--no-renames", "--no-ext-diff", commit], {
    cwd: directory,
    maxOutputBytes: 64 * 1024 * 1024,
  });
  const document = `${overlay}/${OVERLAY_PARTS.document}`;
  return {
    patch,
    ...(holds(task, document) && { draft: await readFile(join(task.directory, document), "utf8") }),
    ...(unlocked !== undefined && { unlocked }),
  };
}

const isTracked = async (directory: string, path: string): Promise<boolean> =>
  (await git(["ls-files", "--", path], { cwd: directory })).trim() !== "";

async function lock(nix: Nix, directory: string, signal: AbortSignal): Promise<string | undefined> {
  const locked = await nix.lock(directory, { signal });
  return locked.ok ? undefined : locked.diagnoses[0].message;
}
