import fc from "fast-check";
import type { Lattice, LatticeNode } from "../../../src/nix/lattice/plan.ts";

/** Any graph without a cycle: a node takes some of those before it, and the plan has them in any order. */
export const lattices: fc.Arbitrary<Lattice> = fc
  .array(fc.record({ kind: fc.constantFrom("config", "crate", "nix"), takes: fc.array(fc.nat(11), { maxLength: 4 }) }), {
    maxLength: 12,
  })
  .chain((rows) => {
    const nodes = rows.map(
      ({ kind, takes }, at): LatticeNode => ({
        name: `n${at}`,
        kind,
        depends: [...new Set(takes.filter((lower) => lower < at).map((lower) => `n${lower}`))],
      }),
    );
    return fc.record({
      nodes: fc.shuffledSubarray(nodes, { minLength: nodes.length }),
      leftOut: fc.array(
        fc.record({
          item: fc.string({ minLength: 1 }),
          file: fc.string({ minLength: 1 }),
          line: fc.integer({ min: 1, max: 9e5 }),
          reason: fc.string({ minLength: 1 }),
        }),
        { maxLength: 2 },
      ),
      nixpkgs: fc.constant("github:NixOS/nixpkgs/nixos-26.05"),
      systems: fc.constant(["x86_64-linux", "aarch64-darwin"]),
    });
  });
