/**
 * Working time: wall time without the time in which a trial's requests waited for their provider's rate. What a model takes to answer is its
 * own, and so is what a build takes.
 */
export class WorkingClock {
  readonly #now: () => number;
  readonly #began: number;
  readonly #waited: () => number;

  /**
   * @param now milliseconds that never go back
   * @param waited milliseconds that were waited so far, a wait that lasts included
   */
  constructor(now: () => number, waited: () => number) {
    this.#now = now;
    this.#began = now();
    this.#waited = waited;
  }

  get wallMs(): number {
    return this.#now() - this.#began;
  }

  get queueMs(): number {
    return Math.min(this.#waited(), this.wallMs);
  }

  get workingMs(): number {
    return this.wallMs - this.queueMs;
  }

  /** Calls once so much working time is used. The function that is returned takes the alarm back. */
  alarm(limitMs: number, expired: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const set = (): void => {
      const left = limitMs - this.workingMs;
      // What was waited in the meantime is known only then.
      timer = left <= 0 ? setTimeout(expired, 0) : setTimeout(set, Math.min(Math.ceil(left), MAX_TIMER));
    };
    set();
    return () => clearTimeout(timer);
  }
}

/** Longer ones would go off at once. */
const MAX_TIMER = 2 ** 31 - 1;
