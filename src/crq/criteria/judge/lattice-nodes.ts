/** Whether the flakes of a lattice have the edges that its plan has. Pure. */

export interface PlannedNode {
  readonly name: string;
  readonly depends: readonly string[];
  readonly node: {
    readonly folder: string;
    /** Folders that its flake takes as inputs. */
    readonly lower: readonly string[];
    /** Folders of the nodes that its build uses. */
    readonly uses: ReadonlySet<string>;
  };
}

/**
 * An edge is planned, is a flake input, and its build is used. A flake may also declare nodes below what it takes, so that its inputs share
 * them, and its build may use them (a compiler wants the libraries of libraries); an edge to any other node is not in the plan.
 */
export function planProblems(nodes: readonly PlannedNode[]): readonly string[] {
  const byName = new Map(nodes.map((planned) => [planned.name, planned]));
  const nameOf = new Map(nodes.map(({ name, node }) => [node.folder, name]));
  return nodes.flatMap(({ name, depends, node }) => {
    const below = new Set(depends);
    for (const lower of below) for (const other of byName.get(lower)?.depends ?? []) below.add(other);
    const needed = depends.flatMap((other) => {
      const folder = byName.get(other)?.node.folder;
      if (folder === undefined) return [];
      if (!node.lower.includes(folder)) return [`${name} depends on ${other}, and its flake does not take it as an input`];
      return node.uses.has(folder) ? [] : [`${name} takes ${other} as an input, and its build does not use it`];
    });
    const more = node.lower.flatMap((folder) => {
      const other = nameOf.get(folder);
      return other === undefined || below.has(other) ? [] : [`${name} takes ${other}, which the plan does not say`];
    });
    const beyond = [...node.uses].flatMap((folder) => {
      const other = nameOf.get(folder);
      const told = other === undefined || below.has(other) || node.lower.includes(folder);
      return told ? [] : [`${name} builds on ${other}, which the plan does not put below it`];
    });
    return [...needed, ...more, ...beyond];
  });
}
