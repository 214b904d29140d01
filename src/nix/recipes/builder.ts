import { type Binding, bind, type Code, file, indent, indentedString, list, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedLint, PlannedNeed, PlannedPackage, PlannedTest, VersionSource } from "./plan.ts";

/** What the recipes of the Rust builders share. `pkgs` and `lib` are in scope where their code stands. */
export interface BuilderRecipe {
  /** Input of the flake that the builder comes from; undefined: nixpkgs has it. */
  readonly input?: string;
  /** Names that the derivations refer to, bound once for each system, in this order. */
  perSystem(plan: FlakePlan): readonly NamedCode[];
  package(plan: FlakePlan, pkg: PlannedPackage): Code;
  test(plan: FlakePlan, test: PlannedTest): Code;
  /** clippy or the documentation of the whole project, under the name and version of its first package. */
  lint(plan: FlakePlan, lint: CompiledLint): Code;
  /** The check of a package whose own build runs no tests. */
  testedPackage?(plan: FlakePlan, pkg: PlannedPackage): Code;
  /** Outputs that only this builder has; each package is a program of its name. */
  further?(plan: FlakePlan): { readonly packages: readonly NamedCode[]; readonly checks: readonly NamedCode[] };
}

/** A lint that compiles, and so is built as the packages are. */
export type CompiledLint = PlannedLint & { readonly tool: "clippy" | "doc" };

/** A name and the code it stands for. */
export interface NamedCode {
  readonly name: string;
  readonly code: Code;
}

/** Name and version of derivations that are about the whole project. */
export function projectOf(plan: FlakePlan): { readonly crate: string; readonly version: VersionSource } {
  const [first] = [...plan.packages, ...plan.tests];
  return first ?? { crate: "project", version: { manifest: "Cargo.toml", table: "package", value: "0.0.0" } };
}

/** How many derivations a recipe writes besides each other: what they have in common is worth a name when there are several. */
export const derivationCount = (plan: FlakePlan): number =>
  plan.packages.length + plan.tests.length + plan.lints.filter((lint) => lint.tool !== "fmt").length;

/** Option that leads cargo from the root of the source to a project below it. */
export function nestedManifest(plan: FlakePlan): string {
  const below = plan.source === "." ? plan.cargoRoot : plan.cargoRoot.slice(plan.source.length + 1);
  return plan.source === plan.cargoRoot ? "" : ` --manifest-path '${`${below}/Cargo.toml`.replaceAll("'", `'\\''`)}'`;
}

/** What a lint runs at the root of the source, in a project that cargo was set up for. */
export function lintCommand(plan: FlakePlan, lint: CompiledLint): string {
  const manifest = nestedManifest(plan);
  return lint.tool === "clippy"
    ? `cargo clippy --offline${manifest} --workspace --all-targets${lint.denyWarnings ? " -- --deny warnings" : ""}`
    : `cargo doc --offline${manifest} --workspace --no-deps`;
}

const attribute = ({ attribute: name }: PlannedNeed): Code => `pkgs.${path(...name.split("."))}`;

/** A list of nixpkgs attributes; those of one platform are added there only. */
export function needs(planned: readonly PlannedNeed[]): Code {
  const everywhere = planned.filter((need) => need.only === undefined).map(attribute);
  const parts = (["linux", "darwin"] as const).flatMap((platform) => {
    const here = planned.filter((need) => need.only === platform).map(attribute);
    return here.length === 0
      ? []
      : [`lib.optionals pkgs.stdenv.hostPlatform.${platform === "linux" ? "isLinux" : "isDarwin"} ${list(here)}`];
  });
  const [first] = parts;
  if (everywhere.length === 0 && parts.length === 1 && first !== undefined) return first;
  return [...(everywhere.length > 0 || parts.length === 0 ? [list(everywhere)] : []), ...parts].join("\n++ ");
}

export function usesLib(plan: FlakePlan): boolean {
  return (
    [...plan.nativeBuildInputs, ...plan.buildInputs].some((need) => need.only !== undefined) ||
    plan.packages.some((pkg) => pkg.licenses !== undefined) ||
    (plan.vendoring.mode === "cargoHash" && plan.vendoring.hash === undefined) ||
    (plan.builder === "crane" && plan.sourceFilter.kind === "cargo" && plan.sourceFilter.keep.length > 0)
  );
}

/** Native inputs and environment of every derivation that runs cargo. */
export function nativeArguments(plan: FlakePlan): readonly Binding[] {
  return [
    ...(plan.nativeBuildInputs.length > 0 ? [bind("nativeBuildInputs", needs(plan.nativeBuildInputs))] : []),
    ...(plan.buildInputs.length > 0 ? [bind("buildInputs", needs(plan.buildInputs))] : []),
    ...nativeEnvironment(plan),
    ...(plan.testHome ? [bind("preCheck", indentedString("export HOME=$(mktemp -d)"))] : []),
  ];
}

/** Variables that make build scripts use the libraries of nixpkgs. */
export function nativeEnvironment(plan: FlakePlan): readonly Binding[] {
  return Object.entries(plan.environment).map(([name, value]) => bind(path(name), string(value)));
}

const manifestTable = (version: VersionSource): Code => (version.table === "workspace" ? "workspace.package" : "package");

/** Distinct version sources of a plan that are read from a manifest. */
function versionSources(plan: FlakePlan): readonly VersionSource[] {
  // Cargo.nix has the versions; only what runs cargo asks for one.
  const unused = plan.builder === "crate2nix" && plan.lints.every(({ tool }) => tool === "fmt") && !plan.stepChecks?.length;
  if (plan.literalVersions || unused) return [];
  const all = [...plan.packages, ...plan.tests].map((item) => item.version);
  return all.filter(
    (version, index) => all.findIndex((other) => other.manifest === version.manifest && other.table === version.table) === index,
  );
}

/** The `let` bindings that the version expressions refer to. */
export function versionPrelude(plan: FlakePlan): readonly Binding[] {
  const [only, ...more] = versionSources(plan);
  if (only === undefined) return [];
  if (more.length === 0) return [bind("cargoToml", `builtins.fromTOML (builtins.readFile ${file(only.manifest)})`)];
  return [bind("readToml", "file: builtins.fromTOML (builtins.readFile file)")];
}

export function versionExpression(plan: FlakePlan, version: VersionSource): Code {
  if (plan.literalVersions) return string(version.value);
  return versionSources(plan).length === 1
    ? `cargoToml.${manifestTable(version)}.version`
    : `(readToml ${file(version.manifest)}).${manifestTable(version)}.version`;
}

export function meta(pkg: PlannedPackage): Binding {
  const bindings = [
    ...(pkg.description === undefined ? [] : [bind("description", string(pkg.description))]),
    ...(pkg.homepage === undefined ? [] : [bind("homepage", string(pkg.homepage))]),
    ...(pkg.licenses === undefined ? [] : [bind("license", licenses(pkg.licenses))]),
    bind("mainProgram", string(pkg.mainProgram)),
  ];
  return bindings.length === 1 ? bind("meta.mainProgram", string(pkg.mainProgram)) : bind("meta", set(bindings));
}

function licenses(names: readonly string[]): Code {
  const [only, ...more] = names.map((name) => `lib.licenses.${path(name)}`);
  return only !== undefined && more.length === 0 ? only : list(names.map((name) => `lib.licenses.${path(name)}`));
}

/** `function { … }`, or `function (shared // { … })` where arguments in common have a name. */
export function call(functionName: Code, shared: Code | undefined, bindings: readonly Binding[]): Code {
  if (shared === undefined) return `${functionName} ${set(bindings)}`;
  if (bindings.length === 0) return `${functionName} ${shared}`;
  return `${functionName} (\n${indent(`${shared}\n// ${set(bindings)}`)}\n)`;
}
