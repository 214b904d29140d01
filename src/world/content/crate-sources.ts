import { join } from "node:path";
import type { WorldProblem } from "../problem.ts";
import { type Leaf, leavesBelow } from "./listing.ts";

export interface CrateSource {
  readonly name: string;
  readonly version: string;
  readonly source:
    | { readonly archive: string; readonly sha256: string }
    | { readonly directory: string; readonly leaves: readonly Leaf[] };
}

/** A crate's name holds no dot, so the version begins at the first `-` before three numbers. */
const CRATE = /^([A-Za-z0-9_-]+?)-(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$/;

/** Reads the names of `crates/`; `leaves` are relative to it. */
export function crateSources(
  directory: string,
  leaves: readonly Leaf[],
): { readonly found: ReadonlyMap<string, readonly CrateSource[]>; readonly problems: readonly WorldProblem[] } {
  const problems: WorldProblem[] = [];
  const found = new Map<string, CrateSource[]>();
  for (const entry of new Set(leaves.map((leaf) => leaf.path.split("/")[0] ?? ""))) {
    const path = join(directory, entry);
    const archive = leaves.find((leaf) => leaf.path === entry);
    const named = CRATE.exec(archive ? entry.replace(/\.crate$/, "") : entry);
    const [, name, version] = named ?? [];
    if (name === undefined || version === undefined || (archive && !entry.endsWith(".crate"))) {
      problems.push({ file: path, message: "is not named NAME-VERSION or NAME-VERSION.crate", next: "rename it" });
      continue;
    }
    const source = archive ? { archive: path, sha256: archive.sha256 } : { directory: path, leaves: leavesBelow(leaves, entry) };
    const versions = found.get(name.toLowerCase()) ?? [];
    if (versions.some((other) => other.version === version)) {
      problems.push({ file: path, message: "this version is there twice", next: "keep the folder or the .crate" });
    }
    found.set(name.toLowerCase(), [...versions, { name, version, source }]);
  }
  return { found, problems };
}
