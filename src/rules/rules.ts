import { type Ask, type AssistantMessage, type Model, NO_USAGE } from "../agent/messages.ts";
import { nextOfApply } from "./apply/next.ts";
import { calls, type Decision, giveUp } from "./decision.ts";
import { nextOfDraft } from "./draft/next.ts";
import { readTranscript, type Step } from "./transcript.ts";

/**
 * The deterministic planner behind the model seam: no key, no network, no token, no language model. It reads the transcript with the typed
 * details of its tool results and answers with the next calls. The same transcript always gives the same reply, so a resumed run goes on
 * where it was.
 */
export const RULES = "rules";

export interface RulesOptions {
  /** Template of a drafted document by name (`crq-nixify`), with its slots. */
  readonly template: (name: string) => string;
}

export function createRules(options: RulesOptions): Model {
  return {
    name: RULES,
    complete: async (ask) => reply(ask, decide(ask, options)),
    worstCase: () => NO_USAGE,
  };
}

function decide(ask: Ask, options: RulesOptions): Decision {
  const steps = readTranscript(ask.messages);
  const survey = steps.find((step): step is Extract<Step, { tool: "survey" }> => step.tool === "survey");
  if (!survey) {
    const failed = steps.filter((step) => step.tool === "unusable");
    if (failed.length > 1) return giveUp("no-known-fix", `The survey of the repository failed: ${failed.at(-1)?.text ?? ""}`);
    return calls("Look at the repository first.", { tool: "survey", arguments: {} });
  }
  const { details } = survey;
  if (details.crq) return nextOfApply(details, details.crq, steps);
  return nextOfDraft(details, steps, options.template);
}

/** Call ids count the replies of the conversation, so they are the same in every run. */
function reply(ask: Ask, decision: Decision): AssistantMessage {
  const turn = ask.messages.filter((message) => message.role === "assistant").length + 1;
  const common = { role: "assistant", usage: NO_USAGE, model: RULES, text: decision.text } as const;
  if (decision.kind === "end") return { ...common, calls: [], stop: "end" };
  return {
    ...common,
    stop: "tools",
    calls: decision.calls.map((call, index) => ({
      id: `rules-${turn}-${index + 1}`,
      tool: call.tool,
      arguments: JSON.stringify(call.arguments),
    })),
  };
}
