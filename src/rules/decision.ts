import type { z } from "zod";
import type { GiveUpReason } from "../agent/outcome.ts";
import type { ToolName, toolArguments } from "../tools/contract.ts";

/** What the planner does next. */
export type Decision =
  | { readonly kind: "calls"; readonly text: string; readonly calls: readonly PlannedCall[] }
  /** No call: the host runs the acceptance. */
  | { readonly kind: "end"; readonly text: string };

export type PlannedCall = {
  [Name in ToolName]: { readonly tool: Name; readonly arguments: z.input<(typeof toolArguments)[Name]> };
}[ToolName];

export const calls = (text: string, ...planned: readonly PlannedCall[]): Decision => ({ kind: "calls", text, calls: planned });

export const giveUp = (reason: GiveUpReason, detail: string): Decision =>
  calls(detail, { tool: "give_up", arguments: { reason, detail } });
