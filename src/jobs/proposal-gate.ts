import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ToolContext } from "../agent/tool.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import type { FileChange } from "../repo/workspace/edits.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import { git } from "../system/git.ts";
import type { Repair } from "../tools/nix-tools.ts";
import type { GateAnswer, ProposalGate } from "../tools/propose.ts";
import type { JobPlace } from "./job-place.ts";

// PROVISIONAL until src/nix/gate exists
export function createGate({ place, workspace }: { place: JobPlace; workspace: Workspace }): ProposalGate & {
  repair(diagnosis: Diagnosis, context: ToolContext, yes: boolean): Promise<Repair | undefined>;
} {
  const { nix } = place;
  const ok: GateAnswer = { ok: true, mechanics: [], notes: [] };
  return {
    async before(changes: readonly FileChange[], { signal }) {
      const files = changes.filter((c) => c.path.endsWith(".nix") && c.after !== undefined);
      if (files.length === 0) return ok;
      const scratch = await mkdtemp(join(place.workFolder, "parse-"));
      try {
        const paths = await Promise.all(
          files.map(async (c, i) => {
            const f = join(scratch, `${i}-${basename(c.path)}`);
            await writeFile(f, c.after ?? "");
            return f;
          }),
        );
        const parsed = await nix.parse(paths, { signal });
        return parsed.ok ? ok : { ok: false, stage: "parse", problems: [], diagnoses: parsed.diagnoses, mechanics: [] };
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    async after(_changes, { signal }) {
      await git(["add", "--intent-to-add", "--all", "."], { cwd: workspace.directory });
      const locked = await nix.lock(workspace.directory, { signal });
      if (!locked.ok) return { ok: false, stage: "lock", problems: [], diagnoses: locked.diagnoses, mechanics: [] };
      await git(["add", "--intent-to-add", "--all", "."], { cwd: workspace.directory });
      const evaluated = await nix.evaluate(workspace.directory, `packages.${nix.system}`, {
        signal,
        apply: "ps: builtins.mapAttrs (n: p: p.drvPath) ps",
      });
      return evaluated.ok
        ? { ...ok, mechanics: ["locked"] }
        : { ok: false, stage: "eval", problems: [], diagnoses: evaluated.diagnoses, mechanics: [] };
    },
    async undo() {
      await git(["reset", "--quiet"], { cwd: workspace.directory });
    },
    async repair() {
      return undefined;
    },
  };
}
