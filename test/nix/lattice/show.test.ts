import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lattice, LatticeNode } from "../../../src/nix/lattice/plan.ts";
import { layersOf } from "../../../src/nix/lattice/show/layers.ts";
import { latticeSvg } from "../../../src/nix/lattice/show/svg.ts";
import { latticeDot, latticeText } from "../../../src/nix/lattice/show/text.ts";
import { lattices } from "./lattices.ts";

const NODES: readonly LatticeNode[] = [
  { name: "top", kind: "nix", depends: ["left", "config"] },
  { name: "left", kind: "crate", depends: ["config"] },
  { name: "config", kind: "config", depends: [] },
];
const LATTICE: Lattice = {
  nixpkgs: "github:NixOS/nixpkgs/nixos-26.05",
  systems: ["x86_64-linux"],
  nodes: NODES,
  leftOut: [{ item: "main", file: "src/main.rs", line: 3, reason: "it reads a file" }],
};

describe("a lattice is shown", () => {
  it("as text: lower nodes first, and what is left out", () => {
    expect(latticeText(LATTICE)).toBe(`config  config
left    crate   <- config
top     nix     <- left, config
left out: main (src/main.rs:3): it reads a file
3 nodes, 3 edges, 1 left out`);
  });

  it("for Graphviz", () => {
    expect(latticeDot(NODES)).toBe(`digraph lattice {
  rankdir=RL;
  "top" [shape=component];
  "left" [shape=box];
  "config" [shape=note];
  "top" -> "left";
  "top" -> "config";
  "left" -> "config";
}
`);
  });

  it("as a drawing that is readable light and dark, with an arrow for each edge and boxes that do not lie on one another", () => {
    const svg = latticeSvg(NODES, 'Lattice of <a> & "b"');
    expect(svg).toContain('<title>Lattice of &lt;a&gt; &amp; "b"</title>');
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
    fc.assert(
      fc.property(lattices, ({ nodes }) => {
        const drawn = latticeSvg(nodes, "lattice");
        const boxes = [...drawn.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map(
          ([, ...at]) => at.map(Number),
        );
        expect(boxes).toHaveLength(nodes.length);
        expect(drawn.match(/marker-end/g) ?? []).toHaveLength(nodes.reduce((sum, { depends }) => sum + depends.length, 0));
        const overlaps = boxes.some(([x = 0, y = 0, width = 0, height = 0], at) =>
          boxes.some(
            ([x2 = 0, y2 = 0, width2 = 0, height2 = 0], other) =>
              at < other && x < x2 + width2 && x2 < x + width && y < y2 + height2 && y2 < y + height,
          ),
        );
        expect(overlaps).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("with every node right of what it takes", () => {
    fc.assert(
      fc.property(lattices, ({ nodes }) => {
        const column = new Map(layersOf(nodes).flatMap((layer, at) => layer.map(({ name }) => [name, at] as const)));
        for (const { name, depends } of nodes)
          for (const lower of depends) expect(column.get(lower) ?? 0).toBeLessThan(column.get(name) ?? 0);
      }),
    );
  });
});
