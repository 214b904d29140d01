import { buildRustPackage } from "./build-rust-package.ts";
import { type BuilderRecipe, type NamedCode, projectOf } from "./builder.ts";
import { crateOverrides } from "./crate2nix-overrides.ts";
import { type Binding, bind, type Code, file, indentedString, list, path, set, string } from "./nix-syntax.ts";
import type { FeatureSet, FlakePlan, PlannedPackage, PlannedTest } from "./plan.ts";
import { hasOwnToolchain, TOOLCHAIN, toolchainBindings } from "./toolchain.ts";

/**
 * crate2nix (its docs, "Generating", "Building", "crateOverrides"): every crate is a derivation of its own, listed in a Cargo.nix that is
 * checked in, so that evaluating builds nothing. The same tool in the sandbox writes that file anew for a check to compare.
 */

const CARGO_NIX = "cargoNix";
const GENERATED = "generatedCargoNix";
const OVERRIDES = "crateOverrides";

/** Program and output that write Cargo.nix anew. */
export const REGENERATE = "regenerate-cargo-nix";
/** Check that Cargo.nix is what the tool writes for the manifests and Cargo.lock. */
export const FRESHNESS = "cargo-nix";

/** Where a flake's Cargo.nix lies: the folder that is copied, since the file names the crates' folders relative to itself. */
export const cargoNixPath = (plan: Pick<FlakePlan, "source">): string =>
  plan.source === "." ? "Cargo.nix" : `${plan.source}/Cargo.nix`;

/** The manifest relative to Cargo.nix. */
function manifest(plan: FlakePlan): string {
  if (plan.cargoRoot === plan.source) return "Cargo.toml";
  return `${plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1)}/Cargo.toml`;
}

const member = (crate: string): Code => `${CARGO_NIX}.workspaceMembers.${path(crate)}.build`;

/** Cargo.nix with the project's overrides and toolchain. */
function cargoNix(plan: FlakePlan): Code {
  const toolchain = hasOwnToolchain(plan)
    ? [
        bind(
          "buildRustCrateForPkgs",
          `pkgs: pkgs.buildRustCrate.override ${set([bind("rustc", TOOLCHAIN), bind("cargo", TOOLCHAIN)])}`,
        ),
      ]
    : [];
  const overrides =
    crateOverrides(plan) === undefined ? [] : [bind("defaultCrateOverrides", `pkgs.defaultCrateOverrides // ${OVERRIDES}`)];
  return `import ${file(cargoNixPath(plan))} ${set(["inherit pkgs;", ...overrides, ...toolchain])}`;
}

function generated(plan: FlakePlan): Code {
  const nested = manifest(plan);
  return `crate2nix.tools.\${pkgs.stdenv.hostPlatform.system}.generatedCargoNix ${set([
    bind("name", string(projectOf(plan).crate)),
    bind("src", file(plan.source)),
    ...(nested === "Cargo.toml" ? [] : [bind("cargoToml", string(nested))]),
  ])}`;
}

/** In Cargo.nix the default features are one of that name. */
const chosenFeatures = ({ names, noDefault }: FeatureSet): Binding =>
  bind("features", list([...(noDefault ? [] : ["default"]), ...names].map(string)));

const runTests = (plan: FlakePlan, features?: FeatureSet): Code =>
  set([
    bind("runTests", "true"),
    ...(features ? [chosenFeatures(features)] : []),
    ...(plan.testHome ? [bind("testPreRun", string("export HOME=$(mktemp -d)"))] : []),
  ]);

function tested(plan: FlakePlan, crate: string, features?: FeatureSet): Code {
  return `${member(crate)}.override ${runTests(plan, features)}`;
}

/** Tests of all members, libraries included. */
const allTested = (plan: FlakePlan, name: string): Code =>
  `pkgs.linkFarm ${string(name)} (\n  builtins.mapAttrs (_: member: member.build.override ${runTests(plan).replaceAll("\n", "\n  ")}) ${CARGO_NIX}.workspaceMembers\n)`;

/** Writes Cargo.nix in the folder it is started in, which the program itself cannot know. */
function regenerate(plan: FlakePlan): Code {
  const options = manifest(plan) === "Cargo.toml" ? "" : ` -f ./${shellPath(manifest(plan))} -o ./Cargo.nix`;
  const folder = plan.source === "." ? "the folder of flake.nix" : `the folder ${plan.source}`;
  return `pkgs.writeShellApplication ${set([
    bind("name", string(REGENERATE)),
    bind("runtimeInputs", list([`crate2nix.packages.\${system}.default`])),
    bind(
      "text",
      indentedString(
        `if [ ! -e ${shellPath(manifest(plan))} ]; then\n  echo ${shellPath(`run this in ${folder}`)} >&2\n  exit 1\nfi\ncrate2nix generate${options} "$@"`,
      ),
    ),
  ])}`;
}

const shellPath = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Whether Cargo.nix is fresh, without importing anything that is built. The two files are compared but for their first lines, which name
 * the command; crates from git would have to be fetched while evaluating, so with them the crates' names and versions are compared.
 */
function freshness(plan: FlakePlan): Code {
  const advice = `Cargo.nix does not fit Cargo.toml and Cargo.lock any more: nix run .#${REGENERATE}`;
  if (fromGit(plan)) return lockComparison(plan, advice);
  const script = `if ! diff <(sed '/^#/d' @ours@) <(sed '/^#/d' @generated@); then\n  echo ${shellPath(advice)} >&2\n  exit 1\nfi\ntouch $out`;
  return `pkgs.runCommand ${string(FRESHNESS)} { } ${indentedString(script)
    .replace("@ours@", () => `\${${file(cargoNixPath(plan))}}`)
    .replace("@generated@", () => `\${${GENERATED}}/crate/Cargo-generated.nix`)}`;
}

const fromGit = ({ vendoring }: FlakePlan): boolean => vendoring.mode === "cargoLock" && vendoring.gitDependencies;

/** Every crate of Cargo.nix stands in Cargo.lock, and each member's dependencies are those of its lock entry. */
function lockComparison(plan: FlakePlan, advice: string): Code {
  const lock = file(plan.cargoRoot === "." ? "Cargo.lock" : `${plan.cargoRoot}/Cargo.lock`);
  return `let
  crates = builtins.attrValues ${CARGO_NIX}.internal.crates;
  locked = (builtins.fromTOML (builtins.readFile ${lock})).package;
  key = name: version: "\${name} \${version}";
  known = map (pkg: key pkg.name pkg.version) locked;
  left = builtins.filter (crate: !builtins.elem (key crate.crateName crate.version) known) crates;
  names = list: builtins.sort builtins.lessThan (builtins.attrNames (builtins.groupBy (name: name) list));
  first = entry: builtins.head (builtins.split " " entry);
  members = builtins.filter (pkg: !(pkg ? source)) locked;
  differs =
    pkg:
    let
      crate = builtins.head (builtins.filter (crate: crate.crateName == pkg.name) crates);
      listed = kind: map (dependency: dependency.name) (crate.\${kind} or [ ]);
    in
    !builtins.any (crate: crate.crateName == pkg.name) crates
    ||
      names (map first (pkg.dependencies or [ ]))
      != names (builtins.concatMap listed [ "dependencies" "buildDependencies" "devDependencies" ]);
  stale = map (crate: crate.crateName) left ++ map (pkg: pkg.name) (builtins.filter differs members);
in
if stale == [ ] then
  pkgs.runCommand ${string(FRESHNESS)} { } "touch $out"
else
  throw "${advice} (\${toString stale})"`;
}

function names(plan: FlakePlan): readonly NamedCode[] {
  const overrides = crateOverrides(plan);
  return [
    ...toolchainBindings(plan),
    ...(overrides === undefined ? [] : [{ name: OVERRIDES, code: overrides }]),
    { name: CARGO_NIX, code: cargoNix(plan) },
    ...(fromGit(plan) ? [] : [{ name: GENERATED, code: generated(plan) }]),
  ];
}

export const crate2nix: BuilderRecipe = {
  input: "crate2nix",
  perSystem: (plan) => {
    const own = names(plan);
    // Lints run cargo over the whole project, which is nixpkgs' own builder's work.
    if (plan.lints.every(({ tool }) => tool === "fmt")) return own;
    return [...own, ...buildRustPackage.perSystem(plan).filter(({ name }) => own.every((other) => other.name !== name))];
  },
  package: (_plan, pkg: PlannedPackage) =>
    pkg.features === undefined ? member(pkg.crate) : `${member(pkg.crate)}.override ${set([chosenFeatures(pkg.features)])}`,
  test: (plan: FlakePlan, test: PlannedTest) => (test.workspace ? allTested(plan, test.attribute) : tested(plan, test.crate)),
  lint: (plan, lint) => buildRustPackage.lint(plan, lint),
  testedPackage: (plan, pkg) => tested(plan, pkg.crate, pkg.features),
  further: (plan) => ({
    packages: [{ name: REGENERATE, code: regenerate(plan) }],
    checks: [{ name: FRESHNESS, code: freshness(plan) }],
  }),
};
