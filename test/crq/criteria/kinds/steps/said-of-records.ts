import { readdirSync } from "node:fs";
import { join } from "node:path";
import { observe } from "../../observe.ts";
import type { RealPlace } from "../../real-environment.ts";
import { records, stepFlake, type Tree } from "./trees.ts";

/** What the check says of records and flakes in `steps`. */
export async function said(place: RealPlace, change: Tree, more: object = {}): Promise<string> {
  const { lines } = await observe(place, {
    change,
    checks: [{ kind: "steps", mode: "records", dir: "steps", ...more }],
    prepare: async (directory) => {
      for (const name of readdirSync(join(directory, "steps")).sort())
        if (change[`steps/${name}/flake.nix`]?.includes("inputs.") === true) await place.nix.lock(join(directory, "steps", name));
    },
  });
  return lines[0] ?? "";
}

/** Three steps, the third on the first two, each with a flake that runs it. */
export const HONEST: Tree = {
  "steps/steps.jsonl": records({ seq: 1 }, { seq: 2, depends: [1] }, { seq: 3, depends: [1, 2] }),
  "steps/step001/flake.nix": stepFlake(1),
  "steps/step002/flake.nix": stepFlake(2, [1]),
  "steps/step003/flake.nix": stepFlake(3, [1, 2]),
};
