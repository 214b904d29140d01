import { type Binding, bind, type Code, file, indent, indentedString, list, path, set, string } from "./nix-syntax.ts";
import type { FlakePlan, PlannedNeed, PlannedPackage, PlannedTest, VersionSource } from "./plan.ts";

/** What the recipes of the Rust builders share. `pkgs` and `lib` are in scope where their code stands. */
export interface BuilderRecipe {
  /** Arguments that all derivations have in common. */
  common(plan: FlakePlan): readonly Binding[];
  /** Bindings that the package set needs before it. */
  prelude(plan: FlakePlan): readonly Binding[];
  package(plan: FlakePlan, pkg: PlannedPackage, common: CommonArguments): Code;
  test(plan: FlakePlan, test: PlannedTest, common: CommonArguments): Code;
  clippy(plan: FlakePlan, crate: string, version: VersionSource, common: CommonArguments): Code;
}

/** Where the arguments that all derivations have in common stand: in the one call itself, or in a set of that name. */
export type CommonArguments = { readonly kind: "inline" } | { readonly kind: "shared"; readonly name: Code };

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
  return [...plan.nativeBuildInputs, ...plan.buildInputs].some((need) => need.only !== undefined);
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
  if (plan.literalVersions) return [];
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
  const mainProgram = string(pkg.mainProgram);
  if (pkg.description === undefined) return bind("meta.mainProgram", mainProgram);
  return bind("meta", set([bind("description", string(pkg.description)), bind("mainProgram", mainProgram)]));
}

/** `function { … }`, or `function (common // { … })` where the arguments in common stand in a `let`. */
export function call(functionName: Code, common: CommonArguments, bindings: readonly Binding[]): Code {
  if (common.kind === "inline") return `${functionName} ${set(bindings)}`;
  return `${functionName} (\n${indent(`${common.name}\n// ${set(bindings)}`)}\n)`;
}
