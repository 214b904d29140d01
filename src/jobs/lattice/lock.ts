import { join } from "node:path";
import { latticeLocks } from "../../nix/lattice/lattice-locks.ts";
import type { Lattice } from "../../nix/lattice/plan.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { FileChange } from "../../repo/workspace/edits.ts";
import { lockNixpkgs, type NixpkgsLock } from "../nixpkgs-lock.ts";
import { inRepository, type LatticePlaceOnDisk } from "./tree.ts";

export type LockChanges =
  | { readonly ok: true; readonly changes: readonly FileChange[] }
  | Extract<NixpkgsLock, { readonly ok: false }>;

/**
 * The locks of a lattice whose flakes are as planned, where they differ from those that lie there. nixpkgs is pinned once, by the root's
 * lock; Nix is asked for it where that has none for the plan's reference. All else follows from the plan.
 */
export async function lockChanges(place: LatticePlaceOnDisk, lattice: Lattice): Promise<LockChanges> {
  const { workspace, folder, nix, run } = place;
  const { nixpkgs } = lattice;
  const root = join(workspace.directory, inRepository(folder, "flake.lock"));
  const locked = await lockNixpkgs({ locks: [root], nixpkgs, nix, run });
  if (!locked.ok) return locked;
  const changes: FileChange[] = [];
  for (const { path, text } of latticeLocks(lattice, locked.flake)) {
    const full = inRepository(folder, path);
    const before = await readWorktreeFile(workspace.directory, full);
    if (before !== text) changes.push({ path: full, before, after: text });
  }
  return { ok: true, changes };
}
