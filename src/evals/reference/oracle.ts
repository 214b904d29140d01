import { GIVE_UP_REASONS } from "../../agent/outcome.ts";
import { type Decision, giveUp, type PlannedCall } from "../../rules/decision.ts";
import type { Edit, SurveyDetails } from "../../tools/contract.ts";
import type { Task } from "../task/task.ts";
import { framedDocument } from "./document.ts";
import { type Overlay, overlayEdits } from "./overlay.ts";
import { attempt, claim, type Move, must, type Role } from "./play.ts";

/** Whoever knows the answer: proposes the solution through the tools, lets the mechanics lock it and fill in hashes, builds, and says so. */
export function oracle(task: Task, solution: Overlay): Role {
  const last = giveUp("no-known-fix", "The acceptance does not take the solution of this task.");
  if (task.file.kind === "refuse") {
    const end = refusal(task);
    // Where the host itself sees that nothing is to be done, no model is asked.
    const said: readonly Move[] = end ? [] : [claim("Nothing has to be changed.")];
    return { draft: () => said, change: () => said, last: end ?? last, ...draftOf(solution) };
  }
  return { draft: () => [], ...draftOf(solution), change: (survey) => changeMoves(task, solution, survey), last };
}

/** Proposals, builds, and the word that it is done. */
export const changeMoves = (task: Task, overlay: Pick<Overlay, "files" | "deleted">, survey: SurveyDetails): readonly Move[] => [
  ...proposals(overlayEdits(task, overlay)),
  ...buildMoves(task, survey.system),
  claim("The change is made and builds."),
];

/** A document that is handed in, where the task has one. */
export function draftOf({ document }: Overlay): Pick<Role, "draft"> | undefined {
  if (document === undefined) return undefined;
  return {
    draft: ({ draft }) =>
      draft
        ? [must("Hand in the document.", { tool: "submit_crq", arguments: { markdown: framedDocument(document, draft) } })]
        : [],
  };
}

/** Most edits that one proposal takes. */
const MOST_EDITS = 50;

/** The flake comes with the last of several: it may name what the others bring. */
export function proposals(edits: readonly Edit[]): readonly Move[] {
  const ordered = [...edits].sort((a, b) => Number(a.path === "flake.nix") - Number(b.path === "flake.nix"));
  const moves: Move[] = [];
  for (let at = 0; at < ordered.length; at += MOST_EDITS) {
    const part = ordered.slice(at, at + MOST_EDITS);
    moves.push(must("Propose the change.", { tool: "propose_edit", arguments: { edits: part } }));
  }
  return moves;
}

/** What the hidden checks build, asked for beforehand: wrong hashes are put right by the mechanics of a build. */
export function buildMoves(task: Task, system: string): readonly Move[] {
  const { build, checks } = task.checks;
  const attributes = [...build.attrs, ...checks.require.map((name) => `checks.${system}.${name}`)];
  const here = [...new Set(attributes.map((attribute) => attribute.replaceAll(`\${system}`, system)))];
  if (here.length === 0) return [];
  return [attempt("Build it.", ...here.map((attribute): PlannedCall => ({ tool: "nix_build", arguments: { attribute } })))];
}

/** The honest surrender that the task expects; undefined: none is. */
function refusal({ file: { expect } }: Task): Decision | undefined {
  const reason = GIVE_UP_REASONS.find((known) => expect.reasons.includes(known));
  if (reason === undefined && !expect.outcomes.some((outcome) => outcome === "gave-up" || outcome === "question"))
    return undefined;
  return giveUp(reason ?? "not-understood", "The wish cannot be carried out here as it stands; a person has to decide.");
}
