import { lockText } from "../sibling-flakes/lock-text.ts";
import type { LockedFlake } from "../sibling-flakes/locked-flake.ts";
import type { GeneratedFile } from "./generate.ts";
import { latticeInputs } from "./inputs.ts";
import { folderOf, type Lattice } from "./plan.ts";

/** flake.lock of every flake of a lattice whose graph has no problems, the root's first: one nixpkgs for all, however late a node came. */
export function latticeLocks(lattice: Lattice, nixpkgs: LockedFlake): readonly GeneratedFile[] {
  const inputs = latticeInputs(lattice);
  const siblings = { inputsOf: (name: string) => inputs.nodes.get(name) ?? [], nixpkgs };
  return [
    { path: "flake.lock", text: lockText(inputs.root, siblings) },
    ...lattice.nodes.map((node) => ({
      path: `${folderOf(node)}/flake.lock`,
      text: lockText(siblings.inputsOf(node.name), siblings),
    })),
  ];
}
