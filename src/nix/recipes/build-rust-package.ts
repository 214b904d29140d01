import {
  type BuilderRecipe,
  call,
  derivationCount,
  lintCommand,
  meta,
  type NamedCode,
  nativeArguments,
  needs,
  projectOf,
  versionExpression,
} from "./builder.ts";
import { type Binding, bind, type Code, file, list, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedPackage } from "./plan.ts";
import { hasOwnToolchain, TOOLCHAIN, toolchainBindings } from "./toolchain.ts";

/**
 * nixpkgs' own builder (nixpkgs manual, "Rust"). With `cargoLock.lockFile` the vendored crates are fetched by the checksums of Cargo.lock,
 * so the flake holds no hash; with `cargoHash` one hash stands for all of them.
 */

const SHARED = "common";

/** Path below the copied source, for builds whose Cargo project is not at its root. */
function nestedRoot(plan: FlakePlan): readonly Binding[] {
  if (plan.source === plan.cargoRoot) return [];
  const below = plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1);
  return [bind("cargoRoot", string(below)), bind("buildAndTestSubdir", string(below))];
}

function vendoring(plan: FlakePlan): Binding {
  const { vendoring: chosen } = plan;
  const lockFile = file(plan.cargoRoot === "." ? "Cargo.lock" : `${plan.cargoRoot}/Cargo.lock`);
  switch (chosen.mode) {
    case "cargoHash":
      return bind("cargoHash", chosen.hash === undefined ? "lib.fakeHash" : string(chosen.hash));
    case "checkedIn":
      return bind("cargoVendorDir", string(belowCargoRoot(plan, chosen.directory)));
    case "cargoLock":
      return chosen.gitDependencies
        ? bind("cargoLock", set([bind("lockFile", lockFile), bind("allowBuiltinFetchGit", "true")]))
        : bind("cargoLock.lockFile", lockFile);
  }
}

const belowCargoRoot = (plan: FlakePlan, directory: string): string =>
  plan.cargoRoot === "." ? directory : directory.slice(plan.cargoRoot.length + 1);

/** The arguments every derivation of the plan has in common. */
export function commonArguments(plan: FlakePlan): readonly Binding[] {
  return [bind("src", file(plan.source)), ...nestedRoot(plan), vendoring(plan), ...nativeArguments(plan)];
}

/** The arguments in common have a name where several derivations share more than the sources. */
const isShared = (plan: FlakePlan): boolean => derivationCount(plan) > 1 && commonArguments(plan).length > 1;
const shared = (plan: FlakePlan): Code | undefined => (isShared(plan) ? SHARED : undefined);
const inline = (plan: FlakePlan): readonly Binding[] => (isShared(plan) ? [] : commonArguments(plan));

const builder = (plan: FlakePlan): Code => `${hasOwnToolchain(plan) ? "" : "pkgs."}rustPlatform.buildRustPackage`;

/** A derivation of this builder with arguments of its own, beside those of another builder; `platformNames` must be bound. */
export const rustPackage = (plan: FlakePlan, bindings: readonly Binding[]): Code => call(builder(plan), undefined, bindings);

/** What such a derivation refers to. */
export const platformNames = (plan: FlakePlan): readonly NamedCode[] => [
  ...toolchainBindings(plan),
  ...(hasOwnToolchain(plan)
    ? [{ name: "rustPlatform", code: `pkgs.makeRustPlatform ${set([bind("cargo", TOOLCHAIN), bind("rustc", TOOLCHAIN)])}` }]
    : []),
];

function features(pkg: PlannedPackage): readonly Binding[] {
  if (pkg.features === undefined) return [];
  return [
    ...(pkg.features.noDefault ? [bind("buildNoDefaultFeatures", "true")] : []),
    ...(pkg.features.names.length > 0 ? [bind("buildFeatures", list(pkg.features.names.map(string)))] : []),
  ];
}

export const buildRustPackage: BuilderRecipe = {
  perSystem: (plan) => [...platformNames(plan), ...(isShared(plan) ? [{ name: SHARED, code: set(commonArguments(plan)) }] : [])],
  package(plan, pkg) {
    const only = list([string("--package"), string(pkg.crate)]);
    return call(builder(plan), shared(plan), [
      bind("pname", string(pkg.crate)),
      bind("version", versionExpression(plan, pkg.version)),
      ...inline(plan),
      ...(pkg.member ? [bind("cargoBuildFlags", only), bind("cargoTestFlags", only)] : []),
      ...features(pkg),
      meta(pkg),
    ]);
  },
  test(plan, test) {
    const nextest = test.runner === "nextest" ? [bind("useNextest", "true")] : [];
    return call(builder(plan), shared(plan), [
      bind("pname", string(`${test.crate}-${test.attribute}`)),
      bind("version", versionExpression(plan, test.version)),
      ...inline(plan),
      ...nextest,
      ...(test.workspace ? [bind("cargoTestFlags", list([string("--workspace")]))] : []),
      ...(test.only ? [bind("cargoTestFlags", list([string("--package"), string(test.crate)]))] : []),
    ]);
  },
  lint(plan, lint) {
    const { crate, version } = projectOf(plan);
    const tools = lint.tool === "clippy" && !hasOwnToolchain(plan) ? [{ attribute: "clippy" }, ...plan.nativeBuildInputs] : [];
    const own =
      tools.length === 0
        ? inline(plan)
        : isShared(plan)
          ? [bind("nativeBuildInputs", needs(tools))]
          : commonArguments({ ...plan, nativeBuildInputs: tools });
    return call(builder(plan), shared(plan), [
      bind("pname", string(`${crate}-${lint.tool}`)),
      bind("version", versionExpression(plan, version)),
      ...own,
      bind("dontBuild", "true"),
      bind("checkPhase", string(lintCommand(plan, lint))),
      bind("installPhase", string("touch $out")),
    ]);
  },
};
