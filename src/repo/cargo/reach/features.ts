import type { Dependency, Manifest } from "../manifest.ts";
import type { LocalPackage } from "../workspace.ts";

/**
 * Which features a plain `cargo build` turns on, as far as the project's own manifests tell: the default features of each package, and
 * what its local users ask of it. What a foreign crate asks of another stands in no file of the repository.
 */

export interface DirectDependency {
  /** As the manifest calls it. */
  readonly alias: string;
  /** The crate's own name. */
  readonly crate: string;
  readonly kind: "normal" | "build" | "dev";
  readonly optional: boolean;
  readonly features: readonly string[];
  /** The table's target, where it has one. */
  readonly target?: string;
}

export interface PackageFeatures {
  readonly local: LocalPackage;
  readonly dependencies: readonly DirectDependency[];
  /** Features of the package that are on. */
  readonly enabled: ReadonlySet<string>;
  /** Optional dependencies, by alias, that are on. */
  readonly activated: ReadonlySet<string>;
  /** Features asked of a dependency, by alias, by features of this package that are on. */
  readonly passed: ReadonlyMap<string, readonly string[]>;
}

const KINDS = [
  ["dependencies", "normal"],
  ["build-dependencies", "build"],
  ["dev-dependencies", "dev"],
] as const;

export function directDependencies(local: LocalPackage, root: LocalPackage): readonly DirectDependency[] {
  const { manifest } = local;
  const tables: readonly (readonly [string | undefined, Pick<Manifest, (typeof KINDS)[number][0]>])[] = [
    [undefined, manifest],
    ...Object.entries(manifest.target),
  ];
  return tables.flatMap(([target, table]) =>
    KINDS.flatMap(([name, kind]) =>
      Object.entries(table[name]).map(([alias, written]): DirectDependency => {
        const shared =
          typeof written === "object" && written.workspace ? root.manifest.workspace?.dependencies[alias] : undefined;
        const parts = [written, shared].filter((part): part is Exclude<Dependency, string> => typeof part === "object");
        return {
          alias,
          crate: parts.find((part) => part.package !== undefined)?.package ?? alias,
          kind,
          optional: typeof written === "object" && written.optional === true,
          features: parts.flatMap((part) => part.features ?? []),
          ...(target !== undefined && { target }),
        };
      }),
    ),
  );
}

/** Features of all local packages, with what they ask of each other; the walk ends when nothing new is turned on. */
export function packageFeatures(compiled: readonly LocalPackage[], root: LocalPackage): readonly PackageFeatures[] {
  const packages = compiled.flatMap((local) =>
    local.manifest.package ? [{ local, name: local.manifest.package.name, dependencies: directDependencies(local, root) }] : [],
  );
  const asked = new Map(packages.map(({ name }) => [name, new Set(["default"])]));
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    for (const { local, name, dependencies } of packages) {
      const { activated, passed } = closure(local.manifest, dependencies, asked.get(name) ?? new Set());
      for (const dependency of dependencies) {
        const features = asked.get(dependency.crate);
        if (!features || (dependency.optional && !activated.has(dependency.alias))) continue;
        for (const feature of [...dependency.features, ...(passed.get(dependency.alias) ?? [])]) features.add(feature);
      }
    }
    now = [...asked.values()].reduce((sum, features) => sum + features.size, 0);
  }
  return packages.map(({ local, name, dependencies }) => ({
    local,
    dependencies,
    ...closure(local.manifest, dependencies, asked.get(name) ?? new Set()),
  }));
}

/** What some features of a package turn on (the Cargo book, "Features"): others, optional dependencies, features of dependencies. */
export function closure(
  manifest: Manifest,
  dependencies: readonly DirectDependency[],
  start: ReadonlySet<string>,
): Pick<PackageFeatures, "enabled" | "activated" | "passed"> {
  const optional = new Set(dependencies.filter((dependency) => dependency.optional).map(({ alias }) => alias));
  const enabled = new Set<string>();
  const activated = new Set<string>();
  const passed = new Map<string, string[]>();
  const turnOn = (item: string): void => {
    const dep = /^dep:(?<alias>.+)$/.exec(item)?.groups?.alias;
    const { alias, weak, feature } = /^(?<alias>[^/?]+)(?<weak>\?)?\/(?<feature>.+)$/.exec(item)?.groups ?? {};
    if (dep !== undefined) activated.add(dep);
    else if (alias !== undefined && feature !== undefined) {
      passed.set(alias, [...(passed.get(alias) ?? []), feature]);
      if (weak === undefined) activated.add(alias);
    } else if (!enabled.has(item)) {
      enabled.add(item);
      const list = manifest.features[item];
      if (list === undefined && optional.has(item)) activated.add(item);
      for (const other of list ?? []) turnOn(other);
    }
  };
  for (const feature of start) turnOn(feature);
  return { enabled, activated, passed };
}

/** The feature of the package that would turn the optional dependency on, for the report; its own name where it has none. */
export function featureFor(manifest: Manifest, alias: string): string {
  const wanted = new Set([alias, `dep:${alias}`]);
  const found = Object.entries(manifest.features).find(([, items]) =>
    items.some((item) => wanted.has(item) || item.startsWith(`${alias}/`)),
  );
  return found?.[0] ?? alias;
}
