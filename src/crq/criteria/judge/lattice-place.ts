import { posix } from "node:path";
import { folderOf, LATTICE_FILE, parseLattice } from "../../../nix/lattice/plan.ts";
import type { LatticePlace } from "../../../nix/policy/lattice-place.ts";

/** The tracked files of a repository. */
export interface Tree {
  readonly paths: readonly string[];
  /** undefined: it is not there, or cannot be read. */
  read(path: string): Promise<string | undefined>;
}

/**
 * Which flakes of a lattice, or of the steps of a build, the flake of a folder may take by a relative path. Inside one: its neighbours. Outside of
 * all: the flakes of every lattice of the repository, for a project's own flake builds on them. A flake that lies in a lattice and is not planned
 * there: none.
 */
export async function latticePlaceOf(folder: string, tree: Tree): Promise<LatticePlace | undefined> {
  const has = new Set(tree.paths);
  const nodesOf = async (above: string): Promise<ReadonlySet<string> | undefined> =>
    (await plannedFolders(above, has, tree)) ?? stepFolders(above, has, tree);
  for (let above = folder; ; above = posix.dirname(above)) {
    const nodes = await nodesOf(above);
    if (nodes) return nodes.has(folder) ? { folder, nodes } : undefined;
    if (above === "." || above === "/") break;
  }
  const all = new Set<string>();
  for (const path of tree.paths) {
    if (posix.basename(path) !== LATTICE_FILE && posix.basename(path) !== STEP_BUILDER) continue;
    for (const node of (await nodesOf(posix.dirname(path))) ?? []) all.add(node);
  }
  return all.size > 0 ? { folder, nodes: all } : undefined;
}

/** What `steps flakes` writes beside the flakes. */
const STEP_BUILDER = "step.nix";

async function plannedFolders(folder: string, has: ReadonlySet<string>, tree: Tree): Promise<ReadonlySet<string> | undefined> {
  const path = posix.join(folder, LATTICE_FILE);
  if (!has.has(path)) return undefined;
  const text = await tree.read(path);
  const parsed = text === undefined ? undefined : parseLattice(path, text);
  return new Set(parsed?.ok ? [folder, ...parsed.lattice.nodes.map((node) => posix.join(folder, folderOf(node)))] : []);
}

function stepFolders(folder: string, has: ReadonlySet<string>, { paths }: Tree): ReadonlySet<string> | undefined {
  if (!has.has(posix.join(folder, STEP_BUILDER))) return undefined;
  const steps = paths
    .filter((path) => posix.basename(path) === "flake.nix")
    .map((path) => posix.dirname(path))
    .filter((path) => posix.dirname(path) === folder && /^step\d{3,}$/u.test(posix.basename(path)));
  return new Set([folder, ...steps]);
}
