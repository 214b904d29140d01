import { defineTool, type Tool } from "../agent/tool.ts";
import { toolArguments } from "./contract.ts";
import type { Propose } from "./proposals.ts";

export function proposeTool(propose: Propose): Tool {
  return defineTool({
    name: "propose_edit",
    about:
      "Proposes edits of one or more files as one transaction. It is judged before it counts: exact match of `old`, paths, policy, Nix syntax, then evaluation of the flake with its lock. Accepted: the worktree has it. Refused: the worktree is as it was, and the text says why and whether the proposal is kept as pending.",
    args: toolArguments.propose_edit,
    writes: true,
    run: ({ edits, amend }, context) => propose(edits, amend, context),
  });
}
