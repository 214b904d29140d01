import type { Limits } from "../limits.ts";

/** Wall time of a run: what was used before a resume plus what is used now. `expired` aborts when the wall limit is reached. */
export interface Stopwatch {
  readonly expired: AbortSignal;
  /** Milliseconds. */
  elapsed(): number;
  stop(): void;
}

/** `setTimeout` overflows beyond 31 bits and would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** A timer may fire a fraction of a millisecond early, and a clock that stands still would be asked again and again. */
const SHORTEST_WAIT = 20;

export function startStopwatch(input: { readonly limits: Limits; readonly now: () => number }, before: number): Stopwatch {
  const began = input.now();
  const controller = new AbortController();
  const { wallMs } = input.limits;
  const elapsed = (): number => before + input.now() - began;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // The clock may have stood still meanwhile, so that what was left is not over yet.
  const look = (left: number): void => {
    timer = setTimeout(
      () => {
        const still = (wallMs ?? 0) - elapsed();
        if (still > 0) look(Math.max(still, SHORTEST_WAIT));
        else controller.abort();
      },
      Math.min(Math.max(0, left), LONGEST_TIMER),
    );
  };
  if (wallMs !== undefined) look(wallMs - before);
  return { expired: controller.signal, elapsed, stop: () => clearTimeout(timer) };
}
