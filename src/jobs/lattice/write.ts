import { GENERATED } from "../../nix/lattice/flake-text.ts";
import { generateLattice, type NodeFiles } from "../../nix/lattice/generate.ts";
import { dependents, folderOf, LATTICE_FILE, type Lattice, lowerFirst } from "../../nix/lattice/plan.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { NixFailure } from "../../nix/nix.ts";
import type { FileChange } from "../../repo/workspace/edits.ts";
import { writeChanges } from "../../repo/workspace/workspace.ts";
import { writeLocks } from "./lock.ts";
import { inRepository, type LatticePlaceOnDisk, track } from "./tree.ts";

export interface WantedLattice {
  readonly lattice: Lattice;
  readonly files: ReadonlyMap<string, NodeFiles>;
  /** Text of lattice.toml, where it is kept as somebody wrote it. */
  readonly plan?: string;
}

export type Prepared =
  | { readonly ok: true; readonly changes: readonly FileChange[] }
  /** Files that are there and are not the tools' to write over. */
  | { readonly ok: false; readonly taken: readonly string[] }
  | { readonly ok: false; readonly failure: NixFailure };

/**
 * Writes a lattice into the private copy, has Nix lock what changed, and says how the checkout would change. Only flakes that were made from a
 * plan are written over.
 */
export async function prepareLattice(place: LatticePlaceOnDisk, wanted: WantedLattice, fresh: boolean): Promise<Prepared> {
  const { workspace, folder } = place;
  const before = (path: string): Promise<string | undefined> => readWorktreeFile(workspace.directory, path);
  const files = generateLattice(wanted.lattice, wanted).map(({ path, text }) => ({
    path: inRepository(folder, path),
    text: path === LATTICE_FILE ? (wanted.plan ?? text) : text,
  }));
  const changes: FileChange[] = [];
  const taken: string[] = [];
  for (const { path, text } of files) {
    const was = await before(path);
    if (was === text) {
      if (fresh) taken.push(path);
      continue;
    }
    const ours = path.endsWith("flake.nix") ? was?.startsWith(GENERATED) : path === inRepository(folder, LATTICE_FILE);
    if (was !== undefined && (fresh || !ours)) taken.push(path);
    changes.push({ path, before: was, after: text });
  }
  if (taken.length > 0) return { ok: false, taken };
  const flakes = await flakesToLock(place, wanted.lattice, changes);
  const locks = await Promise.all(
    flakes.map(async (flake) => {
      const path = inRepository(folder, flake === "." ? "flake.lock" : `${flake}/flake.lock`);
      return { path, was: await before(path) };
    }),
  );
  await writeChanges(workspace.directory, changes);
  await track(
    workspace.directory,
    changes.map(({ path }) => path),
  );
  const failure = await writeLocks(place, flakes);
  if (failure) return { ok: false, failure };
  const locked = await Promise.all(locks.map(async ({ path, was }) => ({ path, before: was, after: await before(path) })));
  return { ok: true, changes: [...changes, ...locked.filter((lock) => lock.before !== lock.after)] };
}

/** Flakes whose inputs may be others now, with all above them: a lock holds the inputs of what it locks. The root is first, it has the pin. */
export async function flakesToLock(
  { workspace, folder }: LatticePlaceOnDisk,
  { nodes }: Lattice,
  changes: readonly FileChange[],
): Promise<readonly string[]> {
  const changed = new Set(changes.map(({ path }) => path));
  const stale: string[] = [];
  for (const node of nodes) {
    const flake = inRepository(folder, folderOf(node));
    const lock = await readWorktreeFile(workspace.directory, `${flake}/flake.lock`);
    if (lock === undefined || changed.has(`${flake}/flake.nix`)) stale.push(node.name);
  }
  const above = dependents(nodes, stale);
  const root = await readWorktreeFile(workspace.directory, inRepository(folder, "flake.lock"));
  const ordered = lowerFirst(nodes).filter(({ name }) => above.has(name));
  const rootIsStale = root === undefined || ordered.length > 0 || changed.has(inRepository(folder, "flake.nix"));
  return [...(rootIsStale ? ["."] : []), ...ordered.map(folderOf)];
}
