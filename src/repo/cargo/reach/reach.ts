import { type DirectDependency, featureFor, type PackageFeatures } from "./features.ts";
import type { LockedNode } from "./lock-graph.ts";
import { countsOn, type Platform } from "./target-cfg.ts";

/**
 * Why a crate stands in Cargo.lock. A lock holds what any feature on any platform could want; what a plain build on Linux or macOS
 * compiles is less. Own manifests decide over the first step; behind it every edge counts, since features of foreign crates are not
 * known. So `build` means "perhaps compiled", and the other answers mean "surely not by a plain build".
 */
export type Reach =
  | { readonly kind: "build" | "tests"; readonly chain: readonly string[]; readonly platform?: Platform }
  | { readonly kind: "feature"; readonly chain: readonly string[]; readonly feature: string }
  | { readonly kind: "elsewhere" };

/** By key of the graph; a crate that is reached, and on neither Linux nor macOS, is `elsewhere`. Nothing is ruled out by a lock that does not fit the manifests. */
export function reachOf(packages: readonly PackageFeatures[], graph: ReadonlyMap<string, LockedNode>): (key: string) => Reach {
  const active = (dependency: DirectDependency, { activated }: PackageFeatures): boolean =>
    !dependency.optional || activated.has(dependency.alias);
  const eachPlatform = (follow: Follow): Readonly<Record<Platform, Walk>> => {
    const on = (platform: Platform): Walk =>
      walk(packages, graph, (d, p) => (d.target === undefined || countsOn(d.target, platform)) && follow(d, p));
    return { linux: on("linux"), darwin: on("darwin") };
  };
  const walks = {
    build: eachPlatform((d, p) => d.kind !== "dev" && active(d, p)),
    tests: eachPlatform(active),
    feature: eachPlatform(() => true),
  };
  const anywhere = walk(packages, graph, () => true);
  const locals = localNames(graph);
  const stale = packages.some(({ local }) => !locals.has(local.manifest.package?.name ?? ""));
  return (key) => {
    if (stale || !anywhere.has(key)) return { kind: "build", chain: [] };
    for (const kind of ["build", "tests", "feature"] as const) {
      const { linux, darwin } = walks[kind];
      const found = linux.get(key) ?? darwin.get(key);
      if (!found) continue;
      if (kind === "feature") return { kind, chain: found.chain, feature: found.feature };
      const only = !linux.has(key) ? "darwin" : !darwin.has(key) ? "linux" : undefined;
      return { kind, chain: found.chain, ...(only && { platform: only }) };
    }
    return { kind: "elsewhere" };
  };
}

type Follow = (dependency: DirectDependency, owner: PackageFeatures) => boolean;

const localNames = (graph: ReadonlyMap<string, LockedNode>): ReadonlyMap<string, LockedNode> =>
  new Map([...graph.values()].filter(({ local }) => local).map((node) => [node.name, node]));

/** Names from the local package to the crate, and the feature behind the first step. */
interface Step {
  readonly chain: readonly string[];
  readonly feature: string;
}
type Walk = ReadonlyMap<string, Step>;

/** Breadth first, so that a chain is a shortest one. */
function walk(packages: readonly PackageFeatures[], graph: ReadonlyMap<string, LockedNode>, follow: Follow): Walk {
  const found = new Map<string, Step>();
  const queue: string[] = [];
  const add = (key: string, step: Step): void => {
    if (found.has(key)) return;
    found.set(key, step);
    queue.push(key);
  };
  const locals = localNames(graph);
  for (const owner of packages) {
    const name = owner.local.manifest.package?.name ?? "";
    const node = locals.get(name);
    for (const dependency of owner.dependencies) {
      if (!node || !follow(dependency, owner)) continue;
      for (const key of node.dependencies) {
        const target = graph.get(key);
        if (target?.name !== dependency.crate || target.local) continue;
        const feature = dependency.optional ? featureFor(owner.local.manifest, dependency.alias) : "";
        add(key, { chain: [name, target.name], feature });
      }
    }
  }
  for (let at = 0; at < queue.length; at += 1) {
    const key = queue[at] ?? "";
    const step = found.get(key);
    for (const next of graph.get(key)?.dependencies ?? []) {
      const target = graph.get(next);
      if (target && step) add(next, { chain: [...step.chain, target.name], feature: step.feature });
    }
  }
  return found;
}
