import type { GiveUpReason } from "../../agent/outcome.ts";
import type { Diagnosis } from "../../nix/diagnosis.ts";
import { looksForHome } from "../../nix/mechanics/code/inputs/build-variables.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";
import type { ExistingFlake, Survey } from "../../repo/facts.ts";
import { amendPlan } from "./amend.ts";
import { beyondFlake } from "./beyond-flake.ts";
import { withPrintedHashes } from "./fall-back.ts";
import { renderedFlake } from "./files.ts";
import { keepFlake } from "./keep-flake.ts";
import { lostByRewriting } from "./lost-by-rewriting.ts";
import { repairText } from "./repair-text.ts";

/** What flake.nix is to be: rendered from a plan, or the text that a person wrote with as few repairs as it takes. */
export type FlakeDraft =
  | { readonly kind: "recipe"; readonly plan: FlakePlan }
  | { readonly kind: "kept"; readonly plan: FlakePlan; readonly text: string };

export type Repair =
  | { readonly kind: "fix"; readonly flake: FlakeDraft; readonly why: string }
  | { readonly kind: "none"; readonly reason: GiveUpReason; readonly advice: string };

export const flakeText = (flake: FlakeDraft): string => (flake.kind === "recipe" ? renderedFlake(flake.plan) : flake.text);

/**
 * A flake that exists is kept, with what is missing added where its form allows that. One that another builder was asked for is written
 * anew, if nothing is lost by it.
 */
export function draftFlake(existing: ExistingFlake | undefined, plan: FlakePlan): FlakeDraft {
  if (existing === undefined) return { kind: "recipe", plan };
  const otherBuilder = existing.builder !== undefined && existing.builder !== plan.builder;
  if (otherBuilder && lostByRewriting(existing.text, renderedFlake(plan)).length === 0) return { kind: "recipe", plan };
  return { kind: "kept", plan, text: keepFlake(existing.text, plan) };
}

/**
 * The draft after mechanics left this text in flake.nix for these failures: the plan knows of them as if it had amended itself. A recipe whose
 * plan now says all that they did stays one, and its own text, which may lay the same out otherwise, is proposed next.
 */
export function mendedFlake(flake: FlakeDraft, text: string, answered: readonly Diagnosis[]): FlakeDraft {
  let plan = withPrintedHashes(flake.plan, text);
  let follows = answered.length > 0;
  for (const diagnosis of answered) {
    // The dummy source itself was filled: the dependencies still have a step of their own.
    if (diagnosis.kind === "dummy-source" && !IN_ONE_STEP.test(text)) {
      follows = false;
      continue;
    }
    const amended = amendPlan(plan, diagnosis);
    if (amended.kind === "fix") plan = amended.plan;
    else follows &&= diagnosis.kind === "hash-mismatch" && plan !== flake.plan;
  }
  const recipe = flake.kind === "recipe" && (follows || renderedFlake(plan) === text);
  return recipe ? { kind: "recipe", plan } : { kind: "kept", plan, text };
}

const IN_ONE_STEP = /\bsingleStep\s*=\s*true|\bcargoArtifacts\s*=\s*null/u;

export function repairFlake(flake: FlakeDraft, diagnosis: Diagnosis, survey: Survey): Repair {
  const beyond = beyondFlake(diagnosis, survey);
  if (beyond) return { kind: "none", ...beyond };
  const amended = amendPlan(flake.plan, diagnosis);
  if (flake.kind === "recipe")
    return amended.kind === "fix" ? { kind: "fix", flake: { kind: "recipe", plan: amended.plan }, why: amended.why } : amended;
  const plan = amended.kind === "fix" ? amended.plan : flake.plan;
  const repaired = repairText(flake.text, diagnosis, survey);
  if (repaired) return { kind: "fix", flake: { kind: "kept", plan, text: repaired.text }, why: repaired.why };
  if (isBeyondFlake(diagnosis))
    return amended.kind === "none" ? amended : { kind: "none", reason: "no-known-fix", advice: diagnosis.next };
  return rewrite({ ...flake, plan }, `it does not evaluate or build (${diagnosis.message}) and no smaller repair is known`);
}

/** A kept flake written anew by a recipe, unless something would be lost. */
export function rewrite(flake: Extract<FlakeDraft, { kind: "kept" }>, reason: string): Repair {
  const lost = lostByRewriting(flake.text, renderedFlake(flake.plan));
  if (lost.length > 0)
    return {
      kind: "none",
      reason: "no-known-fix",
      advice: `The rules would write flake.nix anew, since ${reason}; but it also has ${lost.join(", ")}, which must not be lost. Mend it by hand or use a language model (--model).`,
    };
  return {
    kind: "fix",
    flake: { kind: "recipe", plan: flake.plan },
    why: `flake.nix is written anew, with the inputs, systems and builder it had: ${reason}`,
  };
}

/** Faults of the program, the network or the machine, which no other flake text would mend. */
function isBeyondFlake(diagnosis: Diagnosis): boolean {
  switch (diagnosis.kind) {
    case "toolchain":
    case "registry-refused":
    case "network-at-build":
    case "cargo-lock":
    case "private-source":
    case "compile-error":
    case "test-failure":
    case "vendor-write":
    case "vendored-git-files":
    case "input-not-found":
    case "foreign-system":
    case "hash-mismatch":
    case "resources":
    case "runtime-library":
      return true;
    case "sandboxed-test":
      // A recipe would give the tests a home, and nothing else.
      return !looksForHome(diagnosis);
    case "unknown":
      // What a build stumbles over and nobody knows is not mended by losing what its author wrote.
      return diagnosis.stage !== "parse" && diagnosis.stage !== "eval";
    default:
      return false;
  }
}
