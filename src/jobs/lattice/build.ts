import { firstContent } from "../../crq/criteria/programs/store-files.ts";
import { formatAttributePath } from "../../nix/attribute-path.ts";
import { type LatticeNode, lowerFirst } from "../../nix/lattice/plan.ts";
import type { NixFailure } from "../../nix/nix.ts";
import type { ExecutionEnvironment } from "../../system/environment/execution-environment.ts";
import { directoryOf, type LatticePlaceOnDisk, type ReadLattice } from "./tree.ts";

/** Builds nodes by way of the root flake: one evaluation and one build, however many nodes there are. */

export interface BuiltNode {
  readonly name: string;
  readonly drvPath: string;
  /** Whether Nix started to build its derivation; else its outputs were there already. */
  readonly built: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  /** Its outputs hold no file with a byte in it. */
  readonly empty: boolean;
}

export type BuiltLattice =
  | {
      readonly ok: true;
      readonly nodes: readonly BuiltNode[];
      /** Store path of the join, where the whole lattice was built. */
      readonly root?: string;
      /** Derivations that Nix built besides the nodes' own. */
      readonly others: number;
      readonly processes: number;
    }
  | { readonly ok: false; readonly failure: NixFailure; readonly started: readonly string[] };

/** @param names nodes to build with what they take; none: the whole lattice */
export async function buildLattice(
  place: LatticePlaceOnDisk,
  { lattice }: ReadLattice,
  names: readonly string[],
  environment: ExecutionEnvironment,
): Promise<BuiltLattice> {
  const { nix, run } = place;
  const nodes = names.length === 0 ? lattice.nodes : withLower(lattice.nodes, names);
  const attributeOf = (name: string): string => formatAttributePath(["packages", nix.system, name]);
  const attributes = [...nodes.map(({ name }) => name), ...(names.length === 0 ? ["default"] : [])].map(attributeOf);
  const started = new Set<string>();
  const before = nix.processes;
  const result = await nix.build(directoryOf(place, "."), attributes, { ...run, onBuild: (drvPath) => started.add(drvPath) });
  if (!result.ok) return { ok: false, failure: result, started: [...started] };
  const byAttribute = new Map(result.value.map((built) => [built.installable, built]));
  const built: BuiltNode[] = [];
  for (const { name } of nodes) {
    const one = byAttribute.get(attributeOf(name));
    if (!one) continue;
    const contents = await Promise.all(Object.values(one.outputs).map((output) => firstContent(environment, output)));
    const empty = contents.every((content) => content === undefined);
    built.push({ name, drvPath: one.drvPath, built: started.has(one.drvPath), outputs: one.outputs, empty });
  }
  const join = byAttribute.get(attributeOf("default"));
  const own = new Set([...built.map(({ drvPath }) => drvPath), join?.drvPath]);
  const root = join?.outputs.out;
  return {
    ok: true,
    nodes: built,
    ...(root !== undefined && { root }),
    others: [...started].filter((drvPath) => !own.has(drvPath)).length,
    processes: nix.processes - before,
  };
}

/** Nodes with all that they take, directly or not. */
function withLower(nodes: readonly LatticeNode[], names: readonly string[]): readonly LatticeNode[] {
  const wanted = new Set(names);
  for (const { name, depends } of [...lowerFirst(nodes)].reverse())
    if (wanted.has(name)) for (const lower of depends) wanted.add(lower);
  return nodes.filter(({ name }) => wanted.has(name));
}
