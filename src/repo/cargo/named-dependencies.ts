import { posix } from "node:path";
import type { NamedDependency } from "../facts.ts";
import { sourceLine } from "../tracked-tree.ts";
import { allDependencies } from "./manifest.ts";
import { declaring } from "./reach/crate-context.ts";
import { inPackage } from "./targets.ts";
import type { LocalPackage } from "./workspace.ts";

/**
 * What the manifests of the members name, each crate once, by its own name and at the first line that names it. A dependency of the workspace is
 * looked up in the root, but its line is that of the member that takes it.
 */
export function namedDependencies(
  members: readonly LocalPackage[],
  root: LocalPackage,
  textOf: (path: string) => string,
): readonly NamedDependency[] {
  const found = new Map<string, NamedDependency>();
  for (const { directory, manifest } of members) {
    const path = inPackage(directory, "Cargo.toml");
    for (const [alias, given] of allDependencies(manifest)) {
      const shared = typeof given === "object" && given.workspace ? root.manifest.workspace?.dependencies[alias] : undefined;
      const dependency = shared ?? given;
      const from = shared === undefined ? directory : root.directory;
      const { package: real, path: folder } = typeof dependency === "object" ? dependency : {};
      const name = real ?? alias;
      if (found.has(name)) continue;
      const local = folder === undefined ? undefined : posix.normalize(inPackage(from, folder)).replace(/\/$/u, "");
      found.set(name, {
        name,
        source: sourceLine(path, textOf(path), declaring(alias)),
        ...(local !== undefined && { path: local }),
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
