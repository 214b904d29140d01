import type { GiveUpReason } from "../../agent/outcome.ts";
import { FRESHNESS, REGENERATE } from "../../nix/recipes/crate2nix.ts";
import { recipeOf } from "../../nix/recipes/flake-file.ts";
import type { FlakePlan, PlannedLint, PlannedPackage, PlannedTest, PlannedVendoring } from "../../nix/recipes/plan.ts";
import type { BuilderChoice, CargoProject, Survey } from "../../repo/facts.ts";
import { joined } from "../draft/subject.ts";
import { KNOWN_LANGUAGES } from "../languages/known.ts";
import { isDefault } from "./builder-choice.ts";
import { type ChosenInputs, chooseInputs, type InputContext } from "./flake-inputs.ts";
import {
  defaultPackage,
  environmentOf,
  oneLine,
  plannedCrateNeeds,
  plannedNeeds,
  plannedPackages,
  plannedTests,
  sourceFolder,
  versionSource,
} from "./project-shape.ts";
import type { Requirements } from "./requirements.ts";
import { shellTools } from "./shell-tools.ts";
import { plannedSourceFilter } from "./source-filter.ts";
import { chooseToolchain, type ToolchainChoice } from "./toolchain.ts";
import { defaultApp, denies, optionalChecks, plannedApps } from "./whole-flake.ts";
import type { Wishes } from "./wishes.ts";

/** Decides what the flake of a project is to contain. Pure: the same facts and requirements give the same plan. */

/** Systems of a flake for which nobody asks for others: what nixpkgs builds for. */
export const COMMON_SYSTEMS = ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"] as const;

export interface PlanContext extends InputContext {
  readonly survey: Survey;
  readonly builder: BuilderChoice;
  readonly systems: readonly string[];
  readonly eachSystem: FlakePlan["eachSystem"];
  readonly requirements: Requirements;
  /** Of the project's documents. */
  readonly wishes: Wishes;
  /** Somebody asks for `cargoHash` in writing. */
  readonly cargoHash: boolean;
  /** The project runs clippy with warnings as errors. */
  readonly deniesWarnings: boolean;
  /** Inputs that a document wants declared although no recipe uses them. */
  readonly furtherInputs: readonly string[];
}

export interface Impossible {
  readonly ok: false;
  readonly reason: GiveUpReason;
  readonly detail: string;
}

export interface Planned {
  readonly ok: true;
  readonly plan: FlakePlan;
  readonly inputs: ChosenInputs;
}

const impossible = (reason: GiveUpReason, detail: string): Impossible => ({ ok: false, reason, detail });

export function planFlake(context: PlanContext): Planned | Impossible {
  const { survey, builder: choice, requirements } = context;
  const project = survey.cargo;
  if (!project)
    return impossible(
      "not-understood",
      `There is no Cargo project in this repository${otherLanguages(survey)}. The rules know ${joined(["Rust", ...KNOWN_LANGUAGES])}; a language model may know more.`,
    );
  const { builder } = choice;
  const recipe = recipeOf(builder);
  if (recipe === undefined)
    return impossible(
      "no-known-fix",
      `${choice.reasons.join("; ")}, and the rules have no recipe for ${choice.builder}. Name crane, naersk or buildRustPackage, or use a language model.`,
    );
  const packages = plannedPackages(project, context.wishes.features);
  const tests = plannedTests(project);
  if (packages.length === 0 && tests.length === 0)
    return impossible(
      "not-understood",
      `${project.packages.length} Cargo packages were found, and none has a program or a library that a plain cargo build would make.`,
    );
  const source = sourceFolder(survey, project);
  const [outside] = source.outside;
  if (outside !== undefined)
    return impossible(
      "source-needs-patch",
      `${outside} lies outside of the repository, and a flake sees only what its repository tracks. Move it into the repository, or depend on it by git or registry.`,
    );
  const named = nameOutputs(packages, tests, context);
  if (!named.ok) return named;
  const toolchain = chooseToolchain(project, context, survey.flake === undefined, context.wishes.oldestRust);
  const used = [
    "nixpkgs",
    ...(recipe.input === undefined ? [] : [recipe.input]),
    ...toolchain.inputs,
    ...(context.eachSystem === "flake-utils" ? ["flake-utils"] : []),
  ];
  const inputs = chooseInputs(used, [...requirements.inputs, ...context.furtherInputs], context);
  if (inputs.unknown.length > 0)
    return impossible(
      "contradiction",
      `The inputs ${inputs.unknown.join(", ")} are required, but no document, no policy and no flake says where they come from.`,
    );
  return { ok: true, inputs, plan: assemble(context, project, named, { inputs, toolchain, source: source.folder }) };
}

const otherLanguages = (survey: Survey): string =>
  survey.otherLanguages.length > 0 ? ` (seen instead: ${survey.otherLanguages.join(", ")})` : "";

interface NamedOutputs {
  readonly ok: true;
  readonly packages: readonly PlannedPackage[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly tests: readonly PlannedTest[];
  readonly lints: readonly PlannedLint[];
}

/** Gives the outputs the names that the criteria use. */
function nameOutputs(
  packages: readonly PlannedPackage[],
  tests: readonly PlannedTest[],
  context: PlanContext,
): NamedOutputs | Impossible {
  const { requirements } = context;
  const aliases: Record<string, string> = {};
  for (const [name, programs] of [
    ...requirements.packages,
    ...[...requirements.apps].map((app) => [app, new Set([app])] as const),
  ]) {
    // The recipe has it by itself.
    if (name === REGENERATE && context.builder.builder === "crate2nix") continue;
    if (name === "default" || packages.some((pkg) => pkg.attribute === name || pkg.programs.includes(name))) {
      // A program that is not the main one of its package has an app of its own; as a package it is another name.
      const owner = packages.find((pkg) => pkg.programs.includes(name) && pkg.attribute !== name);
      if (owner && requirements.packages.has(name) && !packages.some((pkg) => pkg.attribute === name))
        aliases[name] = owner.attribute;
      continue;
    }
    const [only] = packages;
    const owner =
      packages.find((pkg) => [...programs].some((program) => pkg.programs.includes(program))) ??
      (packages.length === 1 ? only : undefined);
    if (!owner)
      return impossible(
        "contradiction",
        `A criterion asks for packages.SYSTEM.${name}, and the project builds ${packages.map((pkg) => pkg.attribute).join(", ") || "no program"}. Correct the criterion.`,
      );
    aliases[name] = owner.attribute;
  }
  return nameChecks(packages, aliases, tests, context);
}

function nameChecks(
  packages: readonly PlannedPackage[],
  aliases: Readonly<Record<string, string>>,
  planned: readonly PlannedTest[],
  { requirements, builder, deniesWarnings, wishes, survey }: PlanContext,
): NamedOutputs | Impossible {
  const crateTests = [...wishes.crateTests].flatMap(([attribute, crate]) => crateTest(attribute, crate, survey.cargo) ?? []);
  // A check of that name that a document tells step by step takes the place of the plan's own.
  const free = planned.filter(({ attribute }) => !wishes.stepChecks.some((check) => check.attribute === attribute));
  const tests = [...free, ...crateTests];
  const lints: PlannedLint[] = [];
  const known = new Set([...packages, ...tests, ...wishes.stepChecks].map((output) => output.attribute));
  if (builder.builder === "crate2nix") known.add(FRESHNESS);
  for (const attribute of new Set([...requirements.checks, ...wishes.checks])) {
    const [first] = packages;
    if (known.has(attribute)) continue;
    if (/clippy|lint/i.test(attribute)) lints.push({ attribute, tool: "clippy", ...denies("clippy", deniesWarnings) });
    else if (/fmt|format/i.test(attribute)) lints.push({ attribute, tool: "fmt" });
    else if (/doc/i.test(attribute)) lints.push({ attribute, tool: "doc" });
    else if (/test|check|build|workspace|all|default/i.test(attribute)) {
      const [model] = planned;
      const runner = /nextest/i.test(attribute) && builder.builder !== "naersk" ? { runner: "nextest" as const } : {};
      if (model) tests.push({ ...model, attribute, ...runner });
      else if (first) tests.push({ attribute, crate: first.crate, version: first.version, workspace: first.member, ...runner });
    } else if (requirements.checks.has(attribute))
      return impossible(
        "contradiction",
        `A criterion asks for checks.SYSTEM.${attribute}, and neither a package of the project nor a known check has that name. Correct the criterion.`,
      );
  }
  // A library's test takes the name that a criterion gives it.
  const wanted = tests.filter(
    (test) =>
      packages.length > 0 || requirements.checks.size === 0 || requirements.checks.has(test.attribute) || tests.length === 1,
  );
  return { ok: true, packages, aliases, tests: wanted, lints };
}

/** The tests of one crate, under the name that a document gives them. */
function crateTest(attribute: string, crate: string, project: CargoProject | undefined): PlannedTest | undefined {
  const pkg = project?.packages.find(({ name }) => name === crate);
  if (!project || !pkg) return undefined;
  const only = project.packages.length > 1 ? { only: true as const } : {};
  return { attribute, crate, version: versionSource(pkg, project), workspace: false, ...only };
}

interface Chosen {
  readonly inputs: ChosenInputs;
  readonly toolchain: ToolchainChoice;
  readonly source: string;
}

function assemble(context: PlanContext, project: CargoProject, named: NamedOutputs, chosen: Chosen): FlakePlan {
  const { survey, requirements, builder } = context;
  const { packages, aliases } = named;
  const { toolchain, msrv } = chosen.toolchain;
  const main =
    project.packages.find((pkg) => pkg.directory === project.root) ??
    (project.packages.length === 1 ? project.packages[0] : undefined);
  const { wishes } = context;
  const more = optionalChecks(survey, project, named, {
    builder: builder.builder,
    deniesWarnings: context.deniesWarnings,
    taken: wishes.stepChecks.map((check) => check.attribute),
  });
  const wished = packages.find(
    (pkg) => pkg.attribute === wishes.defaultPackage || pkg.programs.includes(wishes.defaultPackage ?? ""),
  );
  const first = wished ? { one: wished.attribute } : defaultPackage(project, packages);
  const app = defaultApp(packages, first);
  const vendoring = plannedVendoring(context, project);
  return {
    ...(main?.description !== undefined && main.description !== "" && { description: oneLine(main.description) }),
    inputs: chosen.inputs.inputs,
    systems: context.systems,
    eachSystem: context.eachSystem,
    builder: builder.builder,
    ...(isDefault(builder) && { builderByDefault: true }),
    literalVersions: false,
    cargoRoot: project.root,
    source: chosen.source,
    sourceFilter: vendoring.mode === "checkedIn" ? { kind: "none" } : plannedSourceFilter(survey, project, chosen.source),
    toolchain,
    vendoring,
    packages,
    aliases,
    defaultPackage: first,
    apps: plannedApps(packages, aliases, new Set([...requirements.apps, ...wishes.apps])),
    ...(app !== undefined && { defaultApp: app }),
    tests: [...named.tests, ...more.tests],
    lints: [...named.lints, ...more.lints],
    nativeBuildInputs: plannedNeeds(survey.nativeNeeds, (need) => need.nativeBuildInputs).map(({ attribute }) => ({ attribute })),
    buildInputs: plannedNeeds(survey.nativeNeeds, (need) => need.buildInputs),
    environment: environmentOf(survey.nativeNeeds),
    ...(builder.builder === "crate2nix" && { crateNeeds: plannedCrateNeeds(survey.nativeNeeds) }),
    testHome: false,
    shells: [...new Set(["default", ...requirements.shells.keys(), ...wishes.shells])],
    ...(msrv !== undefined && { msrv }),
    shellPackages: shellTools([...requirements.shells.values()].flat()),
    formatter: "nixfmt",
    ...(!requirements.formatter && !wishes.formatter && { optionalFormatter: true }),
    ...(wishes.stepChecks.length > 0 && { stepChecks: wishes.stepChecks }),
    ...(wishes.variables.size > 0 && { shellVariables: Object.fromEntries(wishes.variables) }),
    remarks: [
      ...chosen.toolchain.remarks,
      ...wishes.unclear.map((name) => `No line of the documents says what the check \`${name}\` does: it is left out.`),
    ],
    singleStep: false,
  };
}

/** Crates that the project keeps in its repository; one hash where somebody asks for it; else what Cargo.lock says. */
function plannedVendoring({ cargoHash, builder }: PlanContext, project: CargoProject): PlannedVendoring {
  if (project.vendored?.tracked) return { mode: "checkedIn", directory: project.vendored.directory };
  if (cargoHash && builder.builder === "buildRustPackage") return { mode: "cargoHash" };
  return { mode: "cargoLock", gitDependencies: project.lock.crates.some((crate) => crate.source?.kind === "git") };
}
