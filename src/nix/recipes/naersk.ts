import { type BuilderRecipe, call, derivationCount, meta, nativeArguments, projectOf, versionExpression } from "./builder.ts";
import { type Binding, bind, type Code, file, set, string } from "./nix-syntax.ts";
import type { FlakePlan, VersionSource } from "./plan.ts";
import { featureOptions } from "./step-check.ts";
import { hasOwnToolchain, TOOLCHAIN, toolchainBindings } from "./toolchain.ts";

/**
 * naersk (its README, "buildPackage"): reads Cargo.lock itself, needs no hash, and builds the dependencies apart from the sources. Its
 * argument is `name`, not `pname`: the derivation of the dependencies is called after it. Options go through functions that get
 * naersk's own list.
 */

const FUNCTION = "naersk-lib.buildPackage";
const SHARED = "common";

const isNested = (plan: FlakePlan): boolean => plan.source !== plan.cargoRoot;

/** The manifest below the copied source; a build of dependencies alone has its manifests at the root, so it is left out. */
const manifest = (plan: FlakePlan): readonly string[] =>
  isNested(plan)
    ? ["--manifest-path", `${plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1)}/Cargo.toml`]
    : [];

/** Crates that are checked in are no part of the dummy sources. */
const inOneStep = (plan: FlakePlan): boolean => plan.singleStep || isNested(plan) || plan.vendoring.mode === "checkedIn";

function commonArguments(plan: FlakePlan): readonly Binding[] {
  return [
    bind("src", file(plan.source)),
    ...(isNested(plan) ? [bind("root", file(plan.cargoRoot))] : []),
    ...(inOneStep(plan) ? [bind("singleStep", "true")] : []),
    ...nativeArguments(plan),
  ];
}

const isShared = (plan: FlakePlan): boolean => derivationCount(plan) > 1 && commonArguments(plan).length > 1;
const shared = (plan: FlakePlan): Code | undefined => (isShared(plan) ? SHARED : undefined);

function adding(argument: string, options: readonly string[]): readonly Binding[] {
  return options.length === 0 ? [] : [bind(argument, `options: options ++ [ ${options.map(string).join(" ")} ]`)];
}

function named(plan: FlakePlan, name: string, version: VersionSource): readonly Binding[] {
  return [
    bind("name", string(name)),
    bind("version", versionExpression(plan, version)),
    ...(isShared(plan) ? [] : commonArguments(plan)),
  ];
}

const toolchain = (plan: FlakePlan): Code =>
  hasOwnToolchain(plan) ? set(["cargo", "rustc", "clippy"].map((tool) => bind(tool, TOOLCHAIN))) : "{ }";

export const naersk: BuilderRecipe = {
  input: "naersk",
  perSystem: (plan) => [
    ...toolchainBindings(plan),
    { name: "naersk-lib", code: `pkgs.callPackage naersk ${toolchain(plan)}` },
    ...(isShared(plan) ? [{ name: SHARED, code: set(commonArguments(plan)) }] : []),
  ],
  package(plan, pkg) {
    const features = featureOptions(pkg.features).trim();
    const options = [
      ...manifest(plan),
      ...(pkg.member ? ["--package", pkg.crate] : []),
      ...(features === "" ? [] : features.split(" ")),
    ];
    return call(FUNCTION, shared(plan), [
      ...named(plan, pkg.crate, pkg.version),
      ...adding("cargoBuildOptions", options),
      ...adding("cargoTestOptions", options),
      bind("doCheck", "true"),
      meta(pkg),
    ]);
  },
  // naersk has no mode for nextest: cargo test runs the same tests.
  test(plan, test) {
    return call(FUNCTION, shared(plan), [
      ...named(plan, `${test.crate}-${test.attribute}`, test.version),
      ...adding("cargoTestOptions", [
        ...manifest(plan),
        ...(test.workspace ? ["--workspace"] : []),
        ...(test.only ? ["--package", test.crate] : []),
      ]),
      bind("mode", string("test")),
    ]);
  },
  lint(plan, lint) {
    const { crate, version } = projectOf(plan);
    // Its own options for clippy deny warnings, whatever the project does.
    const allow = lint.denyWarnings ? [] : [bind("cargoClippyOptions", "_: [ ]")];
    const own =
      lint.tool === "clippy"
        ? [
            ...adding("cargoBuildOptions", [...manifest(plan), "--workspace", "--all-targets"]),
            ...allow,
            bind("mode", string("clippy")),
          ]
        : [
            ...adding("cargoBuildOptions", manifest(plan)),
            // It looks for the pages below the root of the source, whatever manifest cargo reads.
            ...adding("cargoDocOptions", [...manifest(plan), ...(isNested(plan) ? ["--target-dir", "target"] : []), "--no-deps"]),
            bind("doDoc", "true"),
            bind("doDocFail", "true"),
            bind("mode", string("check")),
          ];
    return call(FUNCTION, shared(plan), [...named(plan, `${crate}-${lint.tool}`, version), ...own]);
  },
};
