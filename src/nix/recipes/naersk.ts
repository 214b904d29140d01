import { type BuilderRecipe, call, meta, nativeArguments, versionExpression } from "./builder.ts";
import { type Binding, bind, file, string } from "./nix-syntax.ts";
import type { FlakePlan } from "./plan.ts";

/**
 * naersk (its README, "buildPackage"): reads Cargo.lock itself, needs no hash, and builds the dependencies apart from the sources. Options
 * of one member go through functions that get naersk's own list.
 */

const FUNCTION = "naersk-lib.buildPackage";

function commonArguments(plan: FlakePlan): readonly Binding[] {
  return [bind("src", file(plan.source)), ...(plan.singleStep ? [bind("singleStep", "true")] : []), ...nativeArguments(plan)];
}

const adding = (...options: readonly string[]): string => `options: options ++ [ ${options.map(string).join(" ")} ]`;

export const naersk: BuilderRecipe = {
  common: commonArguments,
  prelude: () => [bind("naersk-lib", "pkgs.callPackage naersk { }")],
  package(plan, pkg, common) {
    return call(FUNCTION, common, [
      bind("pname", string(pkg.crate)),
      bind("version", versionExpression(plan, pkg.version)),
      ...(common.kind === "inline" ? commonArguments(plan) : []),
      ...(pkg.member
        ? [bind("cargoBuildOptions", adding("--package", pkg.crate)), bind("cargoTestOptions", adding("--package", pkg.crate))]
        : []),
      bind("doCheck", "true"),
      meta(pkg),
    ]);
  },
  test(plan, test, common) {
    return call(FUNCTION, common, [
      bind("pname", string(`${test.crate}-${test.attribute}`)),
      bind("version", versionExpression(plan, test.version)),
      ...(common.kind === "inline" ? commonArguments(plan) : []),
      ...(test.workspace ? [bind("cargoTestOptions", adding("--workspace"))] : []),
      bind("mode", string("test")),
    ]);
  },
  clippy(plan, crate, version, common) {
    return call(FUNCTION, common, [
      bind("pname", string(`${crate}-clippy`)),
      bind("version", versionExpression(plan, version)),
      ...(common.kind === "inline" ? commonArguments(plan) : []),
      bind("mode", string("clippy")),
    ]);
  },
};
