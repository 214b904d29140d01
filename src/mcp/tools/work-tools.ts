import { toolSpecs } from "../../agent/call/tool-specs.ts";
import type { ToolSpec } from "../../agent/messages.ts";
import type { Nix } from "../../nix/nix.ts";
import { giveUpTool, submitCrqTool } from "../../tools/finish.ts";
import { generatorTools } from "../../tools/generate.ts";
import { lookTools } from "../../tools/look.ts";
import { nixTools } from "../../tools/nix-tools.ts";
import { proposeTool } from "../../tools/propose.ts";

/**
 * The words of the tools that a session offers. A client asks for them before any session is open, so they are made here where nothing can
 * be run: what runs a call is the session's own tool of the same name.
 */
export function workToolSpecs(): readonly ToolSpec[] {
  const generators = { lattice: nowhere, stepFlakes: nowhere };
  return toolSpecs([
    ...lookTools({ directory: "", survey: nowhere }),
    proposeTool(nowhere),
    ...generatorTools("lattice", generators, nowhere),
    ...generatorTools("steps", generators, nowhere),
    ...nixTools({
      directory: "",
      get nix(): Nix {
        return nowhere();
      },
      buildTimeoutMs: 0,
      evalTimeoutMs: 0,
      mechanics: nowhere,
      nixpkgs: nowhere,
      programsOf: nowhere,
      runBuilt: nowhere,
      criteria: nowhere,
    }),
    submitCrqTool(nowhere),
    giveUpTool(),
  ]);
}

const nowhere = (): never => {
  throw new Error("no session is open");
};
