import { availableParallelism, freemem, totalmem } from "node:os";

/** What a trial takes of a machine while it runs. */
export interface Needs {
  readonly cpus: number;
  readonly memMb: number;
}

export interface Room {
  readonly cpus: number;
  readonly freeMb: number;
  readonly totalMb: number;
  /** At most so many at once, where a person said so. */
  readonly trials?: number;
}

/** Of a task that says nothing else. */
export const COMMON_NEEDS: Needs = { cpus: 1, memMb: 1_024 };

/** Left to everything else on the machine. */
const RESERVE_MB = 512;

/** Whether one more trial may begin. The first may always: a machine too small for it would else do nothing. */
export function admits(running: readonly Needs[], next: Needs, room: Room): boolean {
  if (running.length === 0) return true;
  if (room.trials !== undefined && running.length >= room.trials) return false;
  const taken = (of: (needs: Needs) => number): number => running.reduce((total, needs) => total + of(needs), 0);
  // A trial that has just begun does not hold yet what it will: what was promised counts beside what is free now.
  return (
    taken(({ cpus }) => cpus) + next.cpus <= room.cpus &&
    taken(({ memMb }) => memMb) + next.memMb <= room.totalMb - RESERVE_MB &&
    next.memMb <= room.freeMb - RESERVE_MB
  );
}

/** How many such trials run at once at most: for work that is not handed out one by one. */
export function mostAtOnce(needs: Needs, room: Room): number {
  const running = [needs];
  while (running.length < MOST && admits(running, needs, { ...room, freeMb: room.freeMb - running.length * needs.memMb }))
    running.push(needs);
  return running.length;
}

/** More than a machine has processors. */
const MOST = 1_024;

const MEBIBYTE = 2 ** 20;

export const roomOfHost = (trials: number | undefined): Room => ({
  cpus: availableParallelism(),
  freeMb: freemem() / MEBIBYTE,
  totalMb: totalmem() / MEBIBYTE,
  ...(trials === undefined ? {} : { trials }),
});
