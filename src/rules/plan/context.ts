import type { Crq, SectionName } from "../../crq/model.ts";
import { isLocal, parseFlakeReference } from "../../nix/flake-reference.ts";
import { type FlakeParts, flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import { statedInWords } from "../../repo/documents/words.ts";
import type { DocumentFact } from "../../repo/facts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { type BuilderSource, builderIn, chooseBuilder, defaultBuilder } from "./builder-choice.ts";
import { deniesWarnings } from "./denied-warnings.ts";
import type { InputContext, InputSource } from "./flake-inputs.ts";
import { COMMON_SYSTEMS, type PlanContext } from "./flake-plan.ts";
import { NO_REQUIREMENTS, type Requirements, type Stated } from "./requirements.ts";
import { mayUse } from "./toolchain.ts";
import { wishesOf } from "./wishes.ts";

/** Everything a plan is decided from, gathered from the survey and, while a CRQ is applied, from the CRQ. */

const quoteOf = (fact: Stated | DocumentFact): string | undefined => ("quote" in fact ? fact.quote : fact.value);

const INPUT_KEY = /^inputs\.(?<name>[^.]+)\.url$/;

export interface AppliedCrq {
  readonly crq: Crq;
  readonly requirements: Requirements;
}

/** @param answers what a person decided on the terminal while the CRQ is drafted */
export function planContext(
  details: SurveyDetails,
  applied?: AppliedCrq,
  answers: readonly { readonly question: string; readonly answer: string }[] = [],
): PlanContext {
  const { survey } = details;
  const requirements = applied?.requirements ?? NO_REQUIREMENTS;
  const facts: readonly Stated[] = [...(applied?.crq.facts ?? []), ...details.facts];
  const parts = survey.flake && flakeParts(survey.flake.text);
  const stated = statedInputs(details.facts, applied?.crq, requirements, answers);
  const systems = applied?.crq.metadata?.target?.systems ?? details.draft?.systems ?? [];
  const utils =
    requirements.inputs.has("flake-utils") ||
    parts?.inputs.has("flake-utils") === true ||
    (!applied && stated.has("flake-utils"));
  const inputs: InputContext = {
    policy: details.policy,
    nixpkgs: details.nixpkgs,
    stated,
    existing: parts?.inputs ?? new Map(),
    locked: survey.flake?.locked ?? false,
  };
  const texts = [details.task, applied?.crq.source, ...facts.map((fact) => quoteOf(fact))].filter((text) => text !== undefined);
  return {
    ...inputs,
    survey,
    builder: chooseBuilder(
      [...answeredBuilders(answers), ...builderSources(details, facts, applied)],
      defaultBuilder(survey.flake === undefined, mayUse("crane", inputs)),
    ),
    cargoHash: texts.some((text) => /\bcargoHash\b/.test(text)),
    deniesWarnings:
      survey.ci?.clippyDenied !== undefined || survey.flake?.clippyDenied !== undefined || texts.some(deniesWarnings),
    systems: flakeSystems(parts, [...systems, details.system]),
    eachSystem: utils ? "flake-utils" : "genAttrs",
    requirements,
    wishes: wishesOf([...facts, ...statedInWords(details.task ?? "")], survey.cargo, applied?.requirements),
    // While a CRQ is applied only its criteria ask for more inputs; a draft declares what the documents name.
    furtherInputs: applied ? [] : furtherInputs(stated),
  };
}

/** Inputs that documents name besides those the recipes choose; a local path is no input that others could fetch. */
function furtherInputs(stated: ReadonlyMap<string, InputSource>): readonly string[] {
  const chosen = new Set(["nixpkgs", "naersk", "crane", "crate2nix", "fenix", "flake-utils", "rust-overlay"]);
  return [...stated].flatMap(([name, { url }]) => {
    const reference = parseFlakeReference(url);
    return chosen.has(name) || !reference || isLocal(reference) ? [] : [name];
  });
}

/** The systems of a flake that exists, or the common ones, with those that must be verified. */
function flakeSystems(parts: FlakeParts | undefined, needed: readonly string[]): readonly string[] {
  const base = parts && parts.systems.length > 0 ? parts.systems : COMMON_SYSTEMS;
  return [...new Set<string>([...base, ...needed])];
}

/** Addresses by key: answers and facts of the CRQ being applied, then the documents, then any reference in the CRQ to a wanted repository. */
function statedInputs(
  documents: readonly Stated[],
  crq: Crq | undefined,
  requirements: Requirements,
  answers: readonly { readonly question: string; readonly answer: string }[],
): ReadonlyMap<string, InputSource> {
  const stated = new Map<string, InputSource>();
  const state = (name: string | undefined, source: InputSource): void => {
    if (name !== undefined && !stated.has(name)) stated.set(name, source);
  };
  const nameOf = (fact: Stated): string | undefined => INPUT_KEY.exec(fact.key ?? "")?.groups?.name;
  for (const { question, answer } of answers) {
    const [url] = answer.match(REFERENCE) ?? [];
    const asked = /\binputs\.(?<name>\S+)\.url\b/.exec(question)?.groups?.name;
    if (url !== undefined) state(asked, { url, source: "an answer", decided: true });
  }
  for (const { answer, text } of crq?.questions ?? []) {
    // The answer to a contradiction names the address that holds.
    const [url] = answer?.match(REFERENCE) ?? [];
    const asked = /`inputs\.(?<name>[^`]+)\.url`/.exec(text)?.groups?.name;
    if (url !== undefined) state(asked ?? parseFlakeReference(url)?.repo, { url, source: crq?.path ?? "", decided: true });
  }
  for (const fact of crq?.facts ?? [])
    if (fact.value !== undefined) state(nameOf(fact), { url: fact.value, source: fact.source, decided: true });
  for (const fact of documents) if (fact.value !== undefined) state(nameOf(fact), { url: fact.value, source: fact.source });
  for (const [url] of crq?.source.matchAll(REFERENCE) ?? []) {
    const name = parseFlakeReference(url)?.repo;
    const wanted = name !== undefined && (requirements.inputs.has(name) || name === "nixpkgs" || builderIn(name) === name);
    if (wanted) state(name, { url, source: crq?.path ?? "" });
  }
  return stated;
}

const REFERENCE = /\bgithub:[\w.-]+\/[\w.-]+(?:\/[\w./-]*\w)?(?:\?[\w=&.%/-]*\w)?/g;

function sectionText(crq: Crq, name: SectionName): string {
  const section = crq.sections.find((candidate) => candidate.name === name);
  return section ? crq.source.slice(section.body.start, section.body.end) : "";
}

const answeredBuilders = (answers: readonly { readonly question: string; readonly answer: string }[]): readonly BuilderSource[] =>
  answers
    .filter(({ question }) => /\bfor builder\?/.test(question))
    .map(({ answer }) => ({ source: "an answer", builder: builderIn(answer) }));

function builderSources(
  details: SurveyDetails,
  facts: readonly Stated[],
  applied: AppliedCrq | undefined,
): readonly BuilderSource[] {
  const factSources = facts
    .filter((fact) => fact.key === "builder")
    .map((fact) => ({ source: fact.source, builder: builderIn(fact.value ?? "") }));
  const { flake } = details.survey;
  const crq = applied?.crq;
  const written: readonly BuilderSource[] = crq
    ? [
        ...crq.questions.map(({ id, text, answer }) => ({
          source: `the answer to ${id}`,
          builder: text.includes("`builder`") ? builderIn(answer ?? "") : undefined,
        })),
        { source: "a criterion", builder: builderIn([...(applied?.requirements.inputs ?? [])].join(" ")) },
        { source: `${crq.path} (section 4)`, builder: builderIn(sectionText(crq, "Technical Details")) },
        { source: `${crq.path} (title)`, builder: builderIn(`${crq.metadata?.title ?? ""} ${sectionText(crq, "Overview")}`) },
      ]
    : [{ source: "the task", builder: builderIn(details.task ?? "") }];
  return [...written, ...factSources, { source: "flake.nix", builder: flake?.builder }];
}
