import { CRQ_KINDS, type CrqKind } from "../../../crq/model.ts";
import { KNOWN_LANGUAGES } from "../../languages/known.ts";
import { type Change, type ChangeResult, renderChange, wishClause } from "../change.ts";
import { classifyTask } from "../classify.ts";
import { type Drafted, type Drafting, type Refused, refuse } from "../drafting.ts";
import { gatherEvidence, unread } from "../evidence.ts";
import { criteriaOfToday, draftFlake } from "../flake/draft.ts";
import { relationsOf } from "../relations.ts";
import { joined } from "../subject.ts";
import { incidentChange } from "./incident.ts";
import { policyChange } from "./policy.ts";
import { refactorChange } from "./refactor.ts";
import { stepFlakesChange } from "./step-flakes.ts";

/** A draft of the kind that was given, or that the words of the wish name. */
export function draftOfKind(drafting: Drafting): Drafted | Refused {
  const { details, frame, task } = drafting;
  const kind = frame.kind === undefined ? classifyTask(task) : CRQ_KINDS.find((known) => known === frame.kind);
  switch (kind) {
    case undefined:
      return refuse(
        "not-understood",
        `The task "${task}" names nothing that the rules know: a project to nixify (${joined(["Rust", ...KNOWN_LANGUAGES])}), a flake to fix or to document, an input policy to follow, a crate to rename, an incident, a lattice of flakes, steps of a build. Say so in the task, give --kind, or use a language model (--model).`,
      );
    case "nixify":
    case "fix":
    case "docs":
      return draftFlake(kind, drafting);
    case "policy":
      return drafted(policyChange(details), kind, drafting);
    case "incident":
      return drafted(incidentChange(details), kind, drafting);
    case "lattice":
    case "steps":
      return drafted(stepFlakesChange(kind, details), kind, drafting);
    case "refactor": {
      if (!details.survey.flake) return drafted(refactorChange(details, []), kind, drafting);
      const today = criteriaOfToday(drafting);
      return "decision" in today ? today : drafted(refactorChange(details, today), kind, drafting);
    }
  }
}

function drafted(result: ChangeResult, kind: CrqKind, drafting: Drafting): Drafted | Refused {
  if ("refusal" in result) return refuse("contradiction", result.refusal);
  const { change } = result;
  const { details, frame, task, answers, refused } = drafting;
  const relations = relationsOf(frame, task, { kind, title: change.title, cited: [] });
  const evidence = gatherEvidence({
    details,
    answers,
    refused,
    date: frame.created,
    own: [],
    supports: change.supports,
    usedIn: ({ key }) => usedIn(change, key),
    decided: change.decided,
    questions: [...change.questions, ...relations.questions],
    assumptions: [...change.assumptions, ...relations.assumptions, ...unread(details)],
  });
  return {
    open: details.contradictions.filter((found) => change.decided(found) === undefined),
    markdown: renderChange(change, { frame, wish: wishClause(task), relations, evidence }, drafting.template(`crq-${kind}`)),
  };
}

/** Rules and addresses are about what the first criterion holds; anything else about the form. */
const usedIn = (change: Change, key: string | undefined): readonly string[] =>
  change.kind === "policy" && key !== undefined ? ["4.1", "AC-1"] : ["4.1"];
