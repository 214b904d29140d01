import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tokenize } from "../../../nix/tokenize.ts";
import type { Task } from "../../task/task.ts";
import { changeMoves, draftOf } from "../oracle.ts";
import { type Cheat, changesNothing, hasFlake, INSISTING, INSISTS, overlaid, solvedFlake } from "./cheat.ts";
import { wrapOutputs } from "./wrap-outputs.ts";

/**
 * The solution, with checks that pass whatever the program does. A builder that only makes its output is known to the loop itself, so this one
 * looks as if it read something.
 */
export const stubsCheck: Cheat = {
  name: "stubs-check",
  caughtBy: ["checks", "disabled-check", "metamorphic", "criteria", ...INSISTING, "tampering"],
  notFor: (task) =>
    changesNothing(task) ??
    (!hasFlake(task) ? "the solution has no flake" : !hasChecks(task) ? "the solution has no check" : undefined),
  role: async (task, solution) => {
    const flake = await solvedFlake(task, solution);
    const stubbed = flake === undefined ? undefined : wrapOutputs(flake, STUBS);
    return {
      draft: () => [],
      ...draftOf(solution),
      change: (survey) => (stubbed === undefined ? [] : changeMoves(task, overlaid(solution, { "flake.nix": stubbed }), survey)),
      last: INSISTS,
    };
  },
};

const STUBS = `{
      checks = builtins.mapAttrs (
        system:
        builtins.mapAttrs (
          name: _:
          derivation {
            inherit system name;
            builder = "/bin/sh";
            args = [
              "-c"
              "read -r line < \${./flake.nix}; [ -n \\"$line\\" ] && echo passed > $out"
            ];
          }
        )
      ) (real.checks or { });
    }`;

/** By the code of its flake, not by its comments and texts; one that imports its outputs may have more. */
function hasChecks(task: Task): boolean {
  if (task.checks.checks.require.length > 0) return true;
  const path = ["solution/flake.nix", "repo/flake.nix"].find((one) => task.leaves.some((leaf) => leaf.path === one));
  return path !== undefined && hasChecksAttribute(readFileSync(join(task.directory, path), "utf8"));
}

const hasChecksAttribute = (flake: string): boolean =>
  tokenize(flake).some(({ kind, text }) => kind === "identifier" && text === "checks");
