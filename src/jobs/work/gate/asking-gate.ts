import type { FileChange } from "../../../repo/workspace/edits.ts";
import type { SessionGate } from "./proposal-gate.ts";

/** A person's word on a proposal. */
export type AskProposal = (
  changes: readonly FileChange[],
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }>;

/** A gate before which a person sees each proposal that policy and syntax let through: what is refused here never touches the worktree. */
export const askingGate = (gate: SessionGate, ask: AskProposal): SessionGate => ({
  ...gate,
  async before(changes, context) {
    const judged = await gate.before(changes, context);
    if (!judged.ok) return judged;
    const said = await ask(changes);
    context.signal.throwIfAborted();
    if (said.ok) return judged;
    return {
      ok: false,
      stage: "policy",
      problems: [`The person at the terminal refused it: ${said.why}`],
      diagnoses: [],
      mechanics: [],
    };
  },
});
