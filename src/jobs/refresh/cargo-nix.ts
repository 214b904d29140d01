import { cargoNixOf, regenerateCargoNix } from "../../nix/mechanics/cargo-nix/cargo-nix.ts";
import type { MechanicPlace } from "../../nix/mechanics/mechanic.ts";
import { type Change, inStep, type StepResult } from "./findings.ts";
import { refusedBy } from "./flake-lock.ts";

/** A Cargo.nix that git tracks is what the flake's own crate2nix writes from Cargo.lock. */
export async function writeCargoNix(mechanics: MechanicPlace): Promise<StepResult> {
  const path = await cargoNixOf(mechanics.worktree);
  if (path === undefined) return inStep;
  const ran = await regenerateCargoNix(mechanics, path);
  switch (ran.kind) {
    case "fresh":
      return inStep;
    case "written": {
      const why = "crate2nix writes it so from Cargo.lock";
      const changes = ran.done.edits.map(
        ({ path: file, before }): Change => ({
          step: "cargo-nix",
          what: file,
          ...(before !== undefined && { before: "of another Cargo.lock" }),
          after: "written anew",
          why,
          path: file,
        }),
      );
      return { ok: true, changes, open: [] };
    }
    case "no-tool":
      return {
        ok: true,
        changes: [],
        open: [
          {
            step: "cargo-nix",
            kind: "unchecked",
            message: `whether ${path} fits Cargo.lock could not be told: ${ran.problem}`,
            next: ran.next,
          },
        ],
      };
    case "failed":
      return refusedBy(ran.failure);
  }
}
