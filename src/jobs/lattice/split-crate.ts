import type { NodeFiles } from "../../nix/lattice/generate.ts";
import type { LatticeNode, LeftOut } from "../../nix/lattice/plan.ts";

export type SplitOf =
  | {
      readonly ok: true;
      readonly nodes: readonly LatticeNode[];
      readonly files: ReadonlyMap<string, NodeFiles>;
      readonly leftOut: readonly LeftOut[];
    }
  | { readonly ok: false; readonly exit: number; readonly problem: string; readonly next: string };

/** The items of a crate as nodes. */
export async function splitOf(_root: string, folder: string): Promise<SplitOf> {
  return { ok: false, exit: 4, problem: `${folder}: crates cannot be split yet`, next: "Add its nodes by hand." };
}
