import { judgeTexts } from "./judge-texts.ts";
import { judgeWorktree, type WorktreeQuestion } from "./judge-worktree.ts";
import type { GateVerdict } from "./proposal.ts";

export interface ProposalQuestion extends WorktreeQuestion {
  /** Writes the changes into the worktree, once their texts are found good. */
  readonly write: () => Promise<void>;
  /** Takes them out again when they are refused after that. */
  readonly revert: () => Promise<void>;
}

/**
 * The proposal gate in one call: parse, policy, lock, evaluation. What does not parse or breaks policy never reaches the worktree; what
 * does not evaluate is taken out again and may be amended. The caller owns the transaction on the files.
 */
export async function judgeProposal(question: ProposalQuestion): Promise<GateVerdict> {
  const texts = await judgeTexts(question);
  if (!texts.ok) return texts;
  await question.write();
  const verdict = await judgeWorktree({ ...question, ...(texts.inputs && { inputs: texts.inputs }) }).catch(
    async (error: unknown) => {
      await question.revert();
      throw error;
    },
  );
  if (!verdict.ok) {
    await question.revert();
    return verdict;
  }
  return { ...verdict, weakenings: texts.weakenings, notes: [...texts.notes, ...verdict.notes] };
}
