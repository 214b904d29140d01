import type { Contradiction } from "../../../crq/facts/contradictions.ts";
import { checksOnly } from "../../../nix/recipes/guide/guide-section.ts";
import type { FlakePlan } from "../../../nix/recipes/plan.ts";
import type { BuilderChoice, CargoProject, DocumentFact } from "../../../repo/facts.ts";
import type { SurveyDetails } from "../../../tools/contract.ts";
import { isDefault } from "../../plan/builder-choice.ts";
import { type ChosenInputs, obeysPolicy } from "../../plan/flake-inputs.ts";
import { type Cited, type EvidenceContext, UNTOUCHED, unread } from "../evidence.ts";
import type { Relations } from "../relations.ts";
import type { NumberedCriterion } from "./criteria.ts";

/** What a draft about a flake rests on, asks and assumes. */

export interface FlakeEvidence {
  readonly kind: "nixify" | "fix" | "docs";
  readonly details: SurveyDetails;
  readonly project: CargoProject;
  readonly plan: FlakePlan;
  readonly inputs: ChosenInputs;
  readonly builder: BuilderChoice;
  readonly criteria: readonly NumberedCriterion[];
  readonly relations: Relations;
}

export function flakeEvidence(draft: FlakeEvidence): Omit<EvidenceContext, "refused" | "answers" | "date"> {
  return {
    details: draft.details,
    own: [...manifestFacts(draft), ...shownFacts(draft)],
    supports: (fact) => supports(fact, draft),
    usedIn: (fact) => usedIn(fact, draft),
    decided: (found) => decided(found, draft),
    checks: draft.kind === "nixify" ? checksOnly(draft.plan) : [],
    questions: [...toolchainQuestion(draft.project, draft.plan), ...draft.relations.questions],
    assumptions: [...draft.relations.assumptions, ...assumptions(draft)],
  };
}

const inputName = (key: string | undefined): string | undefined => /^inputs\.(?<name>.+)\.url$/.exec(key ?? "")?.groups?.name;

/** The task's own words decide the builder; a policy that knows a fork, or the flake that exists, decides where an input comes from. */
function decided(found: Contradiction<DocumentFact>, { kind, builder, inputs, plan }: FlakeEvidence): string | undefined {
  const { key, about } = found;
  if (kind === "docs" || key.startsWith("requirement.")) return UNTOUCHED;
  if (key === "builder") return builder.reasons.some((reason) => reason.startsWith("the task")) ? "the task" : undefined;
  const name = inputName(key);
  if (name === undefined || about === "local-input") return undefined;
  // A flake that does not take the input has nothing to decide.
  if (!plan.inputs.some((input) => input.name === name)) return UNTOUCHED;
  const source = inputs.sources.get(name)?.source;
  if (source === "policy") return "the input policy";
  return source === "flake.nix" && about === "value" ? "the flake that exists" : undefined;
}

function manifestFacts({ project, plan, criteria }: FlakeEvidence): readonly Cited[] {
  const crates = new Set([...plan.packages.map((pkg) => pkg.crate), ...plan.tests.map((test) => test.crate)]);
  const used = criteria
    .filter((criterion) => criterion.topic === "package" || criterion.topic === "tests")
    .map((criterion) => criterion.id);
  return project.packages.flatMap((pkg): Cited[] => {
    if (!pkg.named || !crates.has(pkg.name)) return [];
    const { source, sha256, quote } = pkg.named;
    return [{ claim: `a package of the project is named ${pkg.name}`, source, sha256, quote, usedIn: ["4.2", ...used] }];
  });
}

/** The line of each document behind a criterion that holds a program to it. */
function shownFacts({ details, criteria }: FlakeEvidence): readonly Cited[] {
  return criteria.flatMap(({ id, topic, checks }): Cited[] => {
    if (topic !== "program") return [];
    const run = checks.find((check) => check.kind === "run");
    const shown = details.survey.shownRuns?.find(
      ({ program, arguments: words, stdin }) =>
        run?.argv[0]?.endsWith(`/bin/${program}`) === true &&
        JSON.stringify(run.argv.slice(1)) === JSON.stringify(words) &&
        run.stdin === stdin,
    );
    if (!shown) return [];
    const { source, sha256, quote } = shown;
    return [{ claim: `${id} repeats the run that is shown from this line on`, source, sha256, quote, usedIn: [id] }];
  });
}

function usedIn({ key }: DocumentFact, { criteria }: FlakeEvidence): readonly string[] {
  const wish = criterionOfWish(key);
  if (wish !== undefined)
    return [
      "4.2",
      ...criteria.filter((criterion) => criterion.sentence.includes(`\`${wish}\``)).map((criterion) => criterion.id),
    ];
  const topics = key?.startsWith("inputs.") || key?.startsWith("rule.") || key?.startsWith("policy.") ? ["inputs", "lock"] : [];
  const section = key === "builder" || key?.startsWith("rust.") ? "4.3" : key?.startsWith("command:") ? "4.2" : "4.1";
  return [section, ...criteria.filter((criterion) => topics.includes(criterion.topic)).map((criterion) => criterion.id)];
}

/** The name that a criterion speaks of where a document asks for an output. */
const criterionOfWish = (key: string | undefined): string | undefined =>
  /^(?:check|package|shell)\.(?<name>[\w-]+)\./.exec(key ?? "")?.groups?.name;

/** Facts that say what the plan does. */
function supports(fact: DocumentFact, { details, plan, builder }: FlakeEvidence): boolean {
  if (fact.key === "builder") return fact.value === builder.builder;
  if (fact.key?.startsWith("rule.") || fact.key?.startsWith("policy.")) return true;
  const wish = criterionOfWish(fact.key);
  if (wish !== undefined) return isPlanned(wish, fact, plan);
  const name = inputName(fact.key);
  if (name === undefined) return false;
  const allowed = !details.policy || obeysPolicy(fact.value ?? "", details.policy);
  return allowed && plan.inputs.some((input) => input.name === name && input.url === fact.value);
}

function isPlanned(name: string, { key }: DocumentFact, plan: FlakePlan): boolean {
  if (key?.startsWith("check.")) return (plan.stepChecks ?? []).some((check) => check.attribute === name);
  if (key?.startsWith("package.")) return plan.packages.some((pkg) => pkg.crate === name && pkg.features !== undefined);
  return plan.shellVariables !== undefined && Object.hasOwn(plan.shellVariables, name);
}

/** A channel that nixpkgs cannot give is a decision for a person. */
function toolchainQuestion(project: CargoProject, plan: FlakePlan): readonly string[] {
  const file = project.toolchainFile;
  if (!file || plan.toolchain.from !== "nixpkgs" || !/^(?:nightly|beta)/.test(file.channel)) return [];
  return [
    `\`${file.path}\` asks for the channel ${file.channel}, and the flake would use the stable Rust of nixpkgs; may it, or does this request need an input that provides ${file.channel}?`,
  ];
}

function assumptions({ details, project, plan, inputs, builder }: FlakeEvidence): readonly string[] {
  const defaults = plan.inputs.filter((input) => inputs.sources.get(input.name)?.source === "default");
  return [
    ...defaults.map(
      (input) => `\`${input.name}\` comes from \`${input.url}\`, since no document, policy or flake names another place.`,
    ),
    ...(isDefault(builder) ? [`${builder.builder} builds the project (${builder.reasons.join("; ")}).`] : []),
    ...plan.remarks,
    ...(project.lock.state === "missing" || project.lock.state === "ignored"
      ? ["A lock file of Cargo may be generated and committed, since a Nix build needs one."]
      : []),
    ...unread(details),
  ];
}
