import { type BuilderRecipe, type CommonArguments, call, meta, nativeArguments, versionExpression } from "./builder.ts";
import { type Binding, bind, file, string } from "./nix-syntax.ts";
import type { FlakePlan, VersionSource } from "./plan.ts";

/**
 * naersk (its README, "buildPackage"): reads Cargo.lock itself, needs no hash, and builds the dependencies apart from the sources. Its
 * argument is `name`, not `pname`: the derivation of the dependencies is called after it. Options go through functions that get
 * naersk's own list.
 */

const FUNCTION = "naersk-lib.buildPackage";

const isNested = (plan: FlakePlan): boolean => plan.source !== plan.cargoRoot;

/** The manifest below the copied source; a build of dependencies alone has its manifests at the root, so it is left out. */
const manifest = (plan: FlakePlan): readonly string[] =>
  isNested(plan)
    ? ["--manifest-path", `${plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1)}/Cargo.toml`]
    : [];

function commonArguments(plan: FlakePlan): readonly Binding[] {
  return [
    bind("src", file(plan.source)),
    ...(isNested(plan) ? [bind("root", file(plan.cargoRoot))] : []),
    ...(plan.singleStep || isNested(plan) ? [bind("singleStep", "true")] : []),
    ...nativeArguments(plan),
  ];
}

function adding(argument: string, options: readonly string[]): readonly Binding[] {
  return options.length === 0 ? [] : [bind(argument, `options: options ++ [ ${options.map(string).join(" ")} ]`)];
}

function named(plan: FlakePlan, name: string, version: VersionSource, common: CommonArguments): readonly Binding[] {
  return [
    bind("name", string(name)),
    bind("version", versionExpression(plan, version)),
    ...(common.kind === "inline" ? commonArguments(plan) : []),
  ];
}

export const naersk: BuilderRecipe = {
  common: commonArguments,
  prelude: () => [bind("naersk-lib", "pkgs.callPackage naersk { }")],
  package(plan, pkg, common) {
    const options = [...manifest(plan), ...(pkg.member ? ["--package", pkg.crate] : [])];
    return call(FUNCTION, common, [
      ...named(plan, pkg.crate, pkg.version, common),
      ...adding("cargoBuildOptions", options),
      ...adding("cargoTestOptions", options),
      bind("doCheck", "true"),
      meta(pkg),
    ]);
  },
  test(plan, test, common) {
    return call(FUNCTION, common, [
      ...named(plan, `${test.crate}-${test.attribute}`, test.version, common),
      ...adding("cargoTestOptions", [...manifest(plan), ...(test.workspace ? ["--workspace"] : [])]),
      bind("mode", string("test")),
    ]);
  },
  clippy(plan, crate, version, common) {
    return call(FUNCTION, common, [
      ...named(plan, `${crate}-clippy`, version, common),
      ...adding("cargoBuildOptions", manifest(plan)),
      bind("mode", string("clippy")),
    ]);
  },
};
