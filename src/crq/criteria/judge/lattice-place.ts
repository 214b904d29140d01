import { posix } from "node:path";
import { folderOf, LATTICE_FILE, parseLattice } from "../../../nix/lattice/plan.ts";
import type { LatticePlace } from "../../../nix/policy/lattice-place.ts";
import type { Target } from "../target.ts";

/** Where the flake of a folder stands in the lattice whose lattice.toml lies in it or above it; undefined for a flake of no lattice. */
export async function latticePlaceOf(folder: string, target: Pick<Target, "has" | "read">): Promise<LatticePlace | undefined> {
  for (let above = folder; ; above = posix.dirname(above)) {
    const path = above === "." ? LATTICE_FILE : `${above}/${LATTICE_FILE}`;
    if (target.has(path)) {
      const read = await target.read(path);
      const parsed = read.ok ? parseLattice(path, read.text) : undefined;
      if (!parsed?.ok) return undefined;
      const nodes = new Set([above, ...parsed.lattice.nodes.map((node) => posix.join(above, folderOf(node)))]);
      return nodes.has(folder) ? { folder, nodes } : undefined;
    }
    if (above === "." || above === "/") return undefined;
  }
}
