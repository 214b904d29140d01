import { posix } from "node:path";
import type { CrqKind } from "../../crq/model.ts";
import { parseCrq } from "../../crq/parse.ts";
import type { Survey } from "../../repo/facts.ts";
import type { Edit, SurveyDetails } from "../../tools/contract.ts";
import { calls, type Decision, giveUp, type PlannedCall } from "../decision.ts";
import { nextOfLanguage } from "../languages/apply.ts";
import { planContext } from "../plan/context.ts";
import { planFlake } from "../plan/flake-plan.ts";
import { forbids, NO_REQUIREMENTS, type Requirements, requirementsOf } from "../plan/requirements.ts";
import type { Step } from "../transcript.ts";
import { type FileTexts, unknownDocuments } from "./files.ts";
import { draftFlake, type FlakeDraft } from "./flake-draft.ts";
import { nextOfSmallFlakes } from "./small-flakes.ts";
import { type ApplyState, advance, planOf, startState, wantedFiles } from "./state.ts";

/** The next move of an application: propose what is missing, build what was proposed, say so when everything stands. */

const KINDS = new Set(["nixify", "fix", "docs"]);
const MAX_UNUSABLE = 3;
/** A run that said it was done so often and was not is going nowhere. */
const MAX_ENDS = 2;
/** Characters of the host's words that a surrender repeats. */
const MAX_TOLD = 1000;

export function nextOfApply(
  details: SurveyDetails,
  source: { readonly path: string; readonly source: string },
  steps: readonly Step[],
): Decision {
  const crq = parseCrq(source.path, source.source);
  const kind = crq.metadata?.kind;
  if (kind === "lattice" || kind === "steps") return nextOfSmallFlakes(kind, crq, details, steps);
  if (kind !== undefined && !KINDS.has(kind))
    return giveUp(
      "not-understood",
      `The rules carry out change requests of kind nixify, fix, docs, lattice and steps; ${crq.metadata?.id ?? source.path} is of kind ${kind}. Use a language model (--model).`,
    );
  const requirements = requirementsOf(crq, details.system);
  const [beyond] = requirements.beyond;
  if (beyond !== undefined) return giveUp("not-understood", `${requirements.beyond.join("; ")}. Use a language model (--model).`);
  const unknown = unknownDocuments(details.survey, requirements);
  if (unknown.length > 0)
    return giveUp(
      "not-understood",
      `The criteria want ${unknown.join(", ")} changed; the rules write into the README and new files only. Use a language model (--model).`,
    );
  const alone = details.survey.flake !== undefined && leavesFlakeAlone(kind, requirements);
  const { language } = details.survey;
  if (language && kind !== "docs") return nextOfLanguage(language, { crq, requirements, alone }, details, steps);
  const lock = details.survey.cargo?.lock;
  if (lock && lock.state === "invalid")
    return giveUp(
      "lock-file-missing",
      `Cargo.lock cannot be read: ${lock.problem ?? "it is damaged"}. Mend it with cargo generate-lockfile, commit it, and apply again.`,
    );
  const kept = lock && lock.state !== "present" ? lockKeptOut(details.survey, requirements) : undefined;
  if (lock && kept !== undefined)
    return giveUp(
      "lock-file-missing",
      `Cargo.lock is ${lock.state}, a Nix build needs it, and ${kept}. Let the change add it, or commit one (cargo generate-lockfile), and apply again.`,
    );
  if (lock && lock.state !== "present" && !details.yes)
    return giveUp(
      "lock-file-missing",
      `Cargo.lock is ${lock.state}, and a Nix build needs it. Commit one (cargo generate-lockfile), or pass --yes to let it be generated.`,
    );
  const planned = planFlake(planContext(details, { crq, requirements: alone ? NO_REQUIREMENTS : requirements }));
  if (!planned.ok) return giveUp(planned.reason, planned.detail);
  const flake: FlakeDraft =
    (kind === "docs" || alone) && details.survey.flake
      ? { kind: "kept", plan: planned.plan, text: details.survey.flake.text }
      : draftFlake(details.survey.flake, planned.plan);
  const state = steps.reduce(advance, startState(details, requirements, flake));
  return decide(state, details);
}

/** What keeps a change from adding the lock file of Cargo, or from letting git see it. */
function lockKeptOut({ cargo, ignored }: Survey, { scopes }: Requirements): string | undefined {
  const path = posix.join(cargo?.root ?? ".", "Cargo.lock");
  const files = [path, ...ignored.filter((one) => one.path === path).map(({ by }) => by.file)];
  return files.flatMap((file) => {
    const criterion = forbids(scopes, file);
    return criterion === undefined ? [] : [`${criterion} allows no change of ${file}`];
  })[0];
}

/** A request that is only to mend what does not build adds no output of its own. */
function leavesFlakeAlone(kind: CrqKind | undefined, { builds, shells, docs, inputs, formatter, apps }: Requirements): boolean {
  const more = shells.size + docs.length + inputs.size + apps.size;
  return kind === "fix" && builds.length > 0 && more === 0 && !formatter;
}

function decide(state: ApplyState, details: SurveyDetails): Decision {
  if (state.surrender) return giveUp(state.surrender.reason, state.surrender.detail);
  if (state.unusable >= MAX_UNUSABLE)
    return giveUp("no-known-fix", `The last ${state.unusable} tool calls gave no usable result; the journal has their texts.`);
  const wanted = wantedFiles(state);
  const open = proposal(state, wanted);
  if (open) return open;
  const builds = toBuild(state, details.system);
  if (builds.length > 0)
    return calls(
      "Build what was proposed.",
      ...builds.map((attribute): PlannedCall => ({ tool: "nix_build", arguments: { attribute } })),
    );
  const [first, ...more] = state.beyond;
  if (first) {
    const [, { reason, detail }] = first;
    return giveUp(
      reason,
      more.length === 0 ? detail : `${detail} Beyond the rules too: ${more.map(([attribute]) => attribute).join(", ")}.`,
    );
  }
  if (state.unmet && state.checked === "not")
    return calls("The acceptance is not satisfied: ask for the verdicts.", { tool: "check_criteria", arguments: {} });
  if (state.ends >= MAX_ENDS)
    return giveUp(
      "no-known-fix",
      `The acceptance stays unmet, and no verdict names anything that a rule could mend: ${state.told.slice(0, MAX_TOLD)}`,
    );
  const changed = [...state.accepted.keys()];
  const did = changed.length === 0 ? "Nothing had to be changed." : `Written and built: ${changed.join(", ")}.`;
  // A kept flake is not the plan's: what the plan settled for is not in it.
  const remarks = state.flake.kind === "recipe" ? planOf(state).remarks : [];
  return { kind: "end", text: [did, ...remarks].join(" ") };
}

/** The edits that lead from what the host has to what is wanted; undefined when there are none. */
function proposal(state: ApplyState, wanted: FileTexts): Decision | undefined {
  const amend = state.pending !== undefined;
  const base = state.pending ?? state.accepted;
  const edits = [...wanted].flatMap(([path, text]): Edit[] =>
    base.get(path) === text || (!amend && unchanged(state, path, text)) ? [] : [{ path, create: text }],
  );
  if (edits.length === 0) return undefined;
  const why = state.why === "" ? firstReason(state) : state.why;
  return calls(why, { tool: "propose_edit", arguments: { edits, why: why.slice(0, 500), amend } });
}

/** Whether the worktree holds this text from the start. */
function unchanged(state: ApplyState, path: string, text: string): boolean {
  return !state.accepted.has(path) && path === state.survey.flake?.path && state.survey.flake.text === text;
}

function firstReason(state: ApplyState): string {
  const plan = planOf(state);
  if (state.flake.kind === "kept")
    return "Keep the flake that exists, add the shell and the checks it lacks, and see what the evaluator says";
  const { flake } = state.survey;
  const anew = flake
    ? `flake.nix is written anew, since ${plan.builder} is asked for and it uses ${flake.builder ?? "something else"}. `
    : "";
  const outputs = [
    ...plan.packages.map((pkg) => `packages.${pkg.attribute}`),
    ...plan.tests.map((test) => `checks.${test.attribute}`),
  ];
  const shells = [...new Set([...plan.shells, ...(plan.msrv === undefined ? [] : ["msrv"])])];
  return `${anew}A flake that builds with ${plan.builder}: ${outputs.join(", ")}, devShells.${shells.join(", ")}`;
}

/** What is not built yet: first all that must stand; what nobody asks for is tried only then, so that its failures are its own. */
function toBuild(state: ApplyState, system: string): readonly string[] {
  const open = (attributes: readonly string[]): readonly string[] =>
    attributes.filter((name) => !state.built.has(name) && !state.beyond.has(name));
  const required = open(attributesToBuild(state, system));
  return required.length > 0 ? required : open(optionalChecks(state, system));
}

/** Everything the criteria build, the packages, and the checks that must pass. */
function attributesToBuild(state: ApplyState, system: string): readonly string[] {
  const plan = planOf(state);
  const { requirements } = state;
  const own = plan.packages.map((pkg) => `packages.${system}.${pkg.attribute}`);
  const checks = [...requirements.checks]
    .map((name) => `checks.${system}.${name}`)
    .filter((attribute) => !plan.packages.some((pkg) => attribute === `checks.${system}.${pkg.attribute}`));
  const needed = [...[...plan.tests, ...plan.lints].filter((check) => !check.optional), ...(plan.stepChecks ?? [])];
  const tests = needed.map((check) => `checks.${system}.${check.attribute}`);
  // A kept flake has the names that its author gave; only what criteria name is known to be there.
  const planned = state.flake.kind === "recipe" ? [...own, ...tests] : [];
  return [...new Set([...planned, ...requirements.builds, ...checks])];
}

function optionalChecks(state: ApplyState, system: string): readonly string[] {
  if (state.flake.kind !== "recipe") return [];
  const plan = planOf(state);
  return [...plan.tests, ...plan.lints].filter((check) => check.optional).map((check) => `checks.${system}.${check.attribute}`);
}
