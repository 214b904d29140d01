import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Tool } from "../../agent/tool.ts";
import type { CrqKind } from "../../crq/model.ts";
import type { Workspace } from "../../repo/workspace/workspace.ts";
import type { SurveyDetails } from "../../tools/contract.ts";
import { giveUpTool } from "../../tools/finish.ts";
import { type Generators, generatorTools } from "../../tools/generate.ts";
import { lookTools } from "../../tools/look.ts";
import { type NixPlace, nixTools } from "../../tools/nix-tools.ts";
import { createProposals } from "../../tools/proposals.ts";
import { proposeTool } from "../../tools/propose.ts";
import type { JobPlace } from "../job-place.ts";
import { nixpkgsProbe } from "./gate/nixpkgs-probe.ts";
import type { SessionGate } from "./gate/proposal-gate.ts";
import { changeGuard, endingWithTheMachine, withSnapshots } from "./gate/worktree-tools.ts";
import { generateLatticeFiles } from "./generate/lattice.ts";
import { generateStepFiles } from "./generate/step-flakes.ts";
import { runBuilt } from "./run-built.ts";

export interface WorkToolsInput {
  readonly place: JobPlace;
  readonly workspace: Workspace;
  readonly gate: SessionGate;
  readonly survey: () => Promise<SurveyDetails>;
  /** Runs the criteria on a fresh copy of the worktree. */
  readonly criteria: NixPlace["criteria"];
  /** Tree of the worktree as it is now. */
  readonly tree: string;
  /** Of the request: some kinds have a generator. */
  readonly kind: CrqKind | undefined;
  readonly systems: readonly string[];
}

/** What a model that works on a change may do: look, propose, ask Nix, give up. */
export function workTools(input: WorkToolsInput): readonly Tool[] {
  const { place, workspace, gate, survey, criteria, tree, kind, systems } = input;
  const { directory } = workspace;
  const guard = changeGuard(kind, place.settings);
  const propose = createProposals({ directory, base: workspace.base, gate, guard });
  const where = { place, workspace, systems };
  const generators: Generators = {
    lattice: (request, signal) => generateLatticeFiles(request, where, signal),
    stepFlakes: (request, signal) => generateStepFiles(request, { ...where, learn: gate.learn }, signal),
  };
  const tools = [
    ...lookTools({ directory, survey }),
    proposeTool(propose),
    ...generatorTools(kind, generators, propose),
    ...nixTools({
      directory,
      nix: place.nix,
      buildTimeoutMs: place.settings.buildTimeoutMs,
      evalTimeoutMs: place.settings.evalTimeoutMs,
      progress: place.progress,
      programsOf: (path) =>
        readdir(place.environment.hostPath(join(path, "bin"))).then(
          (names) => names.sort().map((name) => `bin/${name}`),
          // An output without programs has no such folder.
          () => [],
        ),
      runBuilt: runBuilt(place),
      mechanics: gate.mechanicPlace,
      nixpkgs: (options) => nixpkgsProbe(place, directory, options),
      criteria,
    }),
    giveUpTool(),
  ];
  return endingWithTheMachine(withSnapshots(tools, workspace, tree));
}
