import { z } from "zod";
import { graphProblems } from "../../repo/dependency-graph.ts";
import { lineOfKey, parseToml } from "../../world/content/toml.ts";

/** The plan of a flake lattice (lattice.toml): which nodes there are and what each takes from others. A node is one flake, an edge a flake input. */

export const LATTICE_FILE = "lattice.toml";

/** `self` is Nix's, `nixpkgs` an input of every node, `default` the package that joins them. */
const RESERVED = new Set(["self", "nixpkgs", "default"]);
const nameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,199}$/, "expected a letter, then letters, digits, - and _")
  .refine((name) => !RESERVED.has(name), "is a name that every flake of a lattice uses already");

/** Names that no node can have, with the reason. A plan may be made of a crate whose name nobody chose for a lattice. */
function badNames(nodes: readonly LatticeNode[]): readonly string[] {
  return nodes.flatMap(({ name }) => {
    const checked = nameSchema.safeParse(name);
    return checked.success ? [] : [`"${name}": ${checked.error.issues[0]?.message ?? "is no name of a node"}`];
  });
}

const nodeSchema = z.strictObject({
  name: nameSchema,
  /** What the folder holds besides its flake: config.toml; Cargo.toml with lib.rs or main.rs; or node.nix, an expression of one's own. */
  kind: z.enum(["config", "crate", "nix"]),
  depends: z.array(nameSchema).default([]),
});

const leftOutSchema = z.strictObject({
  item: z.string().min(1),
  file: z.string().min(1),
  line: z.int().positive(),
  reason: z.string().min(1),
});

const latticeSchema = z.strictObject({
  schema: z.literal("crq-lattice/1"),
  /** Flake reference; pinned once, by the lock of the root flake. */
  nixpkgs: z.string().min(1),
  systems: z.array(z.string().regex(/^[a-z0-9_]+-[a-z0-9_]+$/, "expected a system such as x86_64-linux")).min(1),
  node: z.array(nodeSchema).default([]),
  "left-out": z.array(leftOutSchema).default([]),
});

export type LatticeNode = Readonly<z.infer<typeof nodeSchema>>;
/** Something of a crate that is no node, and why. */
export type LeftOut = Readonly<z.infer<typeof leftOutSchema>>;

export interface Lattice {
  readonly nixpkgs: string;
  readonly systems: readonly string[];
  readonly nodes: readonly LatticeNode[];
  readonly leftOut: readonly LeftOut[];
}

export interface LatticeProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly next: string;
}

export type ParsedLattice =
  | { readonly ok: true; readonly lattice: Lattice }
  | { readonly ok: false; readonly problems: readonly LatticeProblem[] };

/** Reads lattice.toml. A lattice that is read has a graph without a cycle, without a missing node and without a name used twice. */
export function parseLattice(file: string, text: string): ParsedLattice {
  const parsed = parseToml(file, text, latticeSchema);
  if (!parsed.ok)
    return { ok: false, problems: parsed.problems.map(({ line = 1, message, next }) => ({ file, line, message, next })) };
  const { nixpkgs, systems, node: nodes, "left-out": leftOut } = parsed.value;
  const lattice: Lattice = { nixpkgs, systems, nodes, leftOut };
  const problems = latticeProblems(lattice).map((message) => ({
    file,
    line: lineOfKey(text, ["node", nodeMeant(message, nodes), "name"]),
    message,
    next: "Correct the [[node]] tables; an edge goes from a node to a lower one, and no way leads back.",
  }));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, lattice };
}

/** The node that a problem of the graph names first; of two with one name the second. */
function nodeMeant(message: string, nodes: readonly LatticeNode[]): number {
  const [, quoted, first] = /"([^"]+)"|circular: (\S+)/.exec(message) ?? [];
  return nodes.findLastIndex(({ name }) => name === (quoted ?? first));
}

/** Nodes whose folders would be one where a disk tells no case (macOS). */
function sameFolders(nodes: readonly LatticeNode[]): readonly string[] {
  const folders = new Map<string, string>();
  return nodes.flatMap((node) => {
    const folder = folderOf(node).toLowerCase();
    const other = folders.get(folder) ?? node.name;
    folders.set(folder, other);
    return other === node.name
      ? []
      : [`"${node.name}" differs from "${other}" in its case only: many disks hold one folder for both`];
  });
}

/** What is wrong with the names and the graph, and edges that stand twice. */
export function latticeProblems({ nodes }: Lattice): readonly string[] {
  const twice = nodes.flatMap(({ name, depends }) =>
    [...new Set(depends.filter((each, at) => depends.indexOf(each) !== at))].map((each) => `"${name}" names "${each}" twice`),
  );
  const graph = graphProblems(nodes.map(({ name, depends }) => ({ id: name, depends })));
  return [...badNames(nodes), ...sameFolders(nodes), ...graph, ...twice];
}

/** The folder of a node's flake, relative to that of lattice.toml. The root flake lies beside lattice.toml itself. */
export function folderOf({ name, kind }: Pick<LatticeNode, "name" | "kind">): string {
  switch (kind) {
    case "config":
      return name;
    case "crate":
      return `generated/${name}`;
    case "nix":
      return `nodes/${name}`;
  }
}

/** Lower nodes first; nodes of the same height in the order of the plan. The graph must be without a cycle. */
export function lowerFirst(nodes: readonly LatticeNode[]): readonly LatticeNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const placed = new Set<string>();
  const order: LatticeNode[] = [];
  // Without recursion: a chain may be long.
  for (const start of nodes) {
    const waiting = [start];
    for (let node = waiting.at(-1); node !== undefined; node = waiting.at(-1)) {
      const missing = node.depends.find((name) => !placed.has(name) && byName.has(name));
      const lower = missing === undefined ? undefined : byName.get(missing);
      if (lower) {
        waiting.push(lower);
        continue;
      }
      waiting.pop();
      if (!placed.has(node.name)) order.push(node);
      placed.add(node.name);
    }
  }
  return order;
}

/** A node with all that depends on it, directly or not: what a change of it makes Nix build again. */
export function dependents(nodes: readonly LatticeNode[], names: readonly string[]): ReadonlySet<string> {
  const reached = new Set(names);
  for (const { name, depends } of lowerFirst(nodes)) if (depends.some((each) => reached.has(each))) reached.add(name);
  return reached;
}
