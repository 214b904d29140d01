import type { CheckStep, FeatureSet, PlannedSteps } from "../../nix/recipes/plan.ts";
import { WORDS } from "../../repo/documents/words.ts";
import type { CargoProject } from "../../repo/facts.ts";
import { builtPrograms } from "./project-shape.ts";
import type { Requirements, Stated } from "./requirements.ts";

/**
 * What the documents of a project ask its flake for beyond what every flake gets: named outputs, checks step by step, feature sets. Read from
 * facts by their keys; what is not in the exact form that the readers of documents write is no wish.
 */

export interface Wishes {
  readonly features: ReadonlyMap<string, FeatureSet>;
  readonly defaultPackage?: string;
  readonly apps: ReadonlySet<string>;
  readonly shells: ReadonlySet<string>;
  readonly variables: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly stepChecks: readonly PlannedSteps[];
  /** Checks that are the tests of one crate, by their names. */
  readonly crateTests: ReadonlyMap<string, string>;
  /** Names of further checks: those of a person's own words, and those that documents give to the project's tests. */
  readonly checks: readonly string[];
  readonly formatter: boolean;
  /** The oldest Rust that documents promise, where no manifest does. */
  readonly oldestRust?: string;
  /** Names of checks that no line says anything about and whose names do not tell what they do. */
  readonly unclear: readonly string[];
}

export const NO_WISHES: Wishes = {
  features: new Map(),
  apps: new Set(),
  shells: new Set(),
  variables: new Map(),
  stepChecks: [],
  crateTests: new Map(),
  checks: [],
  formatter: false,
  unclear: [],
};

/** Whether a document asks for anything that is worth a guide of its own. */
export const asksForMore = (wishes: Wishes): boolean =>
  wishes.features.size + wishes.stepChecks.length + wishes.crateTests.size + wishes.variables.size > 0;

/** @param requirements while a CRQ is applied: only what its criteria name is a wish still */
export function wishesOf(facts: readonly Stated[], project: CargoProject | undefined, requirements?: Requirements): Wishes {
  if (!project) return NO_WISHES;
  const valuesOf = (key: string): readonly string[] => [
    ...new Set(facts.flatMap((fact) => (fact.key === key && fact.value !== undefined ? [fact.value] : []))),
  ];
  const commands = facts.flatMap((fact) => (fact.key?.startsWith("command:") && fact.value !== undefined ? [fact.value] : []));
  const inCommands = (pattern: RegExp): readonly string[] => [
    ...new Set(commands.flatMap((command) => pattern.exec(command)?.groups?.name ?? [])),
  ];
  const crates = project.packages.map((pkg) => pkg.name);
  const programs = project.packages.flatMap((pkg) => builtPrograms(pkg).map(({ name }) => name));
  const outputs = new Set([...crates, ...programs]);
  const asked = (kind: "checks" | "shells", name: string): boolean => requirements === undefined || requirements[kind].has(name);

  const named = [...valuesOf("flake.checks"), ...inCommands(CHECK_COMMAND)];
  const built = inCommands(BUILD_COMMAND).filter((name) => !outputs.has(name));
  const crateTests = new Map(
    [...named, ...built].flatMap((name): [string, string][] => {
      const crate = /^(?<crate>.+?)[-_]tests?$/.exec(name)?.groups?.crate;
      return crate !== undefined && crates.includes(crate) && asked("checks", name) ? [[name, crate]] : [];
    }),
  );
  const checks = [...new Set([...named, ...facts.flatMap((fact) => STEP_KEY.exec(fact.key ?? "")?.groups?.name ?? [])])].filter(
    (name) => !crateTests.has(name) && asked("checks", name),
  );
  const inWords = new Set(facts.flatMap(({ source, key, value }) => (source === WORDS && key === "flake.checks" ? [value] : [])));
  const stepChecks = checks
    .flatMap((name) => stepsOf(name, valuesOf(`check.${name}.step`), valuesOf(`check.${name}.file`), crates) ?? [])
    .filter((check) => !isTestsAlone(check));
  const first = valuesOf("flake.default").find((name) => outputs.has(name));
  const shells = new Set(
    [...valuesOf("flake.devShells"), ...inCommands(DEVELOP_COMMAND)].filter((name) => asked("shells", name)),
  );
  const usesOldest = shells.has("msrv") || stepChecks.some(({ steps }) => steps.some(({ tool }) => tool === "msrv"));
  const oldest = usesOldest ? facts.find(({ key }) => key === "rust.version")?.value : undefined;
  return {
    features: new Map(
      crates.flatMap((crate): [string, FeatureSet][] => {
        const [options] = valuesOf(`package.${crate}.features`);
        const features = options === undefined ? undefined : featureSet(options);
        return features ? [[crate, features]] : [];
      }),
    ),
    ...(first !== undefined && { defaultPackage: first }),
    apps: new Set([...valuesOf("flake.apps"), ...inCommands(RUN_COMMAND)].filter((name) => programs.includes(name))),
    shells,
    variables: variablesOf(facts),
    stepChecks,
    crateTests,
    checks: checks.filter(
      (name) => (inWords.has(name) || /tests?\b/i.test(name)) && !stepChecks.some(({ attribute }) => attribute === name),
    ),
    formatter: requirements === undefined ? commands.some((command) => /^nix fmt\b/.test(command)) : requirements.formatter,
    ...(oldest !== undefined && RELEASE.test(oldest) && { oldestRust: oldest }),
    unclear: checks.filter(
      (name) =>
        !stepChecks.some(({ attribute }) => attribute === name) &&
        !outputs.has(name) &&
        !SPEAKING.test(name) &&
        !inWords.has(name),
    ),
  };
}

const NAME = "(?<name>[A-Za-z_][\\w-]*)";
const BUILD_COMMAND = new RegExp(`^nix build (?:\\.|\\.\\/)?#${NAME}$`);
const CHECK_COMMAND = new RegExp(`^nix build (?:\\.|\\.\\/)?#checks\\.[\\w-]+\\.${NAME}$`);
const RUN_COMMAND = new RegExp(`^nix run (?:\\.|\\.\\/)?#${NAME}$`);
const DEVELOP_COMMAND = new RegExp(`^nix develop (?:\\.|\\.\\/)?#${NAME}\\b`);
const STEP_KEY = new RegExp(`^check\\.${NAME}\\.step$`);
const RELEASE = /^1\.\d+(?:\.\d+)?$/;
/** A check with such a name is known without a word about it. */
const SPEAKING = /clippy|lint|fmt|format|doc|test|check|build|workspace|all|default/i;

/** `--no-default-features --features a,b` */
function featureSet(options: string): FeatureSet | undefined {
  const { off, names } =
    /^(?<off>--no-default-features ?)?(?:--features (?<names>[\w-]+(?:,[\w-]+)*))?$/.exec(options)?.groups ?? {};
  if (off === undefined && names === undefined) return undefined;
  return { names: names?.split(",") ?? [], noDefault: off !== undefined };
}

function stepsOf(
  name: string,
  values: readonly string[],
  files: readonly string[],
  crates: readonly string[],
): PlannedSteps | undefined {
  const all = values.flatMap((value) => stepOf(value) ?? []);
  const nextest = all.some(({ tool }) => tool === "nextest");
  // nextest runs the tests; what is said beside it of features is how.
  const own = nextest ? all.flatMap((step) => (step.tool === "test" ? (step.features ?? []) : [])) : [];
  const steps = nextest ? all.filter(({ tool }) => tool === "nextest") : all;
  if (steps.length === 0) return undefined;
  const crate = crates.filter((one) => name.startsWith(`${one}-`)).sort((a, b) => b.length - a.length)[0];
  const sets = steps.flatMap((step) =>
    step.tool === "test" && step.features && step.filter === undefined ? [step.features] : [],
  );
  const widest = sets.sort((a, b) => b.names.length - a.names.length)[0] ?? own[0];
  return {
    attribute: name,
    ...(crate !== undefined && { crate }),
    // What is not said to run with other features runs with the most that are said.
    ...(widest && { features: widest }),
    steps,
    files: [...new Set(files)].filter((file) => /^\w[\w.-]*\.(?:log|xml)$/.test(file)),
  };
}

/** The project's tests and nothing else: any check of theirs will do, whatever runs them. */
const isTestsAlone = ({ attribute, crate, steps, files }: PlannedSteps): boolean =>
  /tests?\b/i.test(attribute) &&
  crate === undefined &&
  files.length === 0 &&
  steps.every((step) => step.tool === "test" && step.features === undefined && step.filter === undefined);

function stepOf(value: string): CheckStep | undefined {
  const [tool, ...rest] = value.split(" ");
  const options = rest.join(" ");
  switch (tool) {
    case "build":
    case "doc":
    case "fmt":
    case "msrv":
      return options === "" ? { tool } : undefined;
    case "clippy":
      return { tool, denyWarnings: options === "--deny warnings" };
    case "nextest":
      return /^\w+$/.test(options) ? { tool, profile: options } : undefined;
    case "test": {
      if (options === "") return { tool };
      const features = featureSet(options);
      if (features) return { tool, features };
      return /^[a-z_]\w*(?:::\w+)*$/.test(options) ? { tool, filter: options } : undefined;
    }
    default:
      return undefined;
  }
}

/** Names that decide which programs and libraries are loaded are not for a document to set. */
const DANGEROUS =
  /^(?:PATH|HOME|SHELL|IFS|BASH_ENV|ENV|PROMPT_COMMAND|PS[0-4]|LD_\w+|DYLD_\w+|NIX_\w+|GIT_\w+|\w+_(?:WRAPPER|RUNNER)|NODE_OPTIONS|PERL5\w+|PYTHON\w+|RUBYOPT)$/;

function variablesOf(facts: readonly Stated[]): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const shells = new Map<string, Record<string, string>>();
  for (const { key, value } of facts) {
    const shell = /^shell\.(?<name>[A-Za-z_][\w-]*)\.variable$/.exec(key ?? "")?.groups?.name;
    const { name, text } = /^(?<name>[A-Z][A-Z0-9_]*)=(?<text>[^\n]*)$/.exec(value ?? "")?.groups ?? {};
    if (shell === undefined || name === undefined || text === undefined || DANGEROUS.test(name)) continue;
    shells.set(shell, { ...shells.get(shell), [name]: text });
  }
  return shells;
}
