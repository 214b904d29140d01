import type { Crq, SectionName } from "../../crq/model.ts";
import { isLocal, parseFlakeReference } from "../../nix/flake-reference.ts";
import { type FlakeParts, flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { type BuilderSource, builderIn, chooseBuilder } from "./builder-choice.ts";
import type { InputSource } from "./flake-inputs.ts";
import { COMMON_SYSTEMS, type PlanContext } from "./flake-plan.ts";
import { NO_REQUIREMENTS, type Requirements, type Stated } from "./requirements.ts";

/** Everything a plan is decided from, gathered from the survey and, while a CRQ is applied, from the CRQ. */

const INPUT_KEY = /^inputs\.(?<name>[^.]+)\.url$/;

export interface AppliedCrq {
  readonly crq: Crq;
  readonly requirements: Requirements;
}

export function planContext(details: SurveyDetails, applied?: AppliedCrq): PlanContext {
  const { survey } = details;
  const requirements = applied?.requirements ?? NO_REQUIREMENTS;
  const facts: readonly Stated[] = [...(applied?.crq.facts ?? []), ...details.facts];
  const parts = survey.flake && flakeParts(survey.flake.text);
  const stated = statedInputs(facts, applied?.crq, requirements);
  const systems = applied?.crq.metadata?.target?.systems ?? details.draft?.systems ?? [];
  const utils =
    requirements.inputs.has("flake-utils") ||
    parts?.inputs.has("flake-utils") === true ||
    (!applied && stated.has("flake-utils"));
  return {
    survey,
    policy: details.policy,
    nixpkgs: details.nixpkgs,
    stated,
    existing: parts?.inputs ?? new Map(),
    builder: chooseBuilder(builderSources(details, facts, applied)),
    systems: flakeSystems(parts, [...systems, details.system]),
    eachSystem: utils ? "flake-utils" : "genAttrs",
    requirements,
    // While a CRQ is applied only its criteria ask for more inputs; a draft declares what the documents name.
    furtherInputs: applied ? [] : furtherInputs(stated),
  };
}

/** Inputs that documents name besides those the recipes choose; a local path is no input that others could fetch. */
function furtherInputs(stated: ReadonlyMap<string, InputSource>): readonly string[] {
  const chosen = new Set(["nixpkgs", "naersk", "crane", "crate2nix", "flake-utils"]);
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

/** Addresses by key, and, for inputs a criterion names, any reference in the CRQ to a repository of that name. */
function statedInputs(
  facts: readonly Stated[],
  crq: Crq | undefined,
  requirements: Requirements,
): ReadonlyMap<string, InputSource> {
  const stated = new Map<string, InputSource>();
  for (const fact of facts) {
    const name = INPUT_KEY.exec(fact.key ?? "")?.groups?.name;
    if (name !== undefined && fact.value !== undefined && !stated.has(name))
      stated.set(name, { url: fact.value, source: fact.source });
  }
  if (!crq) return stated;
  for (const [url] of crq.source.matchAll(/\bgithub:[\w.-]+\/[\w.-]+(?:\/[\w./-]*\w)?(?:\?[\w=&.%/-]*\w)?/g)) {
    const name = parseFlakeReference(url)?.repo;
    if (name !== undefined && (requirements.inputs.has(name) || name === "nixpkgs" || name === "naersk") && !stated.has(name))
      stated.set(name, { url, source: crq.path });
  }
  return stated;
}

function sectionText(crq: Crq, name: SectionName): string {
  const section = crq.sections.find((candidate) => candidate.name === name);
  return section ? crq.source.slice(section.body.start, section.body.end) : "";
}

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
        { source: "a criterion", builder: builderIn([...(applied?.requirements.inputs ?? [])].join(" ")) },
        { source: `${crq.path} (section 4)`, builder: builderIn(sectionText(crq, "Technical Details")) },
        { source: `${crq.path} (title)`, builder: builderIn(`${crq.metadata?.title ?? ""} ${sectionText(crq, "Overview")}`) },
      ]
    : [{ source: "the task", builder: builderIn(details.task ?? "") }];
  return [...written, ...factSources, { source: "flake.nix", builder: flake?.builder }];
}
