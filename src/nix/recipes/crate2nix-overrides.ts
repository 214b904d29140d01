import { meta, needs } from "./builder.ts";
import { type Binding, bind, type Code, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedCrateNeeds, PlannedNeed, PlannedPackage } from "./plan.ts";

/**
 * What single crates get (nixpkgs manual, "buildRustCrate: overriding"): a crate is built without anything that its own override does not
 * give. Those of nixpkgs stay for the crates that are not named here. undefined: no crate
 * needs one.
 */
export function crateOverrides(plan: FlakePlan): Code | undefined {
  const byCrate = new Map<string, readonly Binding[]>();
  const add = (crate: string, bindings: readonly Binding[]): void => {
    byCrate.set(crate, [...(byCrate.get(crate) ?? []), ...bindings]);
  };
  const known = plan.crateNeeds ?? [];
  for (const need of known) add(need.crate, inputs(need));
  const rest = unassigned(plan, known);
  for (const crate of ownCrates(plan)) if (!known.some((need) => need.crate === crate)) add(crate, inputs(rest));
  for (const pkg of plan.packages) if (describes(pkg)) add(pkg.crate, [meta(pkg)]);
  const overrides = [...byCrate].filter(([, bindings]) => bindings.length > 0);
  if (overrides.length === 0) return undefined;
  return set(overrides.map(([crate, bindings]) => bind(path(crate), `_: ${set(bindings)}`)));
}

const ownCrates = (plan: FlakePlan): readonly string[] => [
  ...new Set([...plan.packages, ...plan.tests].map(({ crate }) => crate)),
];

/** nixpkgs itself takes the crate's name for that of its program. */
const describes = (pkg: PlannedPackage): boolean =>
  pkg.mainProgram !== pkg.crate || pkg.description !== undefined || pkg.licenses !== undefined || pkg.homepage !== undefined;

function inputs(need: Omit<PlannedCrateNeeds, "crate">): readonly Binding[] {
  return [
    ...(need.nativeBuildInputs.length > 0 ? [bind("nativeBuildInputs", needs(need.nativeBuildInputs))] : []),
    ...(need.buildInputs.length > 0 ? [bind("buildInputs", needs(need.buildInputs))] : []),
    ...Object.entries(need.environment).map(([name, value]) => bind(path(name), string(value))),
  ];
}

/** Needs of the plan that belong to no crate of Cargo.lock: those of the project's own build scripts. */
function unassigned(plan: FlakePlan, known: readonly PlannedCrateNeeds[]): Omit<PlannedCrateNeeds, "crate"> {
  const without = (
    needs: readonly PlannedNeed[],
    of: (need: PlannedCrateNeeds) => readonly PlannedNeed[],
  ): readonly PlannedNeed[] =>
    needs.filter(({ attribute }) => !known.some((need) => of(need).some((other) => other.attribute === attribute)));
  return {
    nativeBuildInputs: without(plan.nativeBuildInputs, (need) => need.nativeBuildInputs),
    buildInputs: without(plan.buildInputs, (need) => need.buildInputs),
    environment: Object.fromEntries(
      Object.entries(plan.environment).filter(([name]) => !known.some((need) => name in need.environment)),
    ),
  };
}
