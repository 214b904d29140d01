import type { Diagnosis } from "../../nix/diagnosis.ts";
import type { FlakePlan } from "../../nix/recipes/plan.ts";

export function keepFlake(text: string, _plan: FlakePlan): string {
  return text;
}

export function repairText(
  _text: string,
  _diagnosis: Diagnosis,
  _plan: FlakePlan,
): { readonly text: string; readonly why: string } | undefined {
  return undefined;
}
