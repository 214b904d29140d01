import type { FlakeLock, LockNode } from "../lock.ts";

type LockFields = Pick<LockNode, "locked" | "original" | "flake"> & {
  /** Of a relative path: the flake whose tree it lies in, by its path from the root. */
  readonly parent?: unknown;
};

/** A node of a lock with what it takes itself. */
export interface LockedFlake {
  /** All that the node says besides its inputs. */
  readonly fields: LockFields;
  /** A path is one from the lock's root (`follows`). */
  readonly inputs: ReadonlyMap<string, LockedFlake | readonly string[]>;
}

/** The flake that the root's input of this name is locked to; undefined where it takes something from outside itself. */
export function lockedInput(lock: FlakeLock, input: string): LockedFlake | undefined {
  const start = lock.nodes[lock.root]?.inputs?.[input];
  // A lock may be written by hand: `null` is a node that is being read, so that a circle ends.
  const read = new Map<string, LockedFlake | null>();
  const flakeOf = (name: string): LockedFlake | undefined => {
    const known = read.get(name);
    if (known !== undefined) return known ?? undefined;
    const node = Object.hasOwn(lock.nodes, name) ? lock.nodes[name] : undefined;
    if (node === undefined) return undefined;
    read.set(name, null);
    const { inputs: declared = {}, ...fields } = node;
    const inputs = new Map<string, LockedFlake | readonly string[]>();
    for (const [lower, target] of Object.entries(declared)) {
      const taken = typeof target === "string" ? flakeOf(target) : target[0] === input ? target : undefined;
      if (taken === undefined) return undefined;
      inputs.set(lower, taken);
    }
    const flake = { fields, inputs };
    read.set(name, flake);
    return flake;
  };
  return typeof start === "string" ? flakeOf(start) : undefined;
}
