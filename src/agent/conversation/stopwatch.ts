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

export function startStopwatch(input: { readonly limits: Limits; readonly now: () => number }, before: number): Stopwatch {
  const began = input.now();
  const controller = new AbortController();
  const { wallMs } = input.limits;
  const timer =
    wallMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(), Math.min(Math.max(0, wallMs - before), LONGEST_TIMER));
  return {
    expired: controller.signal,
    elapsed: () => before + input.now() - began,
    stop: () => clearTimeout(timer),
  };
}
