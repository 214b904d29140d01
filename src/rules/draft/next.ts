import type { CrqDiagnostic, CrqKind } from "../../crq/model.ts";
import { parseCrq } from "../../crq/parse.ts";
import { flakeParts } from "../../nix/recipes/existing/flake-parts.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import type { Survey } from "../../repo/facts.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { calls, type Decision, giveUp } from "../decision.ts";
import { planContext } from "../plan/context.ts";
import { planFlake } from "../plan/flake-plan.ts";
import type { Step } from "../transcript.ts";
import { classifyTask } from "./classify.ts";
import { type CriteriaContext, draftCriteria, isDescribed } from "./criteria.ts";
import { renderDraft } from "./document.ts";
import { gatherEvidence } from "./evidence.ts";
import { flakeEvidence } from "./flake-evidence.ts";
import { describeSubject } from "./subject.ts";

/** The next move of a draft: hand the document in; take out what the linter refuses; give up honestly where that is not enough. */

type DraftKind = "nixify" | "fix" | "docs";
const isDraftKind = (kind: CrqKind | undefined): kind is DraftKind => kind === "nixify" || kind === "fix" || kind === "docs";

export function nextOfDraft(details: SurveyDetails, steps: readonly Step[], template: (name: string) => string): Decision {
  const submissions = steps.filter((step): step is Extract<Step, { tool: "submit_crq" }> => step.tool === "submit_crq");
  const last = submissions.at(-1);
  if (last?.details.accepted) return { kind: "end", text: "The document was accepted." };
  const refused = submissions.flatMap((step) => step.details.diagnostics).filter((diagnostic) => diagnostic.severity === "error");
  const document = draftDocument(details, template, new Set());
  if (typeof document !== "string") return document;
  if (!last) return calls("Hand the draft in.", { tool: "submit_crq", arguments: { markdown: document } });
  const without = refusedFacts(document, refused);
  const again = without.size > 0 ? draftDocument(details, template, without) : document;
  if (typeof again !== "string") return again;
  if (without.size === 0 || submissions.length > 2)
    return giveUp("no-known-fix", `The linter refuses the draft, and no rule mends it: ${findings(last.details.diagnostics)}`);
  return calls("Leave out the facts that the linter did not find.", { tool: "submit_crq", arguments: { markdown: again } });
}

const findings = (diagnostics: readonly CrqDiagnostic[]): string =>
  diagnostics
    .filter((diagnostic) => diagnostic.severity === "error")
    .map((diagnostic) => `${diagnostic.line}:${diagnostic.column} ${diagnostic.rule}: ${diagnostic.message}`)
    .join("; ");

/** Facts that findings name, by source and quote. */
function refusedFacts(document: string, diagnostics: readonly CrqDiagnostic[]): ReadonlySet<string> {
  const ids = new Set(
    diagnostics
      .filter((diagnostic) => diagnostic.rule.startsWith("grounding/"))
      .flatMap((diagnostic) => diagnostic.message.match(/\bF-\d+\b/g) ?? []),
  );
  const facts = parseCrq("draft.md", document).facts.filter((fact) => ids.has(fact.id));
  return new Set(facts.map((fact) => `${fact.source}\0${fact.quote}`));
}

const CRATE_NAME = /^[A-Za-z0-9_][\w-]*$/;

function draftDocument(
  details: SurveyDetails,
  template: (name: string) => string,
  refused: ReadonlySet<string>,
): string | Decision {
  const { draft: frame, survey } = details;
  const task = details.task ?? "";
  if (!frame) return giveUp("not-understood", "There is neither a change request to carry out nor a frame for a new one.");
  const kind = kindOf(frame.kind, task);
  if (!isDraftKind(kind))
    return giveUp(
      "not-understood",
      kind === undefined
        ? `The task "${task}" names nothing that the rules know; they draft requests to nixify a Rust project, to fix its flake, or to document it. Say so in the task, give --kind, or use a language model (--model).`
        : `The rules draft requests of kind nixify, fix and docs, and this one is of kind ${kind}. Use a language model (--model).`,
    );
  if (kind !== "nixify" && !survey.flake)
    return giveUp(
      "contradiction",
      `The task asks to ${kind === "fix" ? "fix" : "document"} a flake, and the repository has none. Ask to nixify the project.`,
    );
  const project = survey.cargo;
  const planning = planContext(details);
  const planned = planFlake(planning);
  if (!planned.ok || !project)
    return planned.ok
      ? giveUp("not-understood", "There is no Cargo project in this repository.")
      : giveUp(planned.reason, planned.detail);
  const { plan, inputs } = planned;
  const odd = [...plan.packages.flatMap((pkg) => [pkg.crate, ...pkg.programs]), ...plan.inputs.map((input) => input.name)].filter(
    (name) => !CRATE_NAME.test(name),
  );
  if (odd.length > 0)
    return giveUp(
      "not-understood",
      `These names are no names of crates, programs or inputs: ${odd.join(", ")}. Correct Cargo.toml or the documents.`,
    );
  const subject = describeSubject(project, plan);
  const document = documentPath(survey);
  const context: CriteriaContext = {
    survey,
    project,
    plan,
    names: packageNames(survey, plan),
    hasPolicy: details.policy !== undefined,
    document,
    kind,
  };
  if (kind === "docs" && isDescribed(context))
    return giveUp("contradiction", `${document} shows how to build and develop with Nix already; nothing is left to document.`);
  const criteria = draftCriteria(context);
  const evidence = gatherEvidence({
    ...flakeEvidence({ kind, details, project, plan, inputs, builder: planning.builder, criteria }),
    refused,
  });
  const related = frame.relatedIds.filter((id) => task.toUpperCase().includes(id.toUpperCase()));
  return renderDraft(
    { kind, frame, related, subject, survey, project, plan, criteria, evidence, document },
    template(`crq-${kind}`),
  );
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
