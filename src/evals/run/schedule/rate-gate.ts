import type { Ask, AssistantMessage } from "../../../agent/messages.ts";
import type { TrialModel, WaitingModel } from "../../trial/trial-model.ts";
import { afterAnswer, afterRefusal, firstRate, type Rate } from "./rate.ts";

/** Lets asks of one provider through as fast as it takes them, for all trials of a run together. */
export class RateGate {
  readonly #now: () => number;
  #rate: Rate;
  #underWay = 0;
  #closedUntil = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#rate = firstRate(now());
  }

  get limit(): number {
    return this.#rate.limit;
  }

  /** For the asks of one trial together. */
  meter(): WaitMeter {
    return new WaitMeter(this.#now);
  }

  /** @returns the reply, and milliseconds that were waited before and between the tries; `meter` counts them while they pass */
  async ask(
    ask: Ask,
    send: () => Promise<AssistantMessage>,
    meter = this.meter(),
  ): Promise<{ readonly reply: AssistantMessage; readonly waitedMs: number }> {
    let waitedMs = 0;
    for (let tries = 1; ; tries++) {
      const began = this.#now();
      await meter.during(this.#enter(ask.signal));
      waitedMs += this.#now() - began;
      let reply: AssistantMessage;
      try {
        reply = await send();
      } finally {
        this.#underWay -= 1;
      }
      const refused = reply.stop === "error" && reply.refusal !== undefined && BUSY.has(reply.refusal.status);
      this.#rate = refused ? afterRefusal(this.#rate, this.#now()) : afterAnswer(this.#rate, this.#now());
      if (refused) {
        const wait = reply.refusal?.retryAfterMs ?? Math.min(LONGEST_WAIT_MS, 1000 * 2 ** tries);
        this.#closedUntil = Math.max(this.#closedUntil, this.#now() + Math.min(wait, GIVE_UP_MS));
      }
      this.#wake();
      if (!refused || waitedMs >= GIVE_UP_MS || ask.signal.aborted) return { reply, waitedMs };
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (this.#underWay >= this.#rate.limit || this.#now() < this.#closedUntil)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      const closed = this.#closedUntil - this.#now();
      const timer = closed > 0 ? setTimeout(resolve, closed) : undefined;
      const end = (): void => resolve();
      signal.addEventListener("abort", end, { once: true });
      await promise;
      signal.removeEventListener("abort", end);
      clearTimeout(timer);
    }
    this.#underWay += 1;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Milliseconds that asks have waited, waits that last included: a trial's working time is judged while it waits. */
class WaitMeter {
  readonly #now: () => number;
  readonly #lasting = new Set<{ readonly began: number }>();
  #ended = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get ms(): number {
    const now = this.#now();
    return [...this.#lasting].reduce((total, { began }) => total + now - began, this.#ended);
  }

  async during(wait: Promise<void>): Promise<void> {
    const own = { began: this.#now() };
    this.#lasting.add(own);
    try {
      await wait;
    } finally {
      this.#lasting.delete(own);
      this.#ended += this.#now() - own.began;
    }
  }
}

/** Too many requests; overloaded (Anthropic's 529); unavailable. */
const BUSY: ReadonlySet<number> = new Set([429, 503, 529]);
const LONGEST_WAIT_MS = 60_000;
/** A provider that refuses for so long is down: the trial ends, and is tried again later. */
const GIVE_UP_MS = 600_000;

/** The same model behind its provider's gate. */
export const gated = (model: TrialModel, gate: RateGate): TrialModel => ({
  ...model,
  notFor: (task) => model.notFor(task),
  async create(task) {
    const inner = await model.create(task);
    const meter = gate.meter();
    const { worstCase } = inner;
    const outer: WaitingModel = {
      name: inner.name,
      async complete(ask) {
        const { reply } = await gate.ask(ask, () => inner.complete(ask), meter);
        return reply;
      },
      ...(worstCase && { worstCase: (ask: Ask) => worstCase.call(inner, ask) }),
      waitedMs: () => meter.ms,
    };
    return outer;
  },
});
