/**
 * How many asks of one provider may be under way: 4 at first, doubled whenever as many have been answered, until the provider refuses one
 * for its rate. From then on 0.8 of it after each episode of refusals, never below 1, and one more after each quiet minute.
 */

const START = 4;
const MOST = 64;
const EPISODE_MS = 15_000;
const QUIET_MS = 60_000;
const BACK_OFF = 0.8;

export interface Rate {
  readonly limit: number;
  /** Answers since the limit was last doubled. */
  readonly answered: number;
  /** Time of the refusal that began the last episode; undefined: none yet. */
  readonly refusedAt: number | undefined;
  /** Since when nothing was refused and nothing raised. */
  readonly quietSince: number;
}

export const firstRate = (now: number): Rate => ({ limit: START, answered: 0, refusedAt: undefined, quietSince: now });

export function afterAnswer(rate: Rate, now: number): Rate {
  if (rate.refusedAt !== undefined) {
    const minutes = Math.floor((now - rate.quietSince) / QUIET_MS);
    if (minutes < 1) return rate;
    return { ...rate, limit: Math.min(MOST, rate.limit + minutes), quietSince: rate.quietSince + minutes * QUIET_MS };
  }
  const answered = rate.answered + 1;
  return answered < rate.limit ? { ...rate, answered } : { ...rate, limit: Math.min(MOST, rate.limit * 2), answered: 0 };
}

/** Refusals of one burst are one episode: they were all sent at the old limit. */
export function afterRefusal(rate: Rate, now: number): Rate {
  if (rate.refusedAt !== undefined && now - rate.refusedAt < EPISODE_MS) return { ...rate, quietSince: now };
  return { limit: Math.max(1, Math.floor(rate.limit * BACK_OFF)), answered: 0, refusedAt: now, quietSince: now };
}
