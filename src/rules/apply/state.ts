import type { GiveUpReason } from "../../agent/outcome.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import type { Survey } from "../../repo/facts.ts";
import type { Mending, SurveyDetails } from "../../tools/contract.ts";
import type { Requirements } from "../plan/requirements.ts";
import { diagnosesOf, type Step } from "../transcript.ts";
import { withoutOptionalCheck } from "./fall-back.ts";
import { desiredFiles, type FileTexts } from "./files.ts";
import { type FlakeDraft, flakeText, mendedFlake, repairFlake, rewrite } from "./flake-draft.ts";

export interface Surrender {
  readonly reason: GiveUpReason;
  readonly detail: string;
}

/** Where an application stands: the fold of the transcript. Nothing else is remembered, so a resumed run goes on exactly here. */

export interface ApplyState {
  readonly survey: Survey;
  /** Of this machine. */
  readonly system: string;
  readonly requirements: Requirements;
  /** What flake.nix is to be. */
  readonly flake: FlakeDraft;
  /** Contents that this run put into the worktree. */
  readonly accepted: FileTexts;
  /** Contents of a refused proposal that the host keeps. */
  readonly pending: FileTexts | undefined;
  /** Full attribute paths built since the last accepted change that could make a difference to them. */
  readonly built: ReadonlySet<string>;
  /** The next proposal only leaves outputs out: what was built stands. */
  readonly lightens: boolean;
  readonly surrender: Surrender | undefined;
  /** Full attribute paths that no rule mends, with why: the others are tried all the same, and what stands is worth having. */
  readonly beyond: ReadonlyMap<string, Surrender>;
  /** Why the next proposal is made. */
  readonly why: string;
  /** How often each problem was seen, by fingerprint. */
  readonly seen: ReadonlyMap<string, number>;
  /** Results in a row that said nothing. */
  readonly unusable: number;
  /** The host's acceptance was not satisfied after the planner said it was done. */
  readonly unmet: boolean;
  /** What the host said of it. */
  readonly told: string;
  /** Verdicts asked for after that, and whether nothing but waiting is left. */
  readonly checked: "not" | "ok" | "failed";
  readonly ends: number;
}

/** A fix is tried at most so often for one fingerprint. */
const MAX_TRIES = 2;

export function startState(
  { survey, system }: Pick<SurveyDetails, "survey" | "system">,
  requirements: Requirements,
  flake: FlakeDraft,
): ApplyState {
  return {
    survey,
    system,
    requirements,
    flake,
    accepted: new Map(),
    pending: undefined,
    built: new Set(),
    lightens: false,
    surrender: undefined,
    beyond: new Map(),
    why: "",
    seen: new Map(),
    unusable: 0,
    unmet: false,
    told: "",
    checked: "not",
    ends: 0,
  };
}

export const planOf = (state: ApplyState): FlakePlan => state.flake.plan;

export function wantedFiles(state: ApplyState): FileTexts {
  const { survey, requirements, system } = state;
  return desiredFiles(survey, planOf(state), requirements, { flake: flakeText(state.flake), system });
}

export function advance(state: ApplyState, step: Step): ApplyState {
  switch (step.tool) {
    case "survey":
    case "nix_attr":
    case "nix_eval":
    case "submit_crq":
    case "ask_person":
    case "propose_lattice":
    case "propose_step_flakes":
      return { ...state, unusable: 0 };
    case "unusable":
      return { ...state, unusable: state.unusable + 1 };
    case "user":
      return state.ends > 0 ? { ...state, unmet: true, told: step.text, checked: "not" } : state;
    case "end":
      return { ...state, ends: state.ends + 1 };
    case "propose_edit":
      return afterProposal({ ...state, unusable: 0 }, step);
    case "nix_build": {
      const { details } = step;
      const mended = learn(state, details);
      if (details.ok) return { ...mended, unusable: 0, built: new Set([...mended.built, details.attribute]) };
      if (details.why === "aborted" || details.why === "unavailable") return { ...mended, unusable: state.unusable + 1 };
      const lighter = withoutFailing(mended, step);
      if (lighter) return lighter;
      if (details.why === "timeout")
        return surrender(
          mended,
          "resources",
          `Building ${details.attribute} took longer than allowed. Give it more time, or build on a faster machine.`,
        );
      return onlyThis(
        details.attribute,
        afterDiagnoses({ ...mended, unusable: 0 }, diagnosesOf(step), `building ${details.attribute}`),
      );
    }
    case "check_criteria": {
      if (step.details.ok) return { ...state, unusable: 0, checked: "ok" };
      const failed = { ...state, unusable: 0, checked: "failed" as const };
      const diagnoses = diagnosesOf(step);
      if (diagnoses.length > 0) return afterDiagnoses(failed, diagnoses, "checking the criteria");
      return afterVerdicts(failed, step);
    }
  }
}

/** A check that no criterion asks for must not turn a good project red: it is left out, and the reason is told. */
function withoutFailing(state: ApplyState, step: Extract<Step, { tool: "nix_build" }>): ApplyState | undefined {
  const { details } = step;
  if (details.ok || state.flake.kind !== "recipe") return undefined;
  const reason =
    details.why === "timeout" ? "building it took longer than allowed" : (diagnosesOf(step)[0]?.message ?? "it fails");
  const plan = withoutOptionalCheck(state.flake.plan, details.attribute, reason);
  return plan && { ...state, unusable: 0, lightens: true, flake: { kind: "recipe", plan }, why: plan.remarks.at(-1) ?? "" };
}

function afterVerdicts(state: ApplyState, step: Extract<Step, { tool: "check_criteria" }>): ApplyState {
  const open = step.details.criteria.filter((criterion) => criterion.verdict === "fail" || criterion.verdict === "vacuous");
  if (open.length === 0) return state;
  const told = open.map((criterion) => `${criterion.id} (${criterion.verdict}): ${criterion.reason}`).join("; ");
  if (state.flake.kind === "kept") {
    const anew = rewrite(state.flake, `these criteria do not hold with it: ${told}`);
    if (anew.kind === "fix") return { ...state, flake: anew.flake, why: anew.why, unmet: false };
  }
  const vacuous = open.every((criterion) => criterion.verdict === "vacuous");
  if (open.every(({ ranOtherwise }) => ranOtherwise === true))
    return surrender(
      state,
      "criterion-wrong",
      `The flake builds, and a program does something else than these criteria say, which no flake mends: ${told}. Is the criterion wrong, or the program?`,
    );
  return surrender(
    state,
    vacuous ? "criterion-wrong" : "no-known-fix",
    `The flake builds, but these criteria do not hold and no rule mends them: ${told}`,
  );
}

/** Of a flake that a person wrote each output is a thing of its own; one that is written here stands or falls as a whole. */
function onlyThis(attribute: string, state: ApplyState): ApplyState {
  const { surrender: given } = state;
  if (given === undefined || state.flake.kind !== "kept") return state;
  return { ...state, surrender: undefined, beyond: new Map([...state.beyond, [attribute, given]]) };
}

function surrender(state: ApplyState, reason: GiveUpReason, detail: string): ApplyState {
  return { ...state, surrender: { reason, detail } };
}

/** Mechanics may have changed what this run wrote: that is what stands now, and no later proposal takes it back. */
function learn(state: ApplyState, { texts = {}, answered = [] }: Mending): ApplyState {
  const text = texts["flake.nix"];
  if (text === undefined) return state;
  return {
    ...state,
    flake: mendedFlake(state.flake, text, answered),
    accepted: new Map([...state.accepted, ["flake.nix", text]]),
    built: new Set(),
  };
}

function afterProposal(state: ApplyState, step: Extract<Step, { tool: "propose_edit" }>): ApplyState {
  const { details } = step;
  const base = step.amend ? (state.pending ?? new Map()) : new Map<string, string>();
  const sent = new Map([
    ...base,
    ...step.edits.flatMap((edit): [string, string][] => ("create" in edit ? [[edit.path, edit.create]] : [])),
  ]);
  if (details.accepted)
    return learn(
      {
        ...state,
        accepted: new Map([...state.accepted, ...sent]),
        pending: undefined,
        built: state.lightens ? state.built : new Set(),
        lightens: false,
      },
      details,
    );
  const refused = { ...state, pending: details.pending ? sent : undefined };
  // The host keeps what is pending in its memory: a run that was killed in between goes on without it, and everything is sent again.
  if (step.amend && !details.pending && details.stage === "edit") return refused;
  if (details.diagnoses.length > 0)
    return afterDiagnoses(refused, details.diagnoses, `evaluating the proposal (${details.stage})`);
  const told = details.problems.join("; ");
  const reason = details.stage === "policy" ? "contradiction" : "no-known-fix";
  return surrender(refused, reason, `The proposal was refused (${details.stage}): ${told}`);
}

/** Applies the first known fix; a problem that came back as often as fixes are tried ends the run. */
function afterDiagnoses(state: ApplyState, diagnoses: readonly Diagnosis[], doing: string): ApplyState {
  const [root] = diagnoses;
  if (!root) return surrender(state, "no-known-fix", `Something failed while ${doing}, and no diagnosis was given.`);
  const seen = new Map(state.seen);
  seen.set(root.fingerprint, (seen.get(root.fingerprint) ?? 0) + 1);
  const next = { ...state, seen };
  if ((seen.get(root.fingerprint) ?? 0) > MAX_TRIES)
    return surrender(
      next,
      "no-known-fix",
      `The same problem came back after ${MAX_TRIES} fixes while ${doing}: ${root.message}. ${root.next}`,
    );
  for (const diagnosis of diagnoses) {
    const repaired = repairFlake(state.flake, diagnosis, state.survey);
    if (repaired.kind === "fix" && flakeText(repaired.flake) !== flakeText(state.flake))
      return { ...next, flake: repaired.flake, why: repaired.why };
  }
  const answer = repairFlake(state.flake, root, state.survey);
  const [reason, advice] = answer.kind === "none" ? [answer.reason, answer.advice] : (["no-known-fix", root.next] as const);
  const where = root.position ? ` (${root.position.file}:${root.position.line})` : "";
  return surrender(next, reason, `${root.message}${where}, seen while ${doing}. ${advice}`);
}
