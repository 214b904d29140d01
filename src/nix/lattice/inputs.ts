import { posix } from "node:path";
import type { FlakeInput } from "../sibling-flakes/flake-input.ts";
import { folderOf, type Lattice, type LatticeNode, lowerFirst } from "./plan.ts";

/**
 * The flake inputs of each node, as data. A node declares the nodes that it takes by relative paths, and lets every node that is reached
 * by two ways follow one of them (where they meet further down, it declares all that lies below): without that Nix would evaluate it once for each way, and a lattice of diamonds doubles at each height.
 */

export interface LatticeInputs {
  readonly nodes: ReadonlyMap<string, readonly FlakeInput[]>;
  readonly root: readonly FlakeInput[];
}

/** Where the one evaluated instance of each lower node lies, by the names of inputs from a flake on. */
type Places = ReadonlyMap<string, readonly string[]>;

/** Inputs of all flakes of a lattice whose graph has no problems. */
export function latticeInputs(lattice: Lattice): LatticeInputs {
  const nodes = new Map<string, readonly FlakeInput[]>();
  const places = new Map<string, Places>();
  const byName = new Map(lattice.nodes.map((node) => [node.name, node]));
  const flakeOf = (folder: string, depends: readonly string[]): { inputs: readonly FlakeInput[]; places: Places } => {
    const few = mergePlaces(depends, places);
    // Nix (2.26) honours an override of an input's input, and none below that.
    const deep = few.follows.some(({ path }) => path.length > 2);
    const declared = deep ? [...depends, ...[...few.places.keys()].filter((name) => !depends.includes(name))] : depends;
    const merged = deep ? mergePlaces(declared, places) : few;
    const inputs = declared.flatMap((name): FlakeInput[] => {
      const node = byName.get(name);
      if (!node) return [];
      const own = merged.follows
        .filter(({ path }) => path[0] === name)
        .map(({ path, target }) => ({ path: path.slice(1), target }));
      const follows = [{ path: ["nixpkgs"], target: ["nixpkgs"] }, ...own];
      return [{ name, url: urlOf(folder, node), follows, shared: !depends.includes(name) }];
    });
    return { inputs: [{ name: "nixpkgs", url: lattice.nixpkgs, follows: [], shared: false }, ...inputs], places: merged.places };
  };
  const ordered = lowerFirst(lattice.nodes);
  for (const node of ordered) {
    const made = flakeOf(folderOf(node), node.depends);
    nodes.set(node.name, made.inputs);
    places.set(node.name, made.places);
  }
  const root = flakeOf(
    ".",
    lattice.nodes.map(({ name }) => name),
  ).inputs;
  return { nodes, root };
}

/** Nix takes a path that begins with `./` or `../` relative to the flake that names it (2.26 and later). */
function urlOf(folder: string, node: LatticeNode): string {
  const relative = posix.relative(folder === "." ? "" : folder, folderOf(node));
  return `path:${relative.startsWith("..") ? relative : `./${relative}`}`;
}

/** Direct inputs keep their own places; what lies below them is taken from the first way that leads to it. */
function mergePlaces(
  depends: readonly string[],
  lower: ReadonlyMap<string, Places>,
): { readonly follows: { path: readonly string[]; target: readonly string[] }[]; readonly places: Places } {
  const all = new Map<string, readonly string[]>(depends.map((name) => [name, [name]]));
  const follows: { path: readonly string[]; target: readonly string[] }[] = [];
  for (const name of depends) {
    const replaced = new Set<string>();
    const below = [...(lower.get(name) ?? [])].sort(([, a], [, b]) => a.length - b.length);
    for (const [node, path] of below) {
      // What lies below a place that follows another one is not there any more.
      if (path.slice(0, -1).some((_, length) => replaced.has(path.slice(0, length + 1).join("/")))) continue;
      const place = [name, ...path];
      const target = all.get(node);
      if (target === undefined) all.set(node, place);
      else {
        follows.push({ path: place, target });
        replaced.add(path.join("/"));
      }
    }
  }
  return { follows, places: all };
}
