import { posix } from "node:path";
import type { FlakeReference } from "../flake-reference.ts";

/** Which flakes of its own repository a flake may take by a relative path: those of a lattice. Folders are relative to the repository; `.` is its root. */
export interface LatticePlace {
  /** Of the flake that is judged: one of the lattice, or one outside that builds on it. */
  readonly folder: string;
  /** Of all flakes of the lattice, the root's included. */
  readonly nodes: ReadonlySet<string>;
}

/**
 * Whether a reference leads to a flake of the lattice: a relative path, and nothing else. Nix fetches such an input from the tree that holds
 * the flake itself, so that it is the same wherever the repository is.
 */
export function isLatticeEdge(reference: FlakeReference, { folder, nodes }: LatticePlace): boolean {
  const { type, path, ...more } = reference;
  if (type !== "path" || path === undefined || Object.keys(more).length > 0 || !/^\.{1,2}\//u.test(path)) return false;
  const target = posix.join(folder, path).replace(/\/$/u, "");
  return target !== folder && nodes.has(target);
}
