import { defineTool, type Tool, type ToolResult } from "../agent/tool.ts";
import type { CrqKind } from "../crq/model.ts";
import { type ProposalDetails, toolArguments } from "./contract.ts";
import type { Propose } from "./proposals.ts";

/** Many flakes that nobody types: the project's generators, whose files are a proposal like any other. */

export interface GeneratedFile {
  /** Relative to the repository's root. */
  readonly path: string;
  /** undefined: an earlier run made it, and it is not wanted any more. */
  readonly text: string | undefined;
}

export type Generated =
  | { readonly ok: true; readonly files: readonly GeneratedFile[]; readonly notes: readonly string[] }
  /** Each problem with its place. */
  | { readonly ok: false; readonly problems: readonly string[]; readonly next: string };

export interface LatticeRequest {
  readonly folder: string;
  readonly crate?: string;
  readonly nixpkgs?: string;
}

export interface StepFlakesRequest {
  readonly folder: string;
  readonly nixpkgs?: string;
}

/** None of them writes a file. They throw only for what is no fault of the repository. */
export interface Generators {
  lattice(request: LatticeRequest, signal: AbortSignal): Promise<Generated>;
  stepFlakes(request: StepFlakesRequest, signal: AbortSignal): Promise<Generated>;
}

/** The generator that a kind of request is about; the others are not offered. */
export function generatorTools(kind: CrqKind | undefined, generators: Generators, propose: Propose): readonly Tool[] {
  const proposed = async (generated: Generated, context: Parameters<Propose>[2]): Promise<ToolResult> => {
    if (!generated.ok) return notGenerated(generated.problems, generated.next);
    const edits = generated.files.map(({ path, text }) =>
      text === undefined ? { path, delete: true as const } : { path, create: text },
    );
    const judged = await propose(edits, false, context);
    const notes =
      generated.notes.length === 0 ? "" : `\nThe generator says:\n${generated.notes.map((note) => `- ${note}`).join("\n")}`;
    return { ...judged, text: `${judged.text}${notes}` };
  };
  if (kind === "lattice")
    return [
      defineTool({
        name: "propose_lattice",
        about:
          "Generates a flake lattice and proposes it through the same gate as propose_edit: lattice.toml, a flake for each node and the root flake that joins them, with their locks. With `crate` the items of that crate become the nodes; without it the flakes of the nodes in lattice.toml are written, each node's own files staying as they are. A `[[node]]` there has `name`, `depends` and a `kind`: config (NAME/config.toml), crate (generated/NAME with Cargo.toml and lib.rs, or main.rs for a program) or nix (nodes/NAME/node.nix). Type no generated flake yourself; change lattice.toml or a node's files and call this again.",
        args: toolArguments.propose_lattice,
        writes: true,
        run: async (args, context) => proposed(await generators.lattice(args, context.signal), context),
      }),
    ];
  if (kind === "steps")
    return [
      defineTool({
        name: "propose_step_flakes",
        about:
          "Generates the flakes of a recorded build and proposes them through the same gate as propose_edit: `stepNNN/flake.nix` for each record, wired as the records depend on each other, and the flake that joins what the last steps made, with their locks. The records must be committed; a person makes them, you cannot run the build. Type no step flake yourself.",
        args: toolArguments.propose_step_flakes,
        writes: true,
        run: async (args, context) => proposed(await generators.stepFlakes(args, context.signal), context),
      }),
    ];
  return [];
}

/** As a refused proposal, so that whoever reads the details reads one form. */
function notGenerated(problems: readonly string[], next: string): ToolResult {
  const details: ProposalDetails = {
    accepted: false,
    pending: false,
    stage: "edit",
    problems: [...problems, next],
    diagnoses: [],
    changed: [],
    mechanics: [],
  };
  return { text: ["Nothing was generated; the worktree is as it was.", ...problems, next].join("\n"), details, isError: true };
}
