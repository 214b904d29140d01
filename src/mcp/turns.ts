import type { Caller } from "./open-work.ts";

/** More calls than this are no impatience but a flood. */
export const MOST_WAITING = 16;

/** The call that is carried out now. */
export interface Doing {
  readonly tool: string;
  readonly seconds: number;
  /** Its last sign of life, such as a line of a build; undefined before the first. */
  readonly latest: string | undefined;
}

export type Turn<Result> =
  | { readonly kind: "done"; readonly result: Result }
  /** `MOST_WAITING` wait already. */
  | { readonly kind: "refused" }
  /** By its caller, or by the end of the connection. */
  | { readonly kind: "taken-back" };

interface Running {
  readonly tool: string;
  readonly since: number;
  latest: string | undefined;
}

/** Calls that come together are done one after the other, in their order. One that is taken back while it waits leaves the queue. */
export class Turns {
  readonly #waiting: PromiseWithResolvers<boolean>[] = [];
  #running: Running | undefined;
  #ended: PromiseWithResolvers<void> | undefined;

  get doing(): Doing | undefined {
    if (this.#running === undefined) return undefined;
    const { tool, since, latest } = this.#running;
    return { tool, seconds: Math.round((performance.now() - since) / 1000), latest };
  }

  /** Calls whose turn has not come. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @param act is given a caller who hears what the real one hears */
  async take<Result>(tool: string, caller: Caller, act: (attended: Caller) => Promise<Result>): Promise<Turn<Result>> {
    if (this.#waiting.length >= MOST_WAITING) return { kind: "refused" };
    const before = this.#running;
    if (before === undefined) this.#running = begun(tool);
    else {
      caller.progress(`waits until ${before.tool} is answered`);
      if (!(await this.#turnOf(caller.signal))) return { kind: "taken-back" };
    }
    if (caller.signal.aborted || this.#ended !== undefined) {
      this.#next();
      return { kind: "taken-back" };
    }
    const running = begun(tool);
    this.#running = running;
    const progress = (text: string): void => {
      running.latest = text;
      caller.progress(text);
    };
    try {
      return { kind: "done", result: await act({ signal: caller.signal, progress }) };
    } finally {
      this.#next();
    }
  }

  /** No turn begins any more. Resolves when the one that is on has ended. */
  async end(): Promise<void> {
    this.#ended ??= Promise.withResolvers();
    for (const turn of this.#waiting.splice(0)) turn.resolve(false);
    if (this.#running !== undefined) await this.#ended.promise;
  }

  /** False: taken back before. */
  #turnOf(signal: AbortSignal): Promise<boolean> {
    const turn = Promise.withResolvers<boolean>();
    const leave = (): void => {
      const at = this.#waiting.indexOf(turn);
      if (at !== -1) this.#waiting.splice(at, 1);
      turn.resolve(false);
    };
    if (signal.aborted) return Promise.resolve(false);
    this.#waiting.push(turn);
    signal.addEventListener("abort", leave, { once: true });
    return turn.promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** Hands the turn on without a gap in which another could step in. */
  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#running = undefined;
      this.#ended?.resolve();
    } else next.resolve(true);
  }
}

const begun = (tool: string): Running => ({ tool, since: performance.now(), latest: undefined });
