import { defineTool, type Tool } from "../agent/tool.ts";
import type { CrqDiagnostic } from "../crq/model.ts";
import { type SubmitDetails, toolArguments } from "./contract.ts";

/** Tools that end a run. */

export function giveUpTool(): Tool {
  return defineTool({
    name: "give_up",
    about:
      "Ends the run honestly without success. Use it when the change cannot be made inside the CRQ's scope, with the reason that fits best. Nothing is handed over; the report keeps your detail. Giving up early and truly is better than a result that only looks done.",
    args: toolArguments.give_up,
    writes: false,
    run: async ({ reason, detail }) => ({ text: "The run ends here.", outcome: { kind: "gave-up", reason, detail } }),
  });
}

/** What stands between the work and its end. */
export interface Remaining {
  /** `PATTERN:FILE` of each weakening that a person may waive. */
  readonly waivable: readonly string[];
  /** Everything else that does not hold, one line each. */
  readonly others: readonly string[];
}

/** @param remaining runs the acceptance on the work as it is now */
export function askWaiverTool(remaining: (signal: AbortSignal) => Promise<Remaining>): Tool {
  return defineTool({
    name: "ask_waiver",
    about:
      "Ends the run with a question to the person, for work that is finished but for a weakening (a test skipped, a check gone) that has to stay: only a person can waive it. The change is kept and handed over as it is once they do. Refused while anything else fails.",
    args: toolArguments.ask_waiver,
    writes: false,
    run: async ({ question }, { signal }) => {
      const { waivable, others } = await remaining(signal);
      if (others.length > 0)
        return { text: `Not yet: this does not hold either, and no waiver would help it.\n${others.join("\n")}`, isError: true };
      if (waivable.length === 0)
        return {
          text: "There is nothing to waive: every criterion holds. Answer with one short paragraph, without a tool call.",
          isError: true,
        };
      return {
        text: `The run ends here. The person is asked to waive ${waivable.join(", ")}.`,
        outcome: { kind: "question", detail: question, waivers: waivable },
      };
    },
  });
}

/**
 * @param judge lints a submitted document at the strict profile, tries its cheap checks at the base, and keeps it when it passes
 */
export function submitCrqTool(
  judge: (markdown: string) => Promise<{
    readonly accepted: boolean;
    readonly final: boolean;
    readonly diagnostics: readonly CrqDiagnostic[];
    /** What the trial at the base found. */
    readonly notes: readonly string[];
  }>,
): Tool {
  return defineTool({
    name: "submit_crq",
    about:
      "Hands in the whole CRQ document. It is linted at the strict profile; findings come back with line, column and rule, and you may submit again. The run ends when it is accepted.",
    args: toolArguments.submit_crq,
    writes: false,
    run: async ({ markdown }) => {
      const { accepted, final, diagnostics, notes } = await judge(markdown);
      const details: SubmitDetails = { accepted, diagnostics };
      const findings = [
        ...diagnostics.map((d) => `${d.line}:${d.column} ${d.severity} ${d.rule}: ${d.message}`),
        ...notes.map((note) => `Note: ${note}`),
      ].join("\n");
      if (accepted)
        return { text: findings === "" ? "Accepted." : `Accepted, with notes:\n${findings}`, details, outcome: { kind: "done" } };
      if (final)
        return {
          text: `Not accepted:\n${findings}`,
          details,
          outcome: { kind: "unmet", detail: "the document still has errors after the last try" },
        };
      return {
        text: `Not accepted yet. Mend the errors (warnings may stay, where you mean it) and submit the whole document again:\n${findings}`,
        details,
        isError: true,
      };
    },
  });
}
