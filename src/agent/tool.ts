import type { z } from "zod";
import type { Outcome } from "./outcome.ts";

/** What a tool's `run` gives back. Long `text` is clipped by the wrapper, which keeps the whole in `ToolContext.keep`. */
export interface ToolResult {
  /** For the model: what happened, where, and the next move. */
  readonly text: string;
  /** For the journal, the report and `rules`: plain JSON. */
  readonly details?: unknown;
  readonly isError?: boolean;
  /** Set by a tool that ends the run (give_up, submit_crq). */
  readonly outcome?: Outcome;
}

export interface ToolContext {
  readonly signal: AbortSignal;
  /** Journals something a tool did by itself (a mechanic, a build that started or ended). */
  readonly note: (event: ToolNote) => void;
}

/** Things worth a journal line that are no tool result. */
export type ToolNote =
  | { readonly note: "mechanic"; readonly name: string; readonly detail: string; readonly paths: readonly string[] }
  | {
      readonly note: "build";
      readonly installable: string;
      readonly ok: boolean;
      readonly seconds: number;
      readonly fingerprint?: string;
    }
  | { readonly note: "snapshot"; readonly tree: string }
  | { readonly note: "progress"; readonly text: string };

/** A tool is a value. `about` and `args` are what a model reads: write them as carefully as prose. */
export interface Tool<Args extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly about: string;
  readonly args: Args;
  /** Whether it can change the worktree. Look-only sessions (draft) get none that does. */
  readonly writes: boolean;
  /** Names of tools: where one of them failed earlier in the same reply, this call is answered without being run. */
  readonly restsOn?: readonly string[];
  run(args: z.infer<Args>, context: ToolContext): Promise<ToolResult>;
}

/** Keeps the argument type of `run` tied to `args` and erases it for lists of tools. */
export function defineTool<Args extends z.ZodObject>(tool: Tool<Args>): Tool {
  return {
    name: tool.name,
    about: tool.about,
    args: tool.args,
    writes: tool.writes,
    ...(tool.restsOn && { restsOn: tool.restsOn }),
    run: (args, context) => tool.run(tool.args.parse(args), context),
  };
}
