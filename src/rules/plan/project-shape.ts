import { posix } from "node:path";
import type {
  FeatureSet,
  FlakePlan,
  PlannedCrateNeeds,
  PlannedNeed,
  PlannedPackage,
  PlannedTest,
  VersionSource,
} from "../../nix/recipes/plan.ts";
import type { CargoPackage, CargoProject, CrateBinary, NativeNeed, Survey } from "../../repo/facts.ts";
import { licensesOf } from "./licenses.ts";

/** From the facts of a Cargo project to the parts of a plan that follow from them alone. */

/** Programs that a `cargo build` makes, a plain one or one with these features. */
export const builtPrograms = (pkg: CargoPackage, features?: FeatureSet): readonly CrateBinary[] =>
  pkg.binaries.filter((binary) => binary.requiredFeatures.every((feature) => features?.names.includes(feature)));

export function mainProgram(pkg: CargoPackage, features?: FeatureSet): string {
  const programs = builtPrograms(pkg, features).map((binary) => binary.name);
  return [pkg.defaultRun, pkg.name].find((name) => name !== undefined && programs.includes(name)) ?? programs[0] ?? pkg.name;
}

export function versionSource(pkg: CargoPackage, project: CargoProject): VersionSource {
  const directory = pkg.versionFrom === "workspace" ? project.root : pkg.directory;
  return { manifest: posix.join(directory, "Cargo.toml"), table: pkg.versionFrom, value: pkg.version };
}

/** Packages with programs, the root package and default members first. */
export function programPackages(project: CargoProject): readonly CargoPackage[] {
  return project.packages.filter((pkg) => builtPrograms(pkg).length > 0);
}

/** @param features of single crates, by their names */
export function plannedPackages(
  project: CargoProject,
  features: ReadonlyMap<string, FeatureSet> = new Map(),
): readonly PlannedPackage[] {
  return project.packages.flatMap((pkg): PlannedPackage[] => {
    const own = features.get(pkg.name);
    const programs = builtPrograms(pkg, own).map((binary) => binary.name);
    if (programs.length === 0) return [];
    const licenses = licensesOf(pkg.license);
    const homepage = pkg.homepage ?? pkg.repository;
    return [
      {
        attribute: pkg.name,
        crate: pkg.name,
        version: versionSource(pkg, project),
        member: project.packages.length > 1,
        mainProgram: mainProgram(pkg, own),
        programs,
        ...(own && { features: own }),
        ...(pkg.description !== undefined && pkg.description !== "" && { description: oneLine(pkg.description) }),
        ...(licenses && { licenses }),
        ...(homepage !== undefined && /^https?:\/\//.test(homepage) && { homepage }),
      },
    ];
  });
}

/** First sentence-like line of a description, without a final full stop, as nixpkgs writes them. */
export function oneLine(text: string): string {
  const [line = ""] = text.trim().split(/\r?\n/);
  return line.trim().replace(/\.$/, "");
}

/** A test derivation where the packages' own test phases leave libraries out. */
export function plannedTests(project: CargoProject): readonly PlannedTest[] {
  const programs = programPackages(project);
  const libraries = project.packages.filter((pkg) => !programs.includes(pkg) && pkg.library);
  const [first] = programs.length === 0 ? libraries : libraries.filter((pkg) => pkg.hasTests);
  if (!first) return [];
  const named = project.packages.find((pkg) => pkg.directory === project.root) ?? first;
  return [
    { attribute: "test", crate: named.name, version: versionSource(named, project), workspace: project.packages.length > 1 },
  ];
}

/** The package that `nix build` without a name builds: the only one, the root's, the only default member, or all together. */
export function defaultPackage(project: CargoProject, packages: readonly PlannedPackage[]): FlakePlan["defaultPackage"] {
  const [first] = packages;
  if (first === undefined) return undefined;
  if (packages.length === 1) return { one: first.attribute };
  const members = packages.filter((pkg) => project.defaultMembers.includes(pkg.crate));
  const [only] = members;
  if (members.length === 1 && only) return { one: only.attribute };
  return { all: `${packages.map((pkg) => pkg.attribute).join("-and-")}` };
}

/** Inputs of nixpkgs from needs, each once; one that every platform has loses its restriction. */
export function plannedNeeds(needs: readonly NativeNeed[], of: (need: NativeNeed) => readonly string[]): readonly PlannedNeed[] {
  const platforms = new Map<string, NativeNeed["platform"]>();
  for (const need of needs)
    for (const attribute of of(need))
      if (!platforms.has(attribute) || need.platform === undefined) platforms.set(attribute, need.platform);
  // Tools run wherever the build runs: a Linux library's pkg-config does no harm elsewhere.
  return [...platforms].map(([attribute, only]) => ({ attribute, ...(only && { only }) }));
}

/** The same by crate, the last of each need's chain: a builder of single crates gives each its own. Needs without one are the project's. */
export function plannedCrateNeeds(needs: readonly NativeNeed[]): readonly PlannedCrateNeeds[] {
  const byCrate = new Map<string, NativeNeed[]>();
  for (const need of needs) {
    const crate = need.chain?.at(-1);
    if (crate !== undefined) byCrate.set(crate, [...(byCrate.get(crate) ?? []), need]);
  }
  return [...byCrate].map(([crate, own]) => ({
    crate,
    nativeBuildInputs: plannedNeeds(own, (need) => need.nativeBuildInputs).map(({ attribute }) => ({ attribute })),
    buildInputs: plannedNeeds(own, (need) => need.buildInputs),
    environment: environmentOf(own),
  }));
}

export function environmentOf(needs: readonly NativeNeed[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...needs.map((need) => need.environment));
}

const below = (path: string, folder: string): boolean => folder === "." || path === folder || path.startsWith(`${folder}/`);

/** Folder to copy into the build: the Cargo root, or the repository where something outside of it is read. */
export function sourceFolder(
  survey: Survey,
  project: CargoProject,
): { readonly folder: string; readonly outside: readonly string[] } {
  const paths = [...project.packages.flatMap((pkg) => pkg.pathDependencies), ...survey.neededFiles.map((file) => file.path)];
  const outside = paths.filter((path) => path.startsWith("../"));
  const wide = paths.some((path) => !path.startsWith("../") && !below(path, project.root));
  return { folder: wide ? "." : project.root, outside: [...new Set(outside)] };
}

/** Arguments with which a program surely answers, by its name. */
export function programAnswers(survey: Survey): ReadonlyMap<string, readonly string[]> {
  const binaries = survey.cargo?.packages.flatMap((pkg) => pkg.binaries) ?? [];
  return new Map(
    binaries.flatMap(({ name, answers: [answer] }): [string, readonly string[]][] => (answer ? [[name, answer.arguments]] : [])),
  );
}
