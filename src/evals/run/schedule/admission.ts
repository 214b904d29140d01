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

const MEBIBYTE = 2 ** 20;

export const roomOfHost = (trials: number | undefined): Room => ({
  cpus: availableParallelism(),
  freeMb: freemem() / MEBIBYTE,
  totalMb: totalmem() / MEBIBYTE,
  ...(trials === undefined ? {} : { trials }),
});
