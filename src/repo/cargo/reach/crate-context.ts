import type { LockedCrate } from "../../facts.ts";
import type { CrateContext } from "../../sources/crate-needs.ts";
import { sourceLine, type TrackedTree } from "../../tracked-tree.ts";
import type { ProjectReading } from "../project.ts";
import { inPackage } from "../targets.ts";
import { type PackageFeatures, packageFeatures } from "./features.ts";
import { type LockedNode, lockGraph } from "./lock-graph.ts";
import { reachOf } from "./reach.ts";

/** What the project's own manifests and its lock tell of the locked crates. */
export async function crateContext(reading: ProjectReading, tree: TrackedTree): Promise<CrateContext> {
  const lockPath = inPackage(reading.root.directory, "Cargo.lock");
  const graph = lockGraph((await tree.text(lockPath))?.text ?? "");
  const packages = packageFeatures(reading.compiled, reading.root);
  const reach = reachOf(packages, graph);
  const byName = Map.groupBy(graph.values(), ({ name }) => name);
  const nodeOf = ({ name, version }: LockedCrate): LockedNode | undefined =>
    (byName.get(name) ?? []).find((node) => node.version === version);
  return {
    reach: (crate) => reach(nodeOf(crate)?.key ?? ""),
    source: (crate) => {
      const line = nodeOf(crate)?.line ?? 0;
      return line > 0 ? `${lockPath}:${line}` : undefined;
    },
    dependencies: (crate) => (nodeOf(crate)?.dependencies ?? []).flatMap((key) => graph.get(key)?.name ?? []),
    asked: await askedFeatures(packages, tree),
  };
}

/** Features that own manifests ask of foreign crates in a plain build, each with the line of the dependency. */
async function askedFeatures(
  packages: readonly PackageFeatures[],
  tree: TrackedTree,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const asked = new Map<string, Map<string, string>>();
  for (const { local, dependencies, activated, passed } of packages) {
    const path = inPackage(local.directory, "Cargo.toml");
    const text = (await tree.text(path))?.text ?? "";
    for (const { alias, crate, optional, features } of dependencies) {
      if (optional && !activated.has(alias)) continue;
      const all = [...features, ...(passed.get(alias) ?? [])];
      if (all.length === 0) continue;
      const where = sourceLine(path, text, declaring(alias));
      const known = asked.get(crate) ?? new Map<string, string>();
      for (const feature of all) if (!known.has(feature)) known.set(feature, where);
      asked.set(crate, known);
    }
  }
  return asked;
}

/** The line that declares a dependency, in the forms that Cargo.toml has for it. */
export function declaring(alias: string): RegExp {
  const name = alias.replace(/[^\w-]/g, "\\$&");
  return new RegExp(`^\\s*(?:["']?${name}["']?\\s*[.=]|\\[.*dependencies\\.["']?${name}["']?\\s*\\])`);
}
