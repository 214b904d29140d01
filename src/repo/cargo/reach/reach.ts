import { stepBetween } from "./edges.ts";
import { type DirectDependency, featureFor, type PackageFeatures } from "./features.ts";
import type { LockedNode } from "./lock-graph.ts";
import { countsOn, type Platform } from "./target-cfg.ts";

/**
 * Why a crate stands in Cargo.lock. A lock holds what any feature on any platform could want; what a plain build on Linux or macOS
 * compiles is less. Own manifests decide over the first step; behind it every edge counts unless edges.ts knows better, since features
 * of foreign crates are not known. So `build` means "perhaps compiled". `feature` without `byName` means "not by a plain build"; with it,
 * that only the likeness of names says so.
 */
export type Reach =
  | { readonly kind: "build" | "tests"; readonly chain: readonly string[]; readonly platform?: Platform }
  | { readonly kind: "feature"; readonly chain: readonly string[]; readonly feature: string; readonly byName?: true }
  | { readonly kind: "elsewhere" };

/** By key of the graph; a crate that is reached, and on neither Linux nor macOS, is `elsewhere`. Nothing is ruled out by a lock that does not fit the manifests. */
export function reachOf(packages: readonly PackageFeatures[], graph: ReadonlyMap<string, LockedNode>): (key: string) => Reach {
  const active = (dependency: DirectDependency, { activated }: PackageFeatures): boolean =>
    !dependency.optional || activated.has(dependency.alias);
  const stepOf = stepBetween(packages);
  const eachPlatform = (follow: Follow, optional: boolean): Readonly<Record<Platform, Walk>> => {
    const on = (platform: Platform): Walk =>
      walk(
        packages,
        graph,
        (d, p) => (d.target === undefined || countsOn(d.target, platform)) && follow(d, p),
        (from, to) => {
          const step = stepOf(from, to);
          if (step.taken === "always") return "";
          if (step.taken === "on") return step.platform === platform ? "" : undefined;
          return optional ? step.feature : undefined;
        },
      );
    return { linux: on("linux"), darwin: on("darwin") };
  };
  const walks = {
    build: eachPlatform((d, p) => d.kind !== "dev" && active(d, p), false),
    tests: eachPlatform(active, false),
    feature: eachPlatform(() => true, true),
  };
  const anywhere = walk(
    packages,
    graph,
    () => true,
    () => "",
  );
  const locals = localNames(graph);
  const stale = packages.some(({ local }) => !locals.has(local.manifest.package?.name ?? ""));
  return (key) => {
    if (stale || !anywhere.has(key)) return { kind: "build", chain: [] };
    for (const kind of ["build", "tests", "feature"] as const) {
      const { linux, darwin } = walks[kind];
      const found = linux.get(key) ?? darwin.get(key);
      if (!found) continue;
      if (kind === "feature") return { kind, chain: found.chain, feature: found.feature, ...(found.byName && { byName: true }) };
      const only = !linux.has(key) ? "darwin" : !darwin.has(key) ? "linux" : undefined;
      return { kind, chain: found.chain, ...(only && { platform: only }) };
    }
    return { kind: "elsewhere" };
  };
}

type Follow = (dependency: DirectDependency, owner: PackageFeatures) => boolean;

const localNames = (graph: ReadonlyMap<string, LockedNode>): ReadonlyMap<string, LockedNode> =>
  new Map([...graph.values()].filter(({ local }) => local).map((node) => [node.name, node]));

/** Names from the local package to the crate, and the feature that a step on the way needs; byName: only names say so. */
interface Step {
  readonly chain: readonly string[];
  readonly feature: string;
  readonly byName: boolean;
}
/** The feature that a step between foreign crates needs; "": none; undefined: it is not taken. */
type Between = (from: string, to: string) => string | undefined;
type Walk = ReadonlyMap<string, Step>;

/** Breadth first, so that a chain is a shortest one. */
function walk(
  packages: readonly PackageFeatures[],
  graph: ReadonlyMap<string, LockedNode>,
  follow: Follow,
  between: Between,
): Walk {
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
        add(key, { chain: [name, target.name], feature, byName: false });
      }
    }
  }
  for (let at = 0; at < queue.length; at += 1) {
    const key = queue[at] ?? "";
    const step = found.get(key);
    for (const next of graph.get(key)?.dependencies ?? []) {
      const target = graph.get(next);
      const feature = target && between(graph.get(key)?.name ?? "", target.name);
      if (!target || !step || feature === undefined) continue;
      add(next, {
        chain: [...step.chain, target.name],
        feature: step.feature === "" ? feature : step.feature,
        byName: step.byName || (step.feature === "" && feature !== ""),
      });
    }
  }
  return found;
}
