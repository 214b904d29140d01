import type { GiveUpReason } from "../../agent/outcome.ts";
import type { Contradiction } from "../../crq/facts/contradictions.ts";
import type { CrqDiagnostic, CrqKind } from "../../crq/model.ts";
import { readDocument } from "../../crq/parse/document.ts";
import type { PlacedFact } from "../../crq/parse/facts.ts";
import { flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import type { DocumentFact, Survey } from "../../repo/facts.ts";
import { MAX_CLARIFICATIONS } from "../../tools/ask.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { calls, type Decision, giveUp } from "../decision.ts";
import { planContext } from "../plan/context.ts";
import { planFlake } from "../plan/flake-plan.ts";
import type { Step } from "../transcript.ts";
import { classifyTask } from "./classify.ts";
import { type CriteriaContext, draftCriteria, isDescribed } from "./criteria.ts";
import { draftTitle, renderDraft } from "./document.ts";
import { type Answered, gatherEvidence, shortQuestion } from "./evidence.ts";
import { flakeEvidence } from "./flake-evidence.ts";
import { relationsOf } from "./relations.ts";
import { describeSubject } from "./subject.ts";

/** The next move of a draft: hand the document in; take out what the linter refuses; give up honestly where that is not enough. */

type DraftKind = "nixify" | "fix" | "docs";
const isDraftKind = (kind: CrqKind | undefined): kind is DraftKind => kind === "nixify" || kind === "fix" || kind === "docs";

export function nextOfDraft(details: SurveyDetails, steps: readonly Step[], template: (name: string) => string): Decision {
  const submissions = steps.filter((step): step is Extract<Step, { tool: "submit_crq" }> => step.tool === "submit_crq");
  const last = submissions.at(-1);
  if (last?.details.accepted) return { kind: "end", text: "The document was accepted." };
  const asked = steps.filter((step): step is Extract<Step, { tool: "ask_person" }> => step.tool === "ask_person");
  const answers = [
    ...details.clarifications,
    ...asked.flatMap(({ question, details: { answer } }) => (answer === null ? [] : [{ question, answer }])),
  ];
  const draft = (refused: ReadonlySet<string>) => draftDocument({ details, answers, refused }, template);
  const first = draft(new Set());
  if ("decision" in first) return first.decision;
  if (!last) {
    const next = details.draft?.canAsk === true ? nextQuestion(first, details, asked) : undefined;
    return next ?? calls("Hand the draft in.", { tool: "submit_crq", arguments: { markdown: first.markdown } });
  }
  const refused = submissions.flatMap((step) => step.details.diagnostics).filter((diagnostic) => diagnostic.severity === "error");
  const without = refusedFacts(first.markdown, refused);
  const again = without.size > 0 ? draft(without) : first;
  if ("decision" in again) return again.decision;
  if (refused.some(({ rule }) => rule === "baseline/nothing-red"))
    return giveUp("contradiction", "What the wish asks for holds already: every criterion that could be derived from it is met.");
  if (without.size === 0 || submissions.length > 2)
    return giveUp("no-known-fix", `The linter refuses the draft, and no rule mends it: ${findings(last.details.diagnostics)}`);
  return calls("Leave out the facts that the linter did not find.", {
    tool: "submit_crq",
    arguments: { markdown: again.markdown },
  });
}

/** Open contradictions are put to whoever sits at the terminal, as many as may be asked. */
function nextQuestion(
  draft: Drafted,
  { clarifications }: SurveyDetails,
  asked: readonly Extract<Step, { tool: "ask_person" }>[],
) {
  const put = new Set(asked.map(({ question }) => question));
  const open = draft.open.map(shortQuestion).find(({ question }) => !put.has(question));
  if (open === undefined || clarifications.length + asked.length >= MAX_CLARIFICATIONS) return undefined;
  return calls("Ask what the documents leave open.", {
    tool: "ask_person",
    arguments: { question: open.question, choices: [...open.choices] },
  });
}

const findings = (diagnostics: readonly CrqDiagnostic[]): string =>
  diagnostics
    .filter((diagnostic) => diagnostic.severity === "error")
    .map((diagnostic) => `${diagnostic.line}:${diagnostic.column} ${diagnostic.rule}: ${diagnostic.message}`)
    .join("; ");

/** Facts that findings name or stand in, by source and quote. */
function refusedFacts(document: string, diagnostics: readonly CrqDiagnostic[]): ReadonlySet<string> {
  const { facts } = readDocument("draft.md", document);
  const named = new Set(
    diagnostics
      .filter((diagnostic) => diagnostic.rule.startsWith("grounding/"))
      .flatMap((diagnostic) => diagnostic.message.match(/\bF-\d+\b/g) ?? []),
  );
  const begins = facts.map(({ block, index }) => block.placeOf(["fact", index, "id"]).line);
  const standsIn = (at: number): boolean =>
    diagnostics.some(({ line }) => line >= (begins[at] ?? 0) && line < (begins[at + 1] ?? endOf(facts[at])));
  return new Set(
    facts.filter(({ fact }, at) => named.has(fact.id) || standsIn(at)).map(({ fact }) => `${fact.source}\0${fact.quote}`),
  );
}

/** The line after the block of the last fact. */
const endOf = (placed: PlacedFact | undefined): number =>
  placed ? placed.block.place.line + placed.block.node.value.split("\n").length + 1 : 0;

const CRATE_NAME = /^[A-Za-z0-9_][\w-]*$/;

interface Drafting {
  readonly details: SurveyDetails;
  readonly answers: readonly Answered[];
  readonly refused: ReadonlySet<string>;
}

interface Drafted {
  readonly markdown: string;
  /** Contradictions that a person has to decide. */
  readonly open: readonly Contradiction<DocumentFact>[];
}

function draftDocument(
  { details, answers, refused }: Drafting,
  template: (name: string) => string,
): Drafted | { readonly decision: Decision } {
  const { draft: frame, survey } = details;
  const task = details.task ?? "";
  const refuse = (reason: GiveUpReason, detail: string) => ({ decision: giveUp(reason, detail) });
  if (!frame) return refuse("not-understood", "There is neither a change request to carry out nor a frame for a new one.");
  const kind = kindOf(frame.kind, task);
  if (!isDraftKind(kind))
    return refuse(
      "not-understood",
      kind === undefined
        ? `The task "${task}" names nothing that the rules know; they draft requests to nixify a Rust project, to fix its flake, or to document it. Say so in the task, give --kind, or use a language model (--model).`
        : `The rules draft requests of kind nixify, fix and docs, and this one is of kind ${kind}. Use a language model (--model).`,
    );
  if (kind !== "nixify" && !survey.flake)
    return refuse(
      "contradiction",
      `The task asks to ${kind === "fix" ? "fix" : "document"} a flake, and the repository has none. Ask to nixify the project.`,
    );
  const project = survey.cargo;
  const planning = planContext(details, undefined, answers);
  const planned = planFlake(planning);
  if (!planned.ok || !project)
    return planned.ok
      ? refuse("not-understood", "There is no Cargo project in this repository.")
      : refuse(planned.reason, planned.detail);
  const { plan, inputs } = planned;
  const odd = [...plan.packages.flatMap((pkg) => [pkg.crate, ...pkg.programs]), ...plan.inputs.map((input) => input.name)].filter(
    (name) => !CRATE_NAME.test(name),
  );
  if (odd.length > 0)
    return refuse(
      "not-understood",
      `These names are no names of crates, programs or inputs: ${odd.join(", ")}. Correct Cargo.toml or the documents.`,
    );
  const subject = describeSubject(project, plan);
  const document = documentPath(survey);
  const asked: CriteriaContext = {
    survey,
    project,
    plan,
    names: packageNames(survey, plan),
    hasPolicy: details.policy !== undefined,
    document,
    kind,
  };
  if (kind === "docs" && isDescribed(asked))
    return refuse("contradiction", `${document} shows how to build and develop with Nix already; nothing is left to document.`);
  const criteria = draftCriteria(asked);
  const relations = relationsOf(frame, task, {
    kind,
    title: draftTitle(kind, subject),
    cited: plan.inputs.map(({ url }) => url),
  });
  const context = flakeEvidence({ kind, details, project, plan, inputs, builder: planning.builder, criteria, relations });
  const evidence = gatherEvidence({ ...context, answers, date: frame.created, refused });
  return {
    open: details.contradictions.filter((found) => context.decided(found) === undefined),
    markdown: renderDraft(
      { kind, frame, relations, subject, survey, project, plan, criteria, evidence, document },
      template(`crq-${kind}`),
    ),
  };
}

function kindOf(given: string | undefined, task: string): CrqKind | undefined {
  return given === undefined ? classifyTask(task) : classifyKind(given);
}

const KINDS: readonly CrqKind[] = ["nixify", "lattice", "steps", "fix", "refactor", "docs", "policy", "incident"];
const classifyKind = (given: string): CrqKind | undefined => KINDS.find((kind) => kind === given);

/** The README, or a document of its own where the README cannot be edited. */
function documentPath(survey: Survey): string {
  if (!survey.readme) return "README.md";
  return survey.readme.text === undefined ? "docs/nix.md" : survey.readme.path;
}

/** A flake that exists and does not name its only package after the crate is asked for `default`. */
function packageNames(survey: Survey, plan: FlakePlan): ReadonlyMap<string, string> {
  const [only, ...others] = plan.packages;
  const bound = survey.flake && flakeParts(survey.flake.text).outputs?.names;
  if (!survey.flake || !only || others.length > 0 || bound?.some((path) => path.at(-1) === only.attribute)) return new Map();
  return new Map([[only.attribute, "default"]]);
}
