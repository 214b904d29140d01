import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { acquireLock, isLocked, type Lock, LockError } from "../../../session/lock.ts";
import { type Affinity, ownAffinity } from "../../../system/affinity.ts";
import type { Host } from "../../../system/environment/host.ts";

/**
 * Shares a machine's processors out to trials, so that what one takes hangs on what its task declares and not on how many run beside it. Runs
 * and workers are processes of their own: what each has taken stands in a folder that all of this user's know, as locks, which fall when
 * their process is gone.
 */
export interface Processors {
  /** @param cpus as a task declares them: a part of one takes a whole one, and no trial takes more than there are */
  take(cpus: number): TakenProcessors;
}

export interface TakenProcessors {
  /** undefined: this machine cannot keep a program to processors. */
  readonly affinity: Affinity | undefined;
  release(): void;
}

/** For a machine that cannot keep a program to processors. */
export const ANY_PROCESSOR: Processors = { take: () => ({ affinity: undefined, release: () => undefined }) };

/** @param folder of this machine and this user alone; made when absent */
export async function openProcessors(folder: string, host: Pick<Host, "taskset">): Promise<Processors> {
  const own = await ownAffinity(host.taskset);
  return own === undefined ? ANY_PROCESSOR : lockedProcessors(folder, own);
}

/** So often another process may take what was just seen free. */
const TRIES = 100;

/** Those that fewest have taken are given first: where more is asked for than there is, takers share. */
export function lockedProcessors(folder: string, { taskset, processors: all }: Affinity): Processors {
  return {
    take(cpus) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const count = Math.min(all.length, Math.max(1, Math.ceil(cpus)));
      const taken = new Map<number, Lock>();
      const release = (): void => {
        for (const lock of taken.values()) lock.release();
      };
      try {
        for (let failed = 0; taken.size < count; ) {
          const processor = leastTaken(folder, all, taken);
          const lock = lockOf(folder, processor, failed === TRIES);
          if (lock) taken.set(processor, lock);
          else failed += 1;
        }
      } catch (error) {
        release();
        throw error;
      }
      return { affinity: { taskset, processors: [...taken.keys()].sort((a, b) => a - b) }, release };
    },
  };
}

function leastTaken(folder: string, all: readonly number[], taken: ReadonlyMap<number, Lock>): number {
  const free = all.filter((processor) => !taken.has(processor));
  const takers = new Map(free.map((processor) => [processor, lockedPlaces(folder, processor).size]));
  return free.reduce((least, processor) => ((takers.get(processor) ?? 0) < (takers.get(least) ?? 0) ? processor : least));
}

/** Each taker of a processor has a place of it, counted from 0. */
const placeOf = (processor: number, place: number): string => `${processor}.${place}`;

function lockedPlaces(folder: string, processor: number): ReadonlySet<string> {
  const places = readdirSync(folder).filter((name) => name.startsWith(`${processor}.`));
  return new Set(places.filter((name) => isLocked(join(folder, name))));
}

/** @returns undefined where another process was faster: then it may be another processor's turn */
function lockOf(folder: string, processor: number, last: boolean): Lock | undefined {
  const locked = lockedPlaces(folder, processor);
  let place = 0;
  while (locked.has(placeOf(processor, place))) place += 1;
  const own = join(folder, placeOf(processor, place));
  mkdirSync(own, { recursive: true, mode: 0o700 });
  try {
    return acquireLock(own, "processor");
  } catch (error) {
    if (error instanceof LockError && !last) return undefined;
    throw error;
  }
}
