import { join } from "node:path";
import { observe } from "../../observe.ts";
import type { RealPlace } from "../../real-environment.ts";
import { lattice, type Tree } from "./trees.ts";

/** What the check says of the lattice in `lattice`; locks are written where Nix can write them. */
export async function said(place: RealPlace, change: Tree, more: object = {}): Promise<string> {
  const { lines } = await observe(place, {
    change,
    checks: [{ kind: "steps", mode: "lattice", dir: "lattice", ...more }],
    prepare: async (directory) => {
      for (const [path, text] of Object.entries(change))
        if (path.endsWith("flake.nix") && text.includes("inputs.")) await place.nix.lock(join(directory, path, ".."));
    },
  });
  return lines[0] ?? "";
}

export const NODES = { word: [], line: ["word"] };
export const HONEST = lattice(NODES);
