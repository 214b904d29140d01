import { posix } from "node:path";
import type { CheckInput } from "../../../crq/render/blocks.ts";
import { recipeOf } from "../../../nix/recipes/flake-file.ts";
import type { FlakePlan } from "../../../nix/recipes/plan.ts";
import { documents } from "../../../nix/recipes/readme-section.ts";
import type { CargoProject, ProgramAnswer, Readme, Survey } from "../../../repo/facts.ts";
import { escapeRegExp } from "../../../repo/sources/program-answers.ts";
import { programAnswers } from "../../plan/project-shape.ts";
import { asksForMore, type Wishes } from "../../plan/wishes.ts";
import { joined } from "../subject.ts";
import type { Words } from "../words.ts";
import { guideCriterion, wishedCriteria } from "./wished.ts";

/** Acceptance criteria of a flake: each one sentence, each with a check that can fail. */

export interface DraftCriterion {
  readonly topic: "package" | "program" | "tests" | "shell" | "outputs" | "inputs" | "lock" | "cargo-lock" | "document";
  readonly sentence: string;
  readonly checks: readonly CheckInput[];
}

/** A criterion as written in the document. */
export interface NumberedCriterion extends DraftCriterion {
  readonly id: string;
}

export interface CriteriaContext {
  readonly survey: Survey;
  readonly project: CargoProject;
  readonly plan: FlakePlan;
  /** Names by which criteria ask for the packages; a flake that exists may know another than the crate's. */
  readonly names: ReadonlyMap<string, string>;
  readonly hasPolicy: boolean;
  readonly document: string;
  readonly kind: "nixify" | "fix" | "docs";
  /** Of the project's documents and of the person's words. */
  readonly wishes: Wishes;
  readonly words: Words;
  /** Of this machine. */
  readonly system: string;
}

/** The document that is made a guide to the flake: one that asks for more than every flake gets, of a project without one. */
export function guideOf({ survey, kind, wishes, words }: CriteriaContext): Readme | undefined {
  const { guide } = survey;
  return kind === "nixify" && words.commands.length === 0 && !survey.flake && guide?.text !== undefined && asksForMore(wishes)
    ? guide
    : undefined;
}

const SYSTEM = "$" + "{system}";

/** What may already be true where a flake exists must stay true; where none exists it is false. */
const standing = (context: CriteriaContext): { readonly regression?: true } => (context.survey.flake ? { regression: true } : {});

export function draftCriteria(context: CriteriaContext): readonly NumberedCriterion[] {
  const all = context.kind === "docs" ? [documentation(context)] : nixCriteria(context);
  return all.map((criterion, index) => {
    const id = `AC-${index + 1}`;
    return { ...criterion, id, checks: criterion.checks.map((check) => withOwnId(check, id)) };
  });
}

function nixCriteria(context: CriteriaContext): readonly DraftCriterion[] {
  const lock = context.project.lock.state === "present" ? [] : [cargoLock(context)];
  const guide = guideOf(context);
  const asked = !context.words.spelledOut || context.words.document;
  const described = isDescribed(context) || !asked ? [] : [guide ? guided(context, guide) : documentation(context)];
  // A flake that exists keeps its form.
  const wished = context.survey.flake ? [] : wishedCriteria(context.plan, context.wishes);
  return [
    ...packages(context),
    ...shownPrograms(context).map(({ criterion }) => criterion),
    tests(context),
    shell(context),
    outputs(context),
    ...wished,
    inputs(context),
    flakeLock(context),
    ...lock,
    ...described,
  ];
}

export const attributeName = (context: CriteriaContext, attribute: string): string => context.names.get(attribute) ?? attribute;

export const buildCommand = (name: string): string => (name === "default" ? "nix build" : `nix build .#${name}`);

const OWN = "@own@";
/** A run check names the build beside it by the id of its criterion. */
function withOwnId(check: CheckInput, id: string): CheckInput {
  return check.kind === "run" ? { ...check, argv: check.argv.map((argument) => argument.replace(OWN, id)) } : check;
}

function packages(context: CriteriaContext): readonly DraftCriterion[] {
  return context.plan.packages.map((pkg): DraftCriterion => {
    const name = attributeName(context, pkg.attribute);
    const build: CheckInput = {
      kind: "nix-build",
      attr: `packages.${SYSTEM}.${name}`,
      files: pkg.programs.map((program) => `bin/${program}`),
    };
    const answer = answerOf(context.project, pkg.crate, pkg.mainProgram);
    const programs = joined(pkg.programs.map((program) => `\`${program}\``));
    const builds = `\`${buildCommand(name)}\` builds ${programs}`;
    if (!answer) return { topic: "package", sentence: `${builds}.`, checks: [build] };
    const run: CheckInput = {
      kind: "run",
      argv: [`\${out:${OWN}.0}/bin/${pkg.mainProgram}`, ...answer.arguments],
      stdout: { regex: answer.stdout },
    };
    return {
      topic: "package",
      sentence: `${builds}, which answers \`${pkg.mainProgram} ${answer.arguments.join(" ")}\`.`,
      checks: [build, run],
    };
  });
}

type Shown = NonNullable<Survey["shownRuns"]>[number];

/** More runs would bury the other criteria; a person may add what else is shown. */
const MAX_SHOWN_PROGRAMS = 3;

/** What documents show that the programs print: of each program once, as long as there is room. */
export function shownPrograms(
  context: CriteriaContext,
): readonly { readonly shown: Shown; readonly criterion: DraftCriterion }[] {
  // A flake that exists is mended, not held to more than it was.
  if (context.kind !== "nixify") return [];
  const runs = (context.survey.shownRuns ?? []).flatMap((shown) => {
    const pkg = context.plan.packages.find(({ programs }) => programs.includes(shown.program));
    return pkg ? [{ shown, pkg }] : [];
  });
  const firsts = runs.filter(({ shown }, index) => runs.findIndex((run) => run.shown.program === shown.program) === index);
  return [...firsts, ...runs.filter((run) => !firsts.includes(run))].slice(0, MAX_SHOWN_PROGRAMS).map(({ shown, pkg }) => ({
    shown,
    criterion: {
      topic: "program",
      sentence: `${shownCommand(shown)} prints what the documents show.`,
      checks: [
        {
          kind: "nix-build",
          attr: `packages.${SYSTEM}.${attributeName(context, pkg.attribute)}`,
          files: [`bin/${shown.program}`],
        },
        {
          kind: "run",
          argv: [`\${out:${OWN}.0}/bin/${shown.program}`, ...shown.arguments],
          ...(shown.stdin !== undefined && { stdin: shown.stdin }),
          ...(shown.inTree && { cwd: "." }),
          stdout: { equals: shown.stdout },
        },
      ],
    },
  }));
}

/** Beyond this the sentence would be the command. */
const MAX_COMMAND = 80;

function shownCommand({ program, arguments: words, stdin }: Shown): string {
  const command = [program, ...words.map((word) => (/^[\w./=:@,+-]+$/.test(word) ? word : JSON.stringify(word)))].join(" ");
  const short = command.length > MAX_COMMAND || command.includes("`") ? program : command;
  return `\`${short}\`${stdin === undefined ? "" : " with the shown text as input"}`;
}

export function answerOf(project: CargoProject, crate: string, program: string): ProgramAnswer | undefined {
  const pkg = project.packages.find((candidate) => candidate.name === crate);
  return pkg?.binaries.find((binary) => binary.name === program)?.answers[0];
}

export const hasTests = (project: CargoProject): boolean => project.packages.some((pkg) => pkg.hasTests);

function tests(context: CriteriaContext): DraftCriterion {
  const { plan } = context;
  const built =
    plan.packages.length > 0 ? `builds ${joined(plan.packages.map((pkg) => `\`${pkg.crate}\``))}` : "compiles the library";
  // A run of no tests passes: it must not be said to show any.
  const what = hasTests(context.project) ? `${built} and runs the project's tests` : `${built}, and the project has no tests`;
  // Where nobody names a check, a flake may name its own as it likes: that there are some, and that they pass, is what counts.
  const names = context.survey.flake ? [] : context.wishes.checks;
  const required = names.length === 0 ? {} : { require: [...names] };
  const called =
    names.length === 0 ? "" : ` with the ${names.length > 1 ? "checks" : "check"} ${joined(names.map((name) => `\`${name}\``))}`;
  return {
    topic: "tests",
    sentence: `\`nix flake check\`${called} ${what}.`,
    checks: [{ kind: "flake-check", ...required, ...standing(context) }],
  };
}

function shell(context: CriteriaContext): DraftCriterion {
  return {
    topic: "shell",
    sentence: "`nix develop` opens a shell in which `cargo --version` answers.",
    checks: [
      { kind: "dev-shell", run: { argv: ["cargo", "--version"], stdout: { regex: "^cargo 1\\." } }, ...standing(context) },
    ],
  };
}

function outputs(context: CriteriaContext): DraftCriterion {
  const own = context.plan.packages.map((pkg) => `packages.${SYSTEM}.${attributeName(context, pkg.attribute)}`);
  const required = [
    ...own,
    ...(own.length > 0 && !context.survey.flake && !own.includes(`packages.${SYSTEM}.default`)
      ? [`packages.${SYSTEM}.default`]
      : []),
    `devShells.${SYSTEM}.default`,
  ];
  const what = own.length > 0 ? "the packages and a development shell" : "a development shell";
  return {
    topic: "outputs",
    sentence: `The flake offers ${what} for every system of this request.`,
    checks: [{ kind: "flake-outputs", require: required, ...standing(context) }],
  };
}

/**
 * Inputs that stay whatever turns out: a toolchain that an overlay does not have is taken out of nixpkgs, and a builder that nobody names may
 * be another one.
 */
const lastingInputs = (plan: FlakePlan): FlakePlan["inputs"] =>
  plan.inputs.filter(
    ({ name }) =>
      name !== "rust-overlay" && name !== "fenix" && !(plan.builderByDefault && name === recipeOf(plan.builder)?.input),
  );

function inputs(context: CriteriaContext): DraftCriterion {
  const sentence = context.hasPolicy
    ? "Every flake input follows the input policy of the project."
    : "Every flake input is declared with an address that is no local path.";
  return {
    topic: "inputs",
    sentence,
    checks: [{ kind: "flake-inputs", "min-inputs": lastingInputs(context.plan).length, ...standing(context) }],
  };
}

function flakeLock(context: CriteriaContext): DraftCriterion {
  const names = lastingInputs(context.plan).map((input) => input.name);
  return {
    topic: "lock",
    sentence: `\`flake.lock\` is in step with the flake and holds ${joined(names.map((name) => `\`${name}\``))}.`,
    checks: [{ kind: "lock", require: names, ...standing(context) }],
  };
}

function cargoLock(context: CriteriaContext): DraftCriterion {
  const path = posix.join(context.project.root, "Cargo.lock");
  const crate = context.plan.packages[0]?.crate ?? context.plan.tests[0]?.crate ?? "";
  return {
    topic: "cargo-lock",
    sentence: `\`${path}\` is part of the repository and locks \`${crate}\`.`,
    checks: [{ kind: "file", path, regex: `^name = "${escapeRegExp(crate)}"$` }],
  };
}

const guided = ({ plan, survey, system }: CriteriaContext, guide: Readme): DraftCriterion =>
  guideCriterion(plan, guide, { system, answers: programAnswers(survey) });

const HEADING = "Nix";

function shownCommands(context: CriteriaContext): readonly string[] {
  if (context.words.document && context.words.commands.length > 0) return context.words.commands;
  return [
    ...context.plan.packages.map((pkg) => buildCommand(attributeName(context, pkg.attribute))),
    "nix develop",
    ...(context.plan.packages.length === 0 ? ["nix flake check"] : []),
  ];
}

/** The document shows all of it already: a change for the sake of a criterion would be none. */
export function isDescribed(context: CriteriaContext): boolean {
  const { flake, readme } = context.survey;
  return (
    flake !== undefined &&
    readme?.text !== undefined &&
    readme.path === context.document &&
    documents(readme.text, HEADING, shownCommands(context))
  );
}

function documentation(context: CriteriaContext): DraftCriterion {
  const commands = shownCommands(context);
  return {
    topic: "document",
    sentence: `\`${context.document}\` has a section "${HEADING}" that shows ${joined(commands.map((command) => `\`${command}\``))}.`,
    checks: [{ kind: "doc", files: [context.document], headings: [HEADING], mentions: [...commands] }],
  };
}
