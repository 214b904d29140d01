import { nodeFlake, rootFlake } from "./flake-text.ts";
import { latticeInputs } from "./inputs.ts";
import { folderOf, LATTICE_FILE, type Lattice } from "./plan.ts";
import { planText } from "./plan-text.ts";

/** From a plan to the files of a lattice. */

/** Base name to text: what a node carries besides its flake (config.toml; Cargo.toml, lib.rs, main.rs; node.nix). */
export type NodeFiles = Readonly<Record<string, string>>;

export interface LatticeFacts {
  /** By the name of the node. */
  readonly files: ReadonlyMap<string, NodeFiles>;
}

export interface GeneratedFile {
  /** Relative to the folder of lattice.toml. */
  readonly path: string;
  readonly text: string;
}

/** All flakes of a lattice, the root's first. The graph must have no problems (`latticeProblems`). */
export function latticeFlakes(lattice: Lattice, filesOf: (node: string) => readonly string[]): readonly GeneratedFile[] {
  const inputs = latticeInputs(lattice);
  const { systems } = lattice;
  return [
    { path: "flake.nix", text: rootFlake(lattice.nodes, { systems, inputs: inputs.root, files: [] }) },
    ...lattice.nodes.map((node) => ({
      path: `${folderOf(node)}/flake.nix`,
      text: nodeFlake(node, { systems, inputs: inputs.nodes.get(node.name) ?? [], files: filesOf(node.name) }),
    })),
  ];
}

/** The whole lattice: its plan, its flakes and what the nodes carry. Its locks are made of the same plan (`latticeLocks`). */
export function generateLattice(lattice: Lattice, { files }: LatticeFacts): readonly GeneratedFile[] {
  const carried = lattice.nodes.flatMap((node) =>
    Object.entries(files.get(node.name) ?? {}).map(([name, text]) => ({ path: `${folderOf(node)}/${name}`, text })),
  );
  return [
    { path: LATTICE_FILE, text: planText(lattice) },
    ...latticeFlakes(lattice, (node) => Object.keys(files.get(node) ?? {})),
    ...carried,
  ];
}
