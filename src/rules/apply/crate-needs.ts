import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { FlakePlan, PlannedCrateNeeds, PlannedNeed } from "../../nix/recipes/plan.ts";
import type { NativeNeed } from "../../repo/facts.ts";

/** Needs by crate, for a builder that gives each crate its own. */

/** The crate whose derivation failed (`rust_NAME-VERSION`), which is the one that needs what was missing. */
export function failingCrate({ derivation }: Diagnosis): string | undefined {
  return /^rust_(.+?)-\d+\.\d+\.\d+/u.exec(derivation?.name ?? "")?.[1];
}

/** The plan's needs with one more for a crate. */
export function withCrateNeed(plan: FlakePlan, need: NativeNeed, crate: string): readonly PlannedCrateNeeds[] {
  const known = plan.crateNeeds ?? [];
  const before = known.find((entry) => entry.crate === crate);
  const only = need.platform === undefined ? {} : { only: need.platform };
  const after: PlannedCrateNeeds = {
    crate,
    nativeBuildInputs: joined(
      before?.nativeBuildInputs,
      need.nativeBuildInputs.map((attribute) => ({ attribute })),
    ),
    buildInputs: joined(
      before?.buildInputs,
      need.buildInputs.map((attribute) => ({ attribute, ...only })),
    ),
    environment: { ...before?.environment, ...need.environment },
  };
  return before === undefined ? [...known, after] : known.map((entry) => (entry === before ? after : entry));
}

const joined = (had: readonly PlannedNeed[] = [], more: readonly PlannedNeed[]): readonly PlannedNeed[] => [
  ...had,
  ...more.filter(({ attribute }) => had.every((other) => other.attribute !== attribute)),
];

/** Every need under the name that the locked nixpkgs has for it. */
export const renamedCrateNeeds = (
  needs: readonly PlannedCrateNeeds[],
  rename: (need: PlannedNeed) => PlannedNeed,
): readonly PlannedCrateNeeds[] =>
  needs.map((entry) => ({
    ...entry,
    nativeBuildInputs: entry.nativeBuildInputs.map(rename),
    buildInputs: entry.buildInputs.map(rename),
  }));
