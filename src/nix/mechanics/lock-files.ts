import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../../system/git.ts";
import { movedInputs, parseLock } from "../lock.ts";
import type { NixFailure } from "../nix.ts";
import type { MechanicPlace, MechanicResult } from "./mechanic.ts";
import { readWorktreeFile, stageNewFiles, trackedFiles } from "./worktree-files.ts";

/** Lets git track a file that is there and that the flake did not see. */
export async function trackFile(path: string, { worktree }: MechanicPlace): Promise<MechanicResult | undefined> {
  const there = await lstat(join(worktree, path)).catch(() => undefined); // what does not exist cannot be tracked
  if (!there) return undefined;
  const { staged } = await stageNewFiles(worktree, [path]);
  if (staged.length === 0) return undefined;
  return {
    name: "track-files",
    detail: `git tracks ${staged.slice(0, 5).join(", ")}${staged.length > 5 ? ` and ${staged.length - 5} more` : ""} now (intent to add)`,
    edits: [],
    staged,
  };
}

/** Writes flake.lock and says which inputs moved; a failure is Nix's own. */
export async function writeLock(
  { nix, worktree, run }: MechanicPlace,
  update: readonly string[] = [],
): Promise<MechanicResult | NixFailure> {
  const before = await readWorktreeFile(worktree, "flake.lock");
  const locked = await nix.lock(worktree, { ...run, update });
  if (!locked.ok) return locked;
  const after = (await readWorktreeFile(worktree, "flake.lock")) ?? "";
  // Nix itself lets git track a new lock, where it finds git.
  const { staged } = await stageNewFiles(worktree, ["flake.lock"]);
  const [was, is] = [parseLock(before ?? ""), parseLock(after)];
  const moved = is.ok ? movedInputs(was.ok ? was.lock : undefined, is.lock) : [];
  const what = moved.map(
    ({ input, from, to }) => `${input} ${from === undefined ? "added" : to === undefined ? "removed" : "moved"}`,
  );
  return {
    name: "write-lock",
    detail: `flake.lock is written${what.length === 0 ? "" : `: ${what.slice(0, 8).join(", ")}`}`,
    edits: before === after ? [] : [{ path: "flake.lock", before, after }],
    staged: before === undefined && after !== "" ? [...new Set([...staged, "flake.lock"])] : staged,
  };
}

/** A Cargo.lock that is there is tracked; one that is not is made, where a person allowed that. @param path the one that was missed */
export async function provideCargoLock(place: MechanicPlace, path: string): Promise<MechanicResult | undefined> {
  const tracked = await trackFile(path, place);
  if (tracked || place.generateLockFile === undefined) return tracked;
  const before = await untrackedLocks(place.worktree);
  const made = await place.generateLockFile(place.run);
  // cargo writes it beside the workspace's root manifest, wherever that is.
  const fresh = (await untrackedLocks(place.worktree)).filter((lock) => !before.includes(lock));
  if (!made.ok || fresh.length === 0) return undefined;
  const edits = await Promise.all(
    fresh.map(async (lock) => ({ path: lock, before: undefined, after: (await readWorktreeFile(place.worktree, lock)) ?? "" })),
  );
  const { staged, ignored } = await stageNewFiles(place.worktree, fresh);
  const hidden = ignored.length > 0 ? ", but .gitignore hides it from the flake" : "";
  return { name: "make-cargo-lock", detail: `cargo made ${fresh.join(", ")}${hidden}`, edits, staged };
}

/** Brings a Cargo.lock that is behind Cargo.toml in step by cargo itself, where a person allowed that; what it need not touch stays. */
export async function renewCargoLock(place: MechanicPlace): Promise<MechanicResult | undefined> {
  if (place.generateLockFile === undefined) return undefined;
  const read = async (): Promise<ReadonlyMap<string, string | undefined>> => {
    const paths = await trackedFiles(place.worktree, "Cargo.lock", "*/Cargo.lock");
    return new Map(await Promise.all(paths.map(async (path) => [path, await readWorktreeFile(place.worktree, path)] as const)));
  };
  const before = await read();
  const made = await place.generateLockFile(place.run);
  const edits = [...(await read())].flatMap(([path, after]) =>
    after !== undefined && after !== before.get(path) ? [{ path, before: before.get(path), after }] : [],
  );
  if (!made.ok || edits.length === 0) return undefined;
  return {
    name: "make-cargo-lock",
    detail: `cargo brought ${edits.map(({ path }) => path).join(", ")} in step with Cargo.toml`,
    edits,
    staged: [],
  };
}

/** Those that git does not track, ignored ones included. */
async function untrackedLocks(worktree: string): Promise<readonly string[]> {
  const listed = await git(["ls-files", "-z", "--others", "--", "Cargo.lock", "*/Cargo.lock"], { cwd: worktree });
  return listed.split("\0").filter((path) => path !== "");
}
