import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnosis } from "../diagnosis.ts";
import { movedInputs, parseLock } from "../lock.ts";
import type { NixFailure } from "../nix.ts";
import type { MechanicPlace, MechanicResult } from "./mechanic.ts";
import { readWorktreeFile, stageNewFiles } from "./worktree-files.ts";

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

/** A Cargo.lock that is there is tracked; one that is not is made, where a person allowed that. */
export async function provideCargoLock(diagnosis: Diagnosis, place: MechanicPlace): Promise<MechanicResult | undefined> {
  if (diagnosis.kind !== "cargo-lock" || diagnosis.problem !== "missing") return undefined;
  const tracked = await trackFile("Cargo.lock", place);
  if (tracked || place.generateLockFile === undefined) return tracked;
  const before = await readWorktreeFile(place.worktree, "Cargo.lock");
  if (before !== undefined) return undefined; // there, but ignored by git: .gitignore is for the change itself
  const made = await place.generateLockFile(place.run);
  const after = await readWorktreeFile(place.worktree, "Cargo.lock");
  if (!made.ok || after === undefined) return undefined;
  const { staged, ignored } = await stageNewFiles(place.worktree, ["Cargo.lock"]);
  const detail = ignored.length > 0 ? "cargo made Cargo.lock, but .gitignore hides it from the flake" : "cargo made Cargo.lock";
  return { name: "make-cargo-lock", detail, edits: [{ path: "Cargo.lock", before, after }], staged };
}
