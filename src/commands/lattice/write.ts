import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type Prepared, prepareLattice, type WantedLattice } from "../../jobs/lattice/write.ts";
import { writeAll } from "../../jobs/vendor/write.ts";
import { judgeLattice } from "../../nix/lattice/policy.ts";
import type { FileChange } from "../../repo/workspace/edits.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import { CommandError } from "../wiring/context.ts";
import { endedByNix, type OpenLattice } from "./open.ts";

/**
 * Makes the flakes and locks of a lattice in the private copy, then writes what changed into the checkout, all or nothing.
 * @param fresh no file that is there is written over
 * @returns the paths that were written, relative to the repository
 */
export async function writeLattice(opened: OpenLattice, wanted: WantedLattice, fresh: boolean): Promise<readonly string[]> {
  const { place, policy, root } = opened;
  if (policy.inputs) {
    const [off] = judgeLattice(wanted.lattice, place.folder, policy.inputs, policy.today).filter(
      ({ severity }) => severity === "error",
    );
    if (off) throw new CommandError("lattice-stale", `${off.file}: ${off.message}. ${off.next}\nNothing was written.`);
  }
  const prepared: Prepared = await prepareLattice(place, wanted, fresh);
  if (!prepared.ok && "taken" in prepared)
    throw new CommandError(
      "foreign-file",
      `${prepared.taken.join(", ")}: exists already and was not made from lattice.toml; move it away or choose another name. Nothing was written.`,
    );
  if (!prepared.ok) {
    const what = "the locks could not be written, so nothing was";
    throw prepared.failure
      ? endedByNix(what, prepared.failure)
      : new CommandError("lattice-stale", `${what}: ${prepared.problem}.`);
  }
  await writeIntoCheckout(root, prepared.changes);
  return prepared.changes.map(({ path }) => path);
}

async function writeIntoCheckout(root: string, changes: readonly FileChange[]): Promise<void> {
  for (const { path } of changes) await mkdir(dirname(await insideJail(root, path)), { recursive: true });
  const problem = await writeAll(root, changes);
  if (problem !== undefined) throw new CommandError("not-written", problem);
}
