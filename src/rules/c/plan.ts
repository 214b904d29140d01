import type { GiveUpReason } from "../../agent/outcome.ts";
import type { CFlakePlan } from "../../nix/recipes/c/plan.ts";
import type { CProject, CReading } from "../../repo/c/project.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { type AppliedCrq, planContext } from "../plan/context.ts";
import { type ChosenInputs, chooseInputs } from "../plan/flake-inputs.ts";
import type { Requirements } from "../plan/requirements.ts";

/** The flake of a C project, decided from its build description, the documents' inputs and, while a CRQ is applied, its criteria. */

export type CPlanned =
  | { readonly ok: true; readonly plan: CFlakePlan; readonly project: CProject; readonly inputs: ChosenInputs }
  | { readonly ok: false; readonly reason: GiveUpReason; readonly detail: string };

const not = (detail: string): CPlanned => ({
  ok: false,
  reason: "not-understood",
  detail: `${detail} Use a language model (--model).`,
});

/** What nixpkgs calls a version of something that has none. */
export const NO_VERSION = "0-unstable";

export function planCFlake(
  reading: CReading,
  details: SurveyDetails,
  applied?: AppliedCrq,
  answers: readonly { readonly question: string; readonly answer: string }[] = [],
): CPlanned {
  if (reading.kind === "unclear") return not(`The build of the C sources is not understood: ${reading.problem}.`);
  const { project } = reading;
  if (details.survey.flake) return not("The repository has a flake, and the rules write flakes of C projects anew only.");
  const context = planContext(details, applied, answers);
  const { requirements } = context;
  const inputs = chooseInputs(["nixpkgs"], [...requirements.inputs, ...context.furtherInputs], context);
  if (inputs.unknown.length > 0) return not(`Nothing says where the input ${inputs.unknown.join(", ")} comes from.`);
  const beyond = beyondPlan(requirements, project);
  if (beyond.length > 0)
    return not(`The criteria ask for ${beyond.join(", ")}, which the project's ${project.file} does not make.`);
  return { ok: true, project, inputs, plan: planOf(project, inputs, context.systems) };
}

function planOf(project: CProject, { inputs }: ChosenInputs, systems: readonly string[]): CFlakePlan {
  const { system, root, name, version, programs, install, tests, libraries, setsCompiler } = project;
  const found = libraries.flatMap(({ attribute }) => attribute ?? []);
  const asksPkgConfig = libraries.some(({ by }) => by === "pkg-config");
  return {
    inputs,
    systems,
    system,
    root,
    name,
    version: version?.value ?? NO_VERSION,
    programs,
    install:
      install === undefined ? { by: "none" } : install.by === "make" ? { by: "make", prefix: install.prefix } : { by: "own" },
    ...(tests && { checkTarget: tests.target }),
    setsCompiler,
    nativeBuildInputs: [...(system === "cmake" ? ["cmake"] : []), ...(asksPkgConfig ? ["pkg-config"] : [])],
    buildInputs: [...new Set(found)].sort(),
    remarks: [
      ...(version === undefined ? [`\`${project.file}\` states no version; the package says ${NO_VERSION}.`] : []),
      ...(install === undefined
        ? [`\`${project.file}\` installs nothing into a place that the caller names; the flake copies the programs.`]
        : []),
      ...libraries.flatMap(({ name: library, line, attribute }) =>
        attribute === undefined
          ? [`No attribute of nixpkgs is known for \`${library}\` (\`${project.file}\`, line ${line}).`]
          : [],
      ),
    ],
  };
}

/** Outputs that criteria name and this plan does not have. */
function beyondPlan(requirements: Requirements, { name, programs }: CProject): readonly string[] {
  const made = new Set(programs.map((program) => program.name));
  const own = new Set([name, "default"]);
  return [
    ...[...requirements.packages].flatMap(([attribute, wanted]) => [
      ...(own.has(attribute) ? [] : [`packages.${attribute}`]),
      ...[...wanted].filter((program) => !made.has(program)).map((program) => `bin/${program}`),
    ]),
    ...[...requirements.checks].filter((check) => check !== name).map((check) => `checks.${check}`),
    ...[...requirements.apps].filter((app) => app !== "default").map((app) => `apps.${app}`),
    ...[...requirements.shells.keys()].filter((shell) => shell !== "default").map((shell) => `devShells.${shell}`),
    ...(requirements.formatter ? ["a formatter"] : []),
    ...requirements.docs.filter(({ runs }) => runs).map(({ file }) => `a guide in ${file}`),
  ];
}
