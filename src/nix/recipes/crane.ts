import { type BuilderRecipe, type CompiledLint, call, meta, nativeArguments, projectOf, versionExpression } from "./builder.ts";
import { type Binding, bind, type Code, file, indentedString, list, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedTest } from "./plan.ts";
import { featureOptions } from "./step-check.ts";
import { hasOwnToolchain, TOOLCHAIN, toolchainBindings } from "./toolchain.ts";

/**
 * crane (its docs, "API"): reads Cargo.lock itself, needs no hash, and builds the dependencies once for the package and every check. All
 * of these have the same arguments, so that what was compiled fits.
 */

const ARGUMENTS = "commonArgs";
const ARTIFACTS = "cargoArtifacts";

const isNested = (plan: FlakePlan): boolean => plan.source !== plan.cargoRoot;
const isWorkspace = (plan: FlakePlan): boolean =>
  plan.packages.some((pkg) => pkg.member) || plan.tests.some((test) => test.workspace);

/** crane's dummy sources have no crates that are checked in, and stand at the root of the source. */
const inOneStep = (plan: FlakePlan): boolean => plan.singleStep || isNested(plan) || plan.vendoring.mode === "checkedIn";

function source(plan: FlakePlan): Code {
  const { sourceFilter: filter } = plan;
  const root = file(plan.source);
  if (filter.kind === "none") return root;
  if (filter.keep.length === 0) return `craneLib.cleanCargoSource ${root}`;
  const kept = [`(craneLib.fileset.commonCargoSources ${root})`, ...filter.keep.map(file)];
  return `lib.fileset.toSource ${set([bind("root", root), bind("fileset", `lib.fileset.unions ${list(kept)}`)])}`;
}

/** A Cargo project below the root of the source (crane's FAQ, "workspace not at source root"). */
function nestedRoot(plan: FlakePlan): readonly Binding[] {
  if (!isNested(plan)) return [];
  const below = plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1);
  return [
    bind("cargoToml", file(`${plan.cargoRoot}/Cargo.toml`)),
    bind("cargoLock", file(`${plan.cargoRoot}/Cargo.lock`)),
    bind("postUnpack", indentedString(`cd "$sourceRoot"/${shellWord(below)}\nsourceRoot=.`)),
  ];
}

const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function commonArguments(plan: FlakePlan): readonly Binding[] {
  const { crate, version } = projectOf(plan);
  return [
    bind("pname", string(crate)),
    bind("version", versionExpression(plan, version)),
    bind("src", source(plan)),
    ...nestedRoot(plan),
    bind("strictDeps", "true"),
    ...(isWorkspace(plan) ? [bind("cargoExtraArgs", string("--locked --workspace"))] : []),
    ...(plan.vendoring.mode === "checkedIn" ? [bind("cargoVendorDir", "null")] : []),
    ...nativeArguments(plan),
  ];
}

const clippyArguments = (lint: CompiledLint): readonly Binding[] => [
  bind("cargoClippyExtraArgs", string(`--all-targets${lint.denyWarnings ? " -- --deny warnings" : ""}`)),
];

function testFunction(test: PlannedTest): { readonly name: Code; readonly bindings: readonly Binding[] } {
  if (test.runner === undefined) return { name: "craneLib.cargoTest", bindings: [] };
  return { name: "craneLib.cargoNextest", bindings: [bind("partitions", "1"), bind("partitionType", string("count"))] };
}

export const crane: BuilderRecipe = {
  input: "crane",
  perSystem: (plan) => [
    ...toolchainBindings(plan),
    {
      name: "craneLib",
      code: hasOwnToolchain(plan) ? `(crane.mkLib pkgs).overrideToolchain ${TOOLCHAIN}` : "crane.mkLib pkgs",
    },
    { name: ARGUMENTS, code: set(commonArguments(plan)) },
    { name: ARTIFACTS, code: inOneStep(plan) ? "null" : `craneLib.buildDepsOnly ${ARGUMENTS}` },
  ],
  package(plan, pkg) {
    const named =
      pkg.crate === projectOf(plan).crate
        ? []
        : [bind("pname", string(pkg.crate)), bind("version", versionExpression(plan, pkg.version))];
    return call("craneLib.buildPackage", ARGUMENTS, [
      `inherit ${ARTIFACTS};`,
      ...named,
      ...(pkg.member || pkg.features
        ? [bind("cargoExtraArgs", string(`--locked${pkg.member ? ` -p ${pkg.crate}` : ""}${featureOptions(pkg.features)}`))]
        : []),
      meta(pkg),
    ]);
  },
  test(_plan, test) {
    const { name, bindings } = testFunction(test);
    const only = test.only
      ? [bind("pname", string(`${test.crate}-tests`)), bind("cargoExtraArgs", string(`--locked -p ${test.crate}`))]
      : [];
    return call(name, ARGUMENTS, [`inherit ${ARTIFACTS};`, ...only, ...bindings]);
  },
  lint(_plan, lint) {
    if (lint.tool === "clippy")
      return call("craneLib.cargoClippy", ARGUMENTS, [`inherit ${ARTIFACTS};`, ...clippyArguments(lint)]);
    return call("craneLib.cargoDoc", ARGUMENTS, [`inherit ${ARTIFACTS};`]);
  },
};
