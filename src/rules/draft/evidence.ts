import type { Fact } from "../../crq/model.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import { type Contradiction, contradictions } from "../../repo/documents/contradictions.ts";
import type { BuilderChoice, CargoProject, DocumentFact } from "../../repo/facts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { type ChosenInputs, obeysPolicy } from "../plan/flake-inputs.ts";
import type { NumberedCriterion } from "./criteria.ts";

/** Which facts a draft cites, what it asks, and what it assumes. */

export interface Evidence {
  readonly facts: readonly Fact[];
  readonly questions: readonly string[];
  readonly assumptions: readonly string[];
}

export interface EvidenceContext {
  readonly details: SurveyDetails;
  readonly project: CargoProject;
  readonly plan: FlakePlan;
  readonly inputs: ChosenInputs;
  readonly builder: BuilderChoice;
  readonly criteria: readonly NumberedCriterion[];
  /** Sources and quotes that the linter did not find: `SOURCE\0QUOTE`. */
  readonly refused: ReadonlySet<string>;
}

/** Facts of one document beyond this many would bury the others. */
const MAX_FACTS = 24;

/** A document outside of the repository cannot be looked up by a reader of the CRQ. */
const isCitable = (fact: { readonly source: string }): boolean => !/^(?:\/|~|\.\.|[A-Za-z]:)/.test(fact.source);

type Cited = Omit<Fact, "id">;

export function gatherEvidence(context: EvidenceContext): Evidence {
  const open = contradictions(context.details.facts).filter(
    (found) => found.sides.every(isCitable) && !isDecided(found, context),
  );
  const cited = uniqueFacts([
    ...manifestFacts(context),
    ...open.flatMap((found) => found.sides).map((side) => asCited(side, context)),
    ...supporting(context, open),
  ])
    .filter((fact) => !context.refused.has(`${fact.source}\0${fact.quote}`))
    .slice(0, MAX_FACTS);
  const facts = cited.map((fact, index): Fact => ({ id: `F-${index + 1}`, ...fact }));
  const idOf = (side: DocumentFact): string | undefined =>
    facts.find((fact) => fact.source === side.source && fact.key === side.key && fact.value === side.value)?.id;
  const asked = open.flatMap((found) => {
    const ids = found.sides.map(idOf);
    return ids.every((id) => id !== undefined) ? [askAbout(found, ids)] : [];
  });
  return { facts, questions: [...asked, ...toolchainQuestion(context.project)], assumptions: assumptions(context) };
}

/** The task's own words decide the builder; a policy that knows a fork decides where an input comes from. */
function isDecided(found: Contradiction, context: EvidenceContext): boolean {
  if (found.key === "builder") return context.builder.reasons.some((reason) => reason.startsWith("the task"));
  const name = /^inputs\.(?<name>.+)\.url$/.exec(found.key)?.groups?.name;
  if (name === undefined || found.about === "a local path as an input") return false;
  const source = context.inputs.sources.get(name)?.source;
  return source === "policy" || source === "flake.nix";
}

function askAbout(found: Contradiction, ids: readonly (string | undefined)[]): string {
  if (found.about === "a local path as an input")
    return `${ids[0]} says that flake inputs must not be local paths, and ${ids[1]} takes \`${found.key}\` from a local path; which of them holds?`;
  const sides = found.sides.map((side, index) => `${ids[index]} (\`${side.source}\`) says \`${side.value}\``);
  return `The documents disagree about \`${found.key}\`: ${sides.join(", ")}; which of them holds?`;
}

function manifestFacts({ project, plan, criteria }: EvidenceContext): readonly Cited[] {
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

function asCited(fact: DocumentFact, { criteria }: EvidenceContext): Cited {
  const { claim, source, sha256, quote, key, value } = fact;
  const topics = key?.startsWith("inputs.") || key === "rule.local-inputs" ? ["inputs", "lock"] : [];
  const section = key === "builder" ? "4.3" : key?.startsWith("command:") ? "4.2" : "4.1";
  const usedIn = [section, ...criteria.filter((criterion) => topics.includes(criterion.topic)).map((criterion) => criterion.id)];
  return { claim, source, sha256, quote, ...(key !== undefined && { key }), ...(value !== undefined && { value }), usedIn };
}

/** Facts that say what the plan does. One that says otherwise about an open question is cited with that question. */
function supporting(context: EvidenceContext, open: readonly Contradiction[]): readonly Cited[] {
  const { details, plan, builder } = context;
  const asked = new Set(open.map((found) => found.key));
  return details.facts
    .filter((fact) => {
      if (!isCitable(fact) || fact.key === undefined || asked.has(fact.key)) return false;
      if (fact.key === "builder") return fact.value === builder.builder;
      if (fact.key === "rule.local-inputs") return true;
      const name = /^inputs\.(?<name>.+)\.url$/.exec(fact.key)?.groups?.name;
      if (name === undefined) return false;
      const allowed = !details.policy || obeysPolicy(fact.value ?? "", details.policy);
      return allowed && plan.inputs.some((input) => input.name === name && input.url === fact.value);
    })
    .map((fact) => asCited(fact, context));
}

function uniqueFacts(facts: readonly Cited[]): readonly Cited[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const identity = [fact.source, fact.key, fact.value, fact.claim].join("\0");
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** A channel that nixpkgs cannot give is a decision for a person. */
function toolchainQuestion(project: CargoProject): readonly string[] {
  const file = project.toolchainFile;
  if (!file || !/^(?:nightly|beta)/.test(file.channel)) return [];
  return [
    `\`${file.path}\` asks for the channel ${file.channel}, and the flake would use the stable Rust of nixpkgs; may it, or does this request need an input that provides ${file.channel}?`,
  ];
}

function assumptions(context: EvidenceContext): readonly string[] {
  const { details, project, plan, inputs, builder } = context;
  const { survey } = details;
  const defaults = plan.inputs.filter((input) => inputs.sources.get(input.name)?.source === "default");
  const file = project.toolchainFile;
  const pinned = file && /^\d/.test(file.channel);
  return [
    ...defaults.map(
      (input) => `\`${input.name}\` comes from \`${input.url}\`, since no document, policy or flake names another place.`,
    ),
    ...(builder.reasons.some((reason) => reason.startsWith("default"))
      ? [`${builder.builder} of nixpkgs builds the project, since nothing names a builder.`]
      : []),
    ...overruled(context),
    ...(pinned
      ? [`The Rust of the locked nixpkgs serves in place of the release ${file.channel} that \`${file.path}\` names.`]
      : []),
    ...(project.lock.state === "missing" || project.lock.state === "ignored"
      ? ["A lock file of Cargo may be generated and committed, since a Nix build needs one."]
      : []),
    ...(survey.uncommitted.length > 0 ? [uncommitted(survey.uncommitted)] : []),
    ...corrections(details.facts),
    ...(details.facts.some((fact) => !isCitable(fact))
      ? ["Documents outside of the repository were read, and are not cited, since a reader could not look them up."]
      : []),
    ...(details.leftOut.length > 0
      ? [
          `${details.leftOut.length === 1 ? "One document was" : `${details.leftOut.length} documents were`} left out for size or form.`,
        ]
      : []),
  ];
}

/** What a stronger word overruled is said, so that a person can object. */
function overruled(context: EvidenceContext): readonly string[] {
  return contradictions(context.details.facts)
    .filter((found) => isDecided(found, context))
    .map((found) => {
      const by =
        found.key === "builder"
          ? "the task"
          : context.inputs.sources.get(/^inputs\.(.+)\.url$/.exec(found.key)?.[1] ?? "")?.source === "policy"
            ? "the input policy"
            : "the flake that exists";
      return `The documents disagree about ${found.key}, and ${by} decides.`;
    });
}

/** Counted, not named: a file's name is no prose (`TODO`), and as a path it would have to exist at the base. */
const uncommitted = (paths: readonly string[]): string =>
  `${paths.length === 1 ? "One file of the checkout is" : `${paths.length} files of the checkout are`} not committed and no part of this change.`;

/** Commands of the documents that Nix refuses; plain words, so that nobody copies them from here. */
function corrections(facts: readonly DocumentFact[]): readonly string[] {
  return facts.flatMap((fact) => {
    const command = /^command:(?<command>.+)$/.exec(fact.key ?? "")?.groups?.command;
    if (command === undefined || fact.value === undefined || fact.value === command || !isCitable(fact)) return [];
    return [`Line ${fact.line} of \`${fact.source}\` shows a command that Nix refuses; the form \`${fact.value}\` is meant.`];
  });
}
