import { z } from "zod";
import type { Tool } from "../../../agent/tool.ts";
import type { CrqKind } from "../../../crq/model.ts";
import { snapshot, type Workspace } from "../../../repo/workspace/workspace.ts";
import { errorText, isDiskFull } from "../../../system/error.ts";
import type { ProjectSettings } from "../../job-place.ts";

/**
 * Tools that write leave a snapshot behind: the journal then knows the tree after each of them, and a resume can put the worktree back to
 * the last one, whatever a killed process left half done.
 */
export function withSnapshots(tools: readonly Tool[], workspace: Workspace, firstTree: string): readonly Tool[] {
  let last = firstTree;
  return tools.map((tool) =>
    tool.writes
      ? {
          ...tool,
          run: async (args, context) => {
            const result = await tool.run(args, context);
            const { tree } = await snapshot(workspace);
            if (tree !== last) {
              last = tree;
              context.note({ note: "snapshot", tree });
            }
            return result;
          },
        }
      : tool,
  );
}

const diagnoses = z.array(z.looseObject({ kind: z.string(), message: z.string(), resource: z.unknown() })).default([]);
const diagnosed = z.looseObject({ diagnoses, criteria: z.array(z.looseObject({ diagnoses })).default([]) });

/** What a result says of a Nix that did not start. */
function nixNotStarted(details: unknown): string | undefined {
  const read = diagnosed.safeParse(details).data;
  return [...(read?.diagnoses ?? []), ...(read?.criteria ?? []).flatMap((criterion) => criterion.diagnoses)].find(
    ({ kind, resource }) => kind === "resources" && resource === "nix",
  )?.message;
}

/** A disk that is full, or a Nix that does not start, is nothing a model can mend: the run ends, instead of going on against it and paying for that. */
export const endingWithTheMachine = (tools: readonly Tool[]): readonly Tool[] =>
  tools.map((tool) => ({
    ...tool,
    run: async (args, context) => {
      try {
        const result = await tool.run(args, context);
        const detail = nixNotStarted(result.details);
        return detail === undefined || result.outcome ? result : { ...result, outcome: { kind: "infra", detail } };
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        const detail = `the disk is full (${errorText(error).split("\n")[0]}); free some room and resume`;
        return { text: `Not done: ${detail}.`, isError: true, outcome: { kind: "infra", detail } };
      }
    },
  }));

/**
 * Why a file is not the agent's to change: the criteria, the policy, what git runs by itself, and recordings, which step flakes are judged by.
 * Paths are relative, with links resolved; their case says nothing, since many disks tell none.
 */
export function changeGuard(
  kind: CrqKind | undefined,
  { crqFolder, configFile }: Pick<ProjectSettings, "crqFolder" | "configFile">,
): (path: string) => string | undefined {
  const folder = `${crqFolder.replace(/\/+$/u, "")}/`.toLowerCase();
  return (given) => {
    const path = given.toLowerCase();
    if (path === configFile.toLowerCase()) return "holds the project's policy and is not part of any change";
    if (`${path}/`.startsWith(folder)) return "the change requests are not the agent's to change";
    if (/(?:^|\/)\.gitmodules$/u.test(path)) return "submodules are not visible to a flake and are not added by an agent";
    if (kind === "steps" && path.endsWith(".jsonl")) return "a recording is made by a person and never edited";
    return undefined;
  };
}
