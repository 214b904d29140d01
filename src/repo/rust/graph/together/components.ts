/** Sets that only ever join, and the strongly connected components of a graph. */

export class Joined<T> {
  readonly #parents = new Map<T, T>();

  find(one: T): T {
    let root = one;
    for (let up = this.#parents.get(root); up !== undefined; up = this.#parents.get(root)) root = up;
    // Later ways are short.
    for (let at = one; at !== root; ) {
      const up = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = up;
    }
    return root;
  }

  join(a: T, b: T): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#parents.set(y, x);
  }
}

/** Tarjan's algorithm without recursion; components in the order of their first node. */
export function components<T>(nodes: readonly T[], edges: (node: T) => Iterable<T>): readonly (readonly T[])[] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const stack: T[] = [];
  const onStack = new Set<T>();
  const found: T[][] = [];
  for (const start of nodes) {
    if (index.has(start)) continue;
    const walk: { readonly node: T; readonly rest: Iterator<T> }[] = [];
    const enter = (node: T): void => {
      index.set(node, index.size);
      low.set(node, index.size - 1);
      stack.push(node);
      onStack.add(node);
      walk.push({ node, rest: edges(node)[Symbol.iterator]() });
    };
    enter(start);
    for (let here = walk.at(-1); here; here = walk.at(-1)) {
      const { node } = here;
      const next = here.rest.next();
      if (!next.done) {
        if (!index.has(next.value)) enter(next.value);
        else if (onStack.has(next.value)) low.set(node, Math.min(low.get(node) ?? 0, index.get(next.value) ?? 0));
        continue;
      }
      walk.pop();
      const above = walk.at(-1);
      if (above) low.set(above.node, Math.min(low.get(above.node) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== index.get(node)) continue;
      const component: T[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member);
        component.push(member);
        if (member === node) break;
      }
      found.push(component);
    }
  }
  return found;
}
