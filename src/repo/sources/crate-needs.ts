import type { Reach } from "../cargo/reach/reach.ts";
import type { LockedCrate, NativeNeed, SetAsideNeed } from "../facts.ts";
import { NATIVE_LIBRARIES, type NativeLibrary } from "./native-libraries.ts";

/** Native needs of the third-party crates that Cargo.lock holds, by the table of native libraries. */

/** What is known of a crate beyond its name; without it every locked crate counts and no feature is known. */
export interface CrateContext {
  readonly reach: (crate: LockedCrate) => Reach;
  /** `Cargo.lock:12`. */
  readonly source: (crate: LockedCrate) => string | undefined;
  /** Names of the crates that a crate depends on. */
  readonly dependencies: (crate: LockedCrate) => readonly string[];
  /** Features that the project's own manifests ask of crates, by the crate's name, each with where it is asked. */
  readonly asked: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface CrateNeeds {
  readonly needs: readonly NativeNeed[];
  readonly setAside: readonly SetAsideNeed[];
}

export function needsOfCrates(crates: readonly LockedCrate[], context?: CrateContext): CrateNeeds {
  const locked = Map.groupBy(
    crates.filter((crate) => crate.source !== undefined),
    ({ name }) => name,
  );
  const needs: NativeNeed[] = [];
  const setAside: SetAsideNeed[] = [];
  for (const row of NATIVE_LIBRARIES) {
    const versions = locked.get(row.crate) ?? [];
    // Several versions of one crate: the one that a plain build compiles speaks for all.
    const ranked = versions
      .map((crate) => ({ crate, reach: context?.reach(crate) ?? ({ kind: "build", chain: [] } as const) }))
      .sort((a, b) => ORDER[a.reach.kind] - ORDER[b.reach.kind]);
    const [first] = ranked;
    if (!first) continue;
    const { crate, reach } = first;
    const need = needOf(row, crate, reach, context);
    const why = dispensable(reach, need);
    if (why === undefined) needs.push(need);
    else setAside.push({ need, why });
  }
  return { needs, setAside };
}

const ORDER = { build: 0, tests: 1, feature: 2, elsewhere: 3 } as const;

function dispensable(reach: Reach, need: NativeNeed): string | undefined {
  switch (reach.kind) {
    case "build":
    case "tests":
      return reach.platform !== undefined && need.platform !== undefined && reach.platform !== need.platform
        ? `compiled on ${reach.platform === "linux" ? "Linux" : "macOS"} only, where it needs nothing`
        : undefined;
    case "feature":
      return `${reach.byName ? "by its name, " : ""}only with feature ${reach.feature} of ${reach.chain[0] ?? "the project"}, which is off by default`;
    case "elsewhere":
      return "not compiled on Linux or macOS by any package of the project";
  }
}

function needOf(row: NativeLibrary, crate: LockedCrate, reach: Reach, context: CrateContext | undefined): NativeNeed {
  const asked = askedOf(row, context);
  const copy = copyOf(row, crate, asked, context);
  const more = Object.entries(row.byFeature ?? {}).flatMap(([feature, attributes]) => (asked.has(feature) ? attributes : []));
  const platform = row.when ?? ("platform" in reach ? reach.platform : undefined);
  const source = context?.source(crate);
  const chain = "chain" in reach && reach.chain.length > 0 ? reach.chain : undefined;
  const notes = [
    ...(reach.kind === "tests" ? ["for tests only (a dev-dependency)"] : []),
    ...copy.notes,
    ...Object.keys(row.byFeature ?? {})
      .filter((feature) => asked.has(feature))
      .map((feature) => `feature ${feature} is asked for in ${asked.get(feature)}`),
    ...(row.byFeature && row.buildInputs.length === 0 && more.length === 0
      ? [`which library it takes depends on its feature (${Object.keys(row.byFeature).join(", ")}), which no manifest here tells`]
      : []),
  ];
  return {
    reason: `${crate.name} ${crate.version} in Cargo.lock`,
    nativeBuildInputs: copy.used ? (row.bundled?.nativeBuildInputs ?? []) : row.nativeBuildInputs,
    buildInputs: copy.used ? [] : [...row.buildInputs, ...more],
    environment: copy.used ? {} : row.environment,
    ...(platform && { platform }),
    ...(source !== undefined && { source }),
    ...(chain && { chain }),
    ...(row.runtimeLibraries && { runtimeLibraries: row.runtimeLibraries }),
    ...(notes.length > 0 && { notes }),
  };
}

/** Features that manifests of the project ask of the crate or of one that passes them on. */
function askedOf(row: NativeLibrary, context: CrateContext | undefined): ReadonlyMap<string, string> {
  return new Map([row.crate, ...(row.carriers ?? [])].flatMap((name) => [...(context?.asked.get(name) ?? [])]));
}

/** Whether the crate compiles a copy of its own although the row offers the library. */
function copyOf(
  { bundled }: NativeLibrary,
  crate: LockedCrate,
  asked: ReadonlyMap<string, string>,
  context: CrateContext | undefined,
): { readonly used: boolean; readonly notes: readonly string[] } {
  if (!bundled) return { used: false, notes: [] };
  const { features, marker, overruledBy } = bundled;
  const wanted = features.find((feature) => feature !== "default" && asked.has(feature));
  const shown = marker !== undefined && (context?.dependencies(crate) ?? []).includes(marker);
  if (wanted === undefined)
    return {
      used: false,
      // A lock holds what any feature wants: the marker alone does not say that the feature is on.
      notes:
        shown && overruledBy === undefined
          ? [`${marker} in Cargo.lock shows that some feature has it compile a copy of its own`]
          : [],
    };
  const by = `feature ${wanted}, asked for in ${asked.get(wanted)}, means`;
  return overruledBy === undefined
    ? { used: true, notes: [`${by} that it compiles a copy of its own`] }
    : { used: false, notes: [`${by} that it would compile a copy of its own; ${overruledBy} has it take the library`] };
}
