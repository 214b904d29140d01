import type { SurveyDetails } from "../../tools/contract.ts";
import { type Decision, giveUp } from "../decision.ts";
import type { Step } from "../transcript.ts";

export function nextOfDraft(_details: SurveyDetails, _steps: readonly Step[], _template: (name: string) => string): Decision {
  return giveUp("not-understood", "Drafting by rules is not written yet; use a language model (--model).");
}
