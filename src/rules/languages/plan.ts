import type { LanguageProject, LanguageSurvey } from "../../repo/languages/project.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { type AppliedCrq, planContext } from "../plan/context.ts";
import { type ChosenInputs, chooseInputs } from "../plan/flake-inputs.ts";
import type { PlanContext } from "../plan/flake-plan.ts";
import type { Requirements } from "../plan/requirements.ts";
import { planC } from "./c/plan.ts";
import { planGo } from "./go/plan.ts";
import { planNode } from "./node/plan.ts";
import { type NotPlanned, notPlanned, type PlannedProject } from "./planned.ts";
import { planPython } from "./python/plan.ts";

/** The flake of a project in another language, decided from its own facts, the documents' inputs and, while a CRQ is applied, its criteria. */
export function planLanguage(
  { name, reading, file }: LanguageSurvey,
  details: SurveyDetails,
  applied?: AppliedCrq,
  answers: readonly { readonly question: string; readonly answer: string }[] = [],
): PlannedProject | NotPlanned {
  if (reading.kind === "unclear") return notPlanned(`The build of the ${name} sources is not understood: ${reading.problem}.`);
  if (details.survey.flake)
    return notPlanned(`The repository has a flake, and the rules write flakes of ${name} projects anew only.`);
  const context = planContext(details, applied, answers);
  const inputs = chooseInputs(["nixpkgs"], [...context.requirements.inputs, ...context.furtherInputs], context);
  if (inputs.unknown.length > 0) return notPlanned(`Nothing says where the input ${inputs.unknown.join(", ")} comes from.`);
  const planned = planOf(reading, inputs, context);
  if (!planned.ok) return planned;
  const beyond = beyondPlan(context.requirements, planned);
  return beyond.length > 0
    ? notPlanned(`The criteria ask for ${beyond.join(", ")}, which ${file ?? "the project"} does not make.`)
    : planned;
}

/** One line a language. */
function planOf(found: LanguageProject, inputs: ChosenInputs, { systems }: PlanContext): PlannedProject | NotPlanned {
  switch (found.language) {
    case "c":
      return planC(found.project, inputs, systems);
    case "node":
      return planNode(found.project, inputs, systems);
    case "python":
      return planPython(found.project, inputs, systems);
    case "go":
      return planGo(found.project, inputs, systems);
  }
}

/** Outputs that criteria name and this plan does not have. */
function beyondPlan(requirements: Requirements, { name, programs, checks, formatter }: PlannedProject): readonly string[] {
  const made = new Set(programs);
  const own = new Set([name, "default"]);
  const checked = new Set([name, ...checks.map((check) => check.name)]);
  const apps = new Set(programs.length === 0 ? [] : ["default", ...(programs.length > 1 ? programs : [])]);
  return [
    ...[...requirements.packages].flatMap(([attribute, wanted]) => [
      ...(own.has(attribute) ? [] : [`packages.${attribute}`]),
      ...[...wanted].filter((program) => !made.has(program)).map((program) => `bin/${program}`),
    ]),
    ...[...requirements.checks].filter((check) => !checked.has(check)).map((check) => `checks.${check}`),
    ...[...requirements.apps].filter((app) => !apps.has(app)).map((app) => `apps.${app}`),
    ...[...requirements.shells.keys()].filter((shell) => shell !== "default").map((shell) => `devShells.${shell}`),
    ...(requirements.formatter && !formatter ? ["a formatter"] : []),
    ...requirements.docs.filter(({ runs }) => runs).map(({ file }) => `a guide in ${file}`),
  ];
}
