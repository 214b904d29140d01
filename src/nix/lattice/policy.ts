import { posix } from "node:path";
import { judgeInputs } from "../policy/judge-inputs.ts";
import type { InputFinding, InputPolicy } from "../policy/policy.ts";
import { latticeInputs } from "./inputs.ts";
import { folderOf, type Lattice } from "./plan.ts";

export interface LatticeInputFinding extends InputFinding {
  /** Of the flake, relative to the repository. */
  readonly file: string;
}

/** The inputs that a lattice's flakes declare, against the project's policy. Each reason is given once, where it is met first. */
export function judgeLattice(
  lattice: Lattice,
  folder: string,
  policy: InputPolicy,
  today: string,
): readonly LatticeInputFinding[] {
  const inputs = latticeInputs(lattice);
  const place = (flake: string): string => posix.join(folder, flake);
  const nodes = new Set([place("."), ...lattice.nodes.map((node) => place(folderOf(node)))]);
  const flakes = [
    { flake: ".", declared: inputs.root },
    ...lattice.nodes.map((node) => ({ flake: folderOf(node), declared: inputs.nodes.get(node.name) ?? [] })),
  ];
  const seen = new Set<string>();
  return flakes.flatMap(({ flake, declared }) =>
    judgeInputs({
      policy,
      today,
      inputs: { inputs: declared.map(({ name, url }) => ({ name, url, overrides: {} })), outputArguments: {}, nixConfig: {} },
      lattice: { folder: place(flake), nodes },
    }).flatMap((finding) => {
      const reason = `${finding.rule} ${finding.next}`;
      if (seen.has(reason)) return [];
      seen.add(reason);
      return [{ ...finding, file: posix.join(folder, flake, "flake.nix") }];
    }),
  );
}
