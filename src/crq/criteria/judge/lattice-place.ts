import { posix } from "node:path";
import { folderOf, LATTICE_FILE, parseLattice } from "../../../nix/lattice/plan.ts";
import type { LatticePlace } from "../../../nix/policy/lattice-place.ts";
import type { Target } from "../target.ts";

type Tree = Pick<Target, "has" | "read" | "matching">;

/** Where the flake of a folder stands in the lattice, or among the step flakes, that it or a folder above it holds; undefined for any other. */
export async function latticePlaceOf(folder: string, target: Tree): Promise<LatticePlace | undefined> {
  for (let above = folder; ; above = posix.dirname(above)) {
    const nodes = (await plannedFolders(above, target)) ?? stepFolders(above, target);
    if (nodes) return nodes.has(folder) ? { folder, nodes } : undefined;
    if (above === "." || above === "/") return undefined;
  }
}

async function plannedFolders(folder: string, target: Tree): Promise<ReadonlySet<string> | undefined> {
  const path = posix.join(folder, LATTICE_FILE);
  if (!target.has(path)) return undefined;
  const read = await target.read(path);
  const parsed = read.ok ? parseLattice(path, read.text) : undefined;
  return new Set(parsed?.ok ? [folder, ...parsed.lattice.nodes.map((node) => posix.join(folder, folderOf(node)))] : []);
}

/** What `steps flakes` writes: step.nix, and a flake in stepNNN for each record. */
function stepFolders(folder: string, target: Tree): ReadonlySet<string> | undefined {
  if (!target.has(posix.join(folder, "step.nix"))) return undefined;
  const flakes = target.matching([posix.join(folder, "step*/flake.nix")]).map((path) => posix.dirname(path));
  return new Set([folder, ...flakes.filter((path) => /^step\d{3,}$/.test(posix.basename(path)))]);
}
