import { GENERATED } from "../../nix/lattice/flake-text.ts";
import { generateLattice, type NodeFiles } from "../../nix/lattice/generate.ts";
import { LATTICE_FILE, type Lattice } from "../../nix/lattice/plan.ts";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { NixFailure } from "../../nix/nix.ts";
import type { FileChange } from "../../repo/workspace/edits.ts";
import { writeChanges } from "../../repo/workspace/workspace.ts";
import { lockChanges } from "./lock.ts";
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
  | { readonly ok: false; readonly problem: string; readonly failure: NixFailure | undefined };

/**
 * Writes a lattice with its locks into the private copy, and says how the checkout would change. Only flakes that were made from a
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
  const locked = await lockChanges(place, wanted.lattice);
  if (!locked.ok) return locked;
  changes.push(...locked.changes);
  await writeChanges(workspace.directory, changes);
  await track(
    workspace.directory,
    changes.map(({ path }) => path),
  );
  return { ok: true, changes };
}
