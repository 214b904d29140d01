/** A graph of named nodes, each with the names it depends on. Pure. */

/** What is wrong with the graph: ids used twice, edges to nothing, a cycle (named by one way round it). */
export function graphProblems(nodes: readonly { readonly id: string; readonly depends: readonly string[] }[]): readonly string[] {
  const problems: string[] = [];
  const byId = new Map<string, readonly string[]>();
  for (const { id, depends } of nodes) {
    if (byId.has(id)) problems.push(`"${id}" is used twice`);
    byId.set(id, depends);
  }
  for (const { id, depends } of nodes) {
    for (const other of depends) if (!byId.has(other)) problems.push(`"${id}" depends on "${other}", which does not exist`);
  }
  const cycle = findCycle(byId);
  if (cycle) problems.push(`circular: ${cycle.join(" -> ")}`);
  return problems;
}

/** Depth-first search without recursion: a chain may be long. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    const path: { readonly id: string; readonly rest: string[] }[] = [{ id: start, rest: [...(edges.get(start) ?? [])] }];
    const onPath = new Set([start]);
    while (path.length > 0) {
      const here = path.at(-1);
      const next = here?.rest.pop();
      if (!here) break;
      if (next === undefined) {
        path.pop();
        onPath.delete(here.id);
        done.add(here.id);
      } else if (onPath.has(next)) {
        const ids = path.map((step) => step.id);
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!done.has(next) && edges.has(next)) {
        path.push({ id: next, rest: [...(edges.get(next) ?? [])] });
        onPath.add(next);
      }
    }
  }
  return undefined;
}
