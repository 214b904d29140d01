import { type LatticeNode, lowerFirst } from "../plan.ts";

/** Nodes in columns by height: what takes nothing is in the first, every other one right of all that it takes. Pure. */
export function layersOf(nodes: readonly LatticeNode[]): readonly (readonly LatticeNode[])[] {
  const height = new Map<string, number>();
  const layers: LatticeNode[][] = [];
  for (const node of lowerFirst(nodes)) {
    const at = Math.max(-1, ...node.depends.map((name) => height.get(name) ?? -1)) + 1;
    height.set(node.name, at);
    const layer = layers[at] ?? [];
    layers[at] = layer;
    layer.push(node);
  }
  return untangled(layers);
}

/** Each column in the order of the middle of what its nodes take, so that fewer edges cross (the barycentre rule of layered drawing). */
function untangled(layers: readonly (readonly LatticeNode[])[]): readonly (readonly LatticeNode[])[] {
  const row = new Map<string, number>();
  return layers.map((layer) => {
    const middle = (node: LatticeNode): number =>
      node.depends.length === 0 ? 0 : node.depends.reduce((sum, name) => sum + (row.get(name) ?? 0), 0) / node.depends.length;
    const ordered = [...layer].sort((a, b) => middle(a) - middle(b));
    for (const [at, { name }] of ordered.entries()) row.set(name, at);
    return ordered;
  });
}
