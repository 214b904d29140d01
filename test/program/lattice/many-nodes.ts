import { dependents, type LatticeNode } from "../../../src/nix/lattice/plan.ts";
import { planText } from "../../../src/nix/lattice/plan-text.ts";
import type { Files } from "../place.ts";
import { SYSTEM } from "../samples.ts";

/** A lattice of many small nodes: each takes the one before it in its row and one of the row below, so that nearly all share what is lower. */

const WIDE = 10;

export function manyNodes(count: number): readonly LatticeNode[] {
  const name = (at: number): string => (at === 0 ? "config" : `n${at}`);
  return Array.from({ length: count }, (_, at) => {
    const lower = [at - WIDE, at % WIDE === 0 ? at - 1 : at - WIDE - 1].filter(
      (each, where, all) => each > 0 && all.indexOf(each) === where,
    );
    return {
      name: name(at),
      kind: at === 0 ? "config" : "nix",
      depends: lower.length > 0 ? lower.map(name) : at === 0 ? [] : ["config"],
    };
  });
}

const fileOf = (lower: string): string => (lower === "config" ? '"${nodes.config}/config.toml"' : `nodes.${lower}`);

/** What a node makes: its own word and those of what it takes, by the shell of the sandbox alone. */
export const nodeText = ({ name, depends }: LatticeNode, word = name): string => `{ nodes, system, ... }:
derivation {
  name = "${name}";
  inherit system;
  word = "${word}";
  takes = [ ${depends.map(fileOf).join(" ")} ];
  builder = "/bin/sh";
  args = [
    "-c"
    "echo $word > $out; for each in $takes; do read -r line < $each; echo $line; done >> $out"
  ];
}
`;

/** The plan and what the nodes carry; their flakes are for \`lattice check --fix\` to write. */
export function latticeOf(nodes: readonly LatticeNode[]): Files {
  const plan = planText({ nixpkgs: "github:NixOS/nixpkgs/nixos-26.05", systems: [SYSTEM], nodes, leftOut: [] });
  const carried = nodes.map((node) =>
    node.kind === "config"
      ? ["lattice/config/config.toml", 'word = "seed"\n']
      : [`lattice/nodes/${node.name}/node.nix`, nodeText(node)],
  );
  return { "lattice/lattice.toml": plan, ...Object.fromEntries(carried) };
}

/** What a change of one node must build again, in the order of the plan. */
export const rebuilt = (nodes: readonly LatticeNode[], name: string): readonly string[] => {
  const reached = dependents(nodes, [name]);
  return nodes.map((node) => node.name).filter((each) => reached.has(each));
};
