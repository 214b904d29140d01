import { type Lattice, type LatticeNode, lowerFirst } from "../plan.ts";

/** The lattice for a terminal: lower nodes first, each with what it takes, then what could not become a node. */
export function latticeText({ nodes, leftOut }: Lattice): string {
  const width = Math.max(0, ...nodes.map(({ name }) => name.length));
  const rows = lowerFirst(nodes).map(({ name, kind, depends }) =>
    `${name.padEnd(width)}  ${kind.padEnd(6)}${depends.length > 0 ? `  <- ${depends.join(", ")}` : ""}`.trimEnd(),
  );
  const left = leftOut.map(({ item, file, line, reason }) => `left out: ${item} (${file}:${line}): ${reason}`);
  const edges = nodes.reduce((sum, { depends }) => sum + depends.length, 0);
  return [
    ...rows,
    ...left,
    `${nodes.length} nodes, ${edges} edges${leftOut.length > 0 ? `, ${leftOut.length} left out` : ""}`,
  ].join("\n");
}

/** A name in DOT's quotes (https://graphviz.org/doc/info/lang.html). */
const quoted = (name: string): string => `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

/** The lattice for Graphviz; edges go from a node to what it takes. */
export function latticeDot(nodes: readonly LatticeNode[]): string {
  const shapes = { config: "note", crate: "box", nix: "component" } as const;
  return `${[
    "digraph lattice {",
    "  rankdir=RL;",
    ...nodes.map(({ name, kind }) => `  ${quoted(name)} [shape=${shapes[kind]}];`),
    ...nodes.flatMap(({ name, depends }) => depends.map((lower) => `  ${quoted(name)} -> ${quoted(lower)};`)),
    "}",
  ].join("\n")}\n`;
}
