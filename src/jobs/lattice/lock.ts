import { type FlakeLock, parseLock } from "../../nix/lock.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { NixFailure } from "../../nix/nix.ts";
import { writeState } from "../../repo/workspace/workspace.ts";
import { directoryOf, inRepository, type LatticePlaceOnDisk, track } from "./tree.ts";

/**
 * Writes the locks of some flakes of a lattice, all by Nix. nixpkgs is pinned once: where the root flake has a lock, every other lock begins
 * with its pin, so that nodes that came at different times are still built with one package set.
 * @param flakes folders relative to the lattice, lower nodes first; `.` is the root
 */
export async function writeLocks(place: LatticePlaceOnDisk, flakes: readonly string[]): Promise<NixFailure | undefined> {
  const { workspace, folder, nix, run } = place;
  let pin = await pinnedNixpkgs(place, ".");
  for (const flake of flakes) {
    const path = inRepository(folder, `${flake === "." ? "" : `${flake}/`}flake.lock`);
    if (pin !== undefined) await writeState(workspace.directory, path, pin);
    await track(workspace.directory, pin === undefined ? [] : [path]);
    run.onProgress?.(`locking ${flake === "." ? "the root flake" : flake}`);
    const locked = await nix.lock(directoryOf(place, flake), run);
    if (!locked.ok) return locked;
    await track(workspace.directory, [path]);
    pin ??= await pinnedNixpkgs(place, flake);
  }
  return undefined;
}

/** A lock that holds nixpkgs of this flake's lock, with what it takes itself, and nothing else. */
async function pinnedNixpkgs({ workspace, folder }: LatticePlaceOnDisk, flake: string): Promise<string | undefined> {
  const path = inRepository(folder, `${flake === "." ? "" : `${flake}/`}flake.lock`);
  const parsed = parseLock((await readWorktreeFile(workspace.directory, path)) ?? "");
  return parsed.ok ? pinOf(parsed.lock) : undefined;
}

/** Pure part: the node `nixpkgs` and all nodes below it. */
export function pinOf(lock: FlakeLock): string | undefined {
  const start = lock.nodes[lock.root]?.inputs?.nixpkgs;
  if (typeof start !== "string") return undefined;
  const kept = new Set<string>([start]);
  for (const name of kept) {
    for (const target of Object.values(lock.nodes[name]?.inputs ?? {})) if (typeof target === "string") kept.add(target);
  }
  const nodes = Object.entries(lock.nodes).filter(([name]) => kept.has(name));
  const pinned = { nodes: Object.fromEntries([...nodes, ["root", { inputs: { nixpkgs: start } }]]), root: "root", version: 7 };
  return `${JSON.stringify(pinned, undefined, 2)}\n`;
}
