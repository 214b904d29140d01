import { type BuilderRecipe, call, meta, nativeArguments, needs, versionExpression } from "./builder.ts";
import { type Binding, bind, file, list, set, string } from "./nix-syntax.ts";
import type { FlakePlan } from "./plan.ts";

/**
 * nixpkgs' own builder. With `cargoLock.lockFile` the vendored crates are fetched by the checksums of Cargo.lock, so the flake holds no
 * hash (nixpkgs manual, "Importing a Cargo.lock file").
 */

const FUNCTION = "pkgs.rustPlatform.buildRustPackage";

/** Path below the copied source, for builds whose Cargo project is not at its root. */
function nestedRoot(plan: FlakePlan): readonly Binding[] {
  if (plan.source === plan.cargoRoot) return [];
  const below = plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1);
  return [bind("cargoRoot", string(below)), bind("buildAndTestSubdir", string(below))];
}

function lock(plan: FlakePlan): Binding {
  const lockFile = file(plan.cargoRoot === "." ? "Cargo.lock" : `${plan.cargoRoot}/Cargo.lock`);
  return plan.gitDependencies
    ? bind("cargoLock", set([bind("lockFile", lockFile), bind("allowBuiltinFetchGit", "true")]))
    : bind("cargoLock.lockFile", lockFile);
}

/** The arguments every derivation of the plan has in common. */
function commonArguments(plan: FlakePlan): readonly Binding[] {
  return [bind("src", file(plan.source)), ...nestedRoot(plan), lock(plan), ...nativeArguments(plan)];
}

export const buildRustPackage: BuilderRecipe = {
  common: commonArguments,
  prelude: () => [],
  package(plan, pkg, common) {
    const only = list([string("--package"), string(pkg.crate)]);
    return call(FUNCTION, common, [
      bind("pname", string(pkg.crate)),
      bind("version", versionExpression(plan, pkg.version)),
      ...(common.kind === "inline" ? commonArguments(plan) : []),
      ...(pkg.member ? [bind("cargoBuildFlags", only), bind("cargoTestFlags", only)] : []),
      meta(pkg),
    ]);
  },
  test(plan, test, common) {
    return call(FUNCTION, common, [
      bind("pname", string(`${test.crate}-${test.attribute}`)),
      bind("version", versionExpression(plan, test.version)),
      ...(common.kind === "inline" ? commonArguments(plan) : []),
      ...(test.workspace ? [bind("cargoTestFlags", list([string("--workspace")]))] : []),
    ]);
  },
  clippy(plan, crate, version, common) {
    const tools = [{ attribute: "clippy" }, ...plan.nativeBuildInputs];
    const own =
      common.kind === "inline"
        ? commonArguments({ ...plan, nativeBuildInputs: tools })
        : [bind("nativeBuildInputs", needs(tools))];
    return call(FUNCTION, common, [
      bind("pname", string(`${crate}-clippy`)),
      bind("version", versionExpression(plan, version)),
      ...own,
      bind("buildPhase", string("cargo clippy --offline --workspace --all-targets")),
      bind("installPhase", string("touch $out")),
    ]);
  },
};
