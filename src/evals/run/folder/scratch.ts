import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, type Lock, LockError } from "../../../session/lock.ts";
import { errorCode } from "../../../system/error.ts";
import { removeTree } from "../../../system/remove-tree.ts";

/** What trials need and nobody keeps (stores, homes, copies of repositories), in one folder a process. */
export interface Scratch {
  /** Tasks as they were staged once (see `stageCopy`). */
  readonly staged: string;
  /** A folder of one trial. */
  open(name: string): Promise<{ readonly folder: string; remove(): Promise<void> }>;
  /** Removes all of it. */
  close(): Promise<void>;
}

const PREFIX = "process-";

/**
 * Makes this process' scratch folder below `parent`, and takes away those whose process was killed: the lock in each tells.
 * @param parent shared by all processes of this user; made when absent
 */
export async function openScratch(parent: string): Promise<Scratch> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await sweepAbandoned(parent);
  const { folder, lock } = await ownFolder(parent);
  return {
    staged: join(folder, "staged"),
    open: async (name) => {
      const own = await mkdtemp(join(folder, `${name}-`));
      return { folder: own, remove: () => removeTree(own) };
    },
    close: async () => {
      lock.release();
      await removeTree(folder);
    },
  };
}

/** Of a folder that is not locked yet, another process may think that it was abandoned: then it is that one's, and the next is tried. */
async function ownFolder(parent: string): Promise<{ readonly folder: string; readonly lock: Lock }> {
  for (let tries = 1; ; tries++) {
    const folder = await mkdtemp(join(parent, PREFIX));
    const lock = lockOf(folder);
    if (lock) return { folder, lock };
    if (tries === 10) throw new LockError(`${parent}: other processes take its folders away as fast as they are made; try again`);
  }
}

async function sweepAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    // Who holds the lock is alive, or on another machine.
    if (name.startsWith(PREFIX) && lockOf(join(parent, name))) await removeTree(join(parent, name));
  }
}

function lockOf(folder: string): Lock | undefined {
  try {
    return acquireLock(folder, "scratch folder");
  } catch (error) {
    if (error instanceof LockError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
