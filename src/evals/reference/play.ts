import { type Ask, type AssistantMessage, type Model, NO_USAGE } from "../../agent/messages.ts";
import { calls, type Decision, giveUp, type PlannedCall } from "../../rules/decision.ts";
import { readTranscript, type Step } from "../../rules/transcript.ts";
import type { SurveyDetails } from "../../tools/contract.ts";

/**
 * A mind that knows beforehand what it will do: moves in order, one a reply, counted by the replies of the conversation. It answers through
 * the same seam and the same tools as any other model.
 */

export type Move =
  /** `must`: without success there is nothing more to try. */
  | { readonly kind: "calls"; readonly text: string; readonly calls: readonly PlannedCall[]; readonly must: boolean }
  /** Says that it is done: the host runs the acceptance, and asks again if it is not. */
  | { readonly kind: "claim"; readonly text: string };

export interface Role {
  /** From a sentence to a document. */
  readonly draft: (survey: SurveyDetails) => readonly Move[];
  /** From a document to a change. */
  readonly change: (survey: SurveyDetails) => readonly Move[];
  /** When all moves are made and the host is not content. */
  readonly last: Decision;
}

export const must = (text: string, ...planned: readonly PlannedCall[]): Move => ({
  kind: "calls",
  text,
  calls: planned,
  must: true,
});
export const attempt = (text: string, ...planned: readonly PlannedCall[]): Move => ({
  kind: "calls",
  text,
  calls: planned,
  must: false,
});
export const claim = (text: string): Move => ({ kind: "claim", text });

/** @param name as results show it */
export function player(name: string, role: Role): Model {
  return modelOf(name, (ask) => {
    const steps = readTranscript(ask.messages);
    const survey = steps.find((step): step is Extract<Step, { tool: "survey" }> => step.tool === "survey");
    const replies = repliesOf(ask);
    if (!survey)
      return replies === 0
        ? calls("Look at the repository.", { tool: "survey", arguments: {} })
        : giveUp("no-known-fix", `The survey of the repository failed: ${lastText(ask)}`);
    const moves = isDraft(ask) ? role.draft(survey.details) : role.change(survey.details);
    const made = moves[replies - 2];
    if (made?.kind === "calls" && made.must && failed(ask, made.calls.length))
      return giveUp("no-known-fix", `"${made.text}" failed: ${lastText(ask)}`);
    const next = moves[replies - 1];
    if (next === undefined) return role.last;
    return next.kind === "claim" ? { kind: "end", text: next.text } : calls(next.text, ...next.calls);
  });
}

/** A model that costs nothing; call ids count its replies, so they are the same in every run. */
export function modelOf(name: string, decide: (ask: Ask) => Decision): Model {
  return {
    name,
    worstCase: () => NO_USAGE,
    complete: async (ask): Promise<AssistantMessage> => {
      const common = { role: "assistant", usage: NO_USAGE, model: name } as const;
      if (ask.signal.aborted) return { ...common, text: "", calls: [], stop: "aborted" };
      const decision = decide(ask);
      if (decision.kind === "end") return { ...common, text: decision.text, calls: [], stop: "end" };
      const turn = repliesOf(ask) + 1;
      return {
        ...common,
        text: decision.text,
        stop: "tools",
        calls: decision.calls.map((call, at) => ({
          id: `${name}-${turn}-${at + 1}`,
          tool: call.tool,
          arguments: JSON.stringify(call.arguments),
        })),
      };
    },
  };
}

/** Only a drafting conversation has the tool that hands a document in. */
export const isDraft = ({ tools }: Ask): boolean => tools.some(({ name }) => name === "submit_crq");

const repliesOf = ({ messages }: Ask): number => messages.filter(({ role }) => role === "assistant").length;

/** A proposal that changes nothing is none that failed: the repairs that need no model may have brought it already. */
const failed = (ask: Ask, count: number): boolean =>
  ask.messages
    .slice(-count)
    .some((message) => message.role === "tool" && message.isError && !message.text.includes("already have this content"));

const MAX_TOLD = 1_500;

const lastText = ({ messages }: Ask): string =>
  messages
    .slice(messages.findLastIndex(({ role }) => role === "assistant") + 1)
    .map(({ text }) => text)
    .join("\n")
    .slice(0, MAX_TOLD);
