import { tomlLine } from "../../crq/render/toml.ts";
import type { Lattice, LatticeNode } from "./plan.ts";

/** The table of one node, without a final newline. */
export function nodeTable({ name, kind, depends }: LatticeNode): string {
  const lines = ["[[node]]", tomlLine("name", name), tomlLine("kind", kind)];
  return [...lines, ...(depends.length > 0 ? [tomlLine("depends", depends)] : [])].join("\n");
}

/** lattice.toml of a plan. */
export function planText({ nixpkgs, systems, nodes, leftOut }: Lattice): string {
  const head = ["# A flake lattice: each node is one flake, and what it depends on are its inputs.", 'schema = "crq-lattice/1"'];
  const left = leftOut.map(({ item, file, line, reason }) => [
    "[[left-out]]",
    tomlLine("item", item),
    tomlLine("file", file),
    tomlLine("line", line),
    tomlLine("reason", reason),
  ]);
  const first = [...head, tomlLine("nixpkgs", nixpkgs), tomlLine("systems", systems)];
  return `${[first, ...nodes.map((node) => [nodeTable(node)]), ...left].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
