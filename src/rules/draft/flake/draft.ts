import { flakeParts } from "../../../nix/recipes/existing/flake-parts.ts";
import type { FlakePlan } from "../../../nix/recipes/plan.ts";
import type { Survey } from "../../../repo/facts.ts";
import { draftLanguage } from "../../languages/draft.ts";
import { planContext } from "../../plan/context.ts";
import { planFlake } from "../../plan/flake-plan.ts";
import { type Drafted, type Drafting, type Refused, refuse } from "../drafting.ts";
import { gatherEvidence } from "../evidence.ts";
import { relationsOf } from "../relations.ts";
import { describeSubject } from "../subject.ts";
import { readWords } from "../words.ts";
import { type CriteriaContext, draftCriteria, guideOf, isDescribed, type NumberedCriterion } from "./criteria.ts";
import { draftTitle, renderDraft } from "./document.ts";
import { flakeEvidence } from "./evidence.ts";

/** A request about the flake of a project: to make it, to repair it, to document it. The last two know flakes of Rust projects. */

export type FlakeKind = "nixify" | "fix" | "docs";

const CRATE_NAME = /^[A-Za-z0-9_][\w-]*$/;

export function draftFlake(kind: FlakeKind, drafting: Drafting): Drafted | Refused {
  const { details, answers, refused, frame, task } = drafting;
  const { survey } = details;
  if (kind !== "nixify" && !survey.flake)
    return refuse(
      "contradiction",
      `The task asks to ${kind === "fix" ? "fix" : "document"} a flake, and the repository has none. Ask to nixify the project.`,
    );
  if (survey.language && kind === "nixify") return draftLanguage(survey.language, drafting);
  const planned = planFor(kind, drafting);
  if ("decision" in planned) return planned;
  const { project, plan, inputs, builder, asked } = planned;
  if (kind === "docs" && isDescribed(asked))
    return refuse(
      "contradiction",
      `${asked.document} shows how to build and develop with Nix already; nothing is left to document.`,
    );
  const subject = describeSubject(project, plan);
  const criteria = draftCriteria(asked);
  const cited = plan.inputs.map(({ url }) => url);
  const relations = relationsOf(frame, task, { kind, title: draftTitle(kind, subject), cited });
  const context = flakeEvidence({ kind, details, project, plan, inputs, builder, criteria, relations });
  const evidence = gatherEvidence({ ...context, answers, date: frame.created, refused });
  return {
    open: details.contradictions.filter((found) => context.decided(found) === undefined),
    markdown: renderDraft(
      {
        kind,
        frame,
        relations,
        subject,
        survey,
        project,
        plan,
        criteria,
        evidence,
        document: guideOf(asked)?.path ?? asked.document,
      },
      drafting.template(`crq-${kind}`),
    ),
  };
}

/** Criteria of the flake that exists, as they hold today or should. */
export function criteriaOfToday(drafting: Drafting): readonly NumberedCriterion[] | Refused {
  const planned = planFor("fix", drafting);
  return "decision" in planned ? planned : draftCriteria(planned.asked);
}

function planFor(kind: FlakeKind, { details, answers, task }: Drafting) {
  const { survey } = details;
  const project = survey.cargo;
  const planning = planContext(details, undefined, answers);
  const planned = planFlake(planning);
  if (!planned.ok) return refuse(planned.reason, planned.detail);
  if (!project) return refuse("not-understood", "There is no Cargo project in this repository.");
  const { plan, inputs } = planned;
  const odd = [...plan.packages.flatMap((pkg) => [pkg.crate, ...pkg.programs]), ...plan.inputs.map((input) => input.name)].filter(
    (name) => !CRATE_NAME.test(name),
  );
  if (odd.length > 0)
    return refuse(
      "not-understood",
      `These names are no names of crates, programs or inputs: ${odd.join(", ")}. Correct Cargo.toml or the documents.`,
    );
  const asked: CriteriaContext = {
    survey,
    project,
    plan,
    names: packageNames(survey, plan),
    hasPolicy: details.policy !== undefined,
    document: documentPath(survey),
    kind,
    wishes: planning.wishes,
    words: readWords(task),
    system: details.system,
  };
  return { project, plan, inputs, builder: planning.builder, asked };
}

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
