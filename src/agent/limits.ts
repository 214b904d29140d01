import { type Ask, addUsage, type Model, NO_USAGE, type Usage } from "./messages.ts";
import type { LimitName, Outcome } from "./outcome.ts";

/** Limits are values, tripping is a predicate over a tally. An absent limit does not exist. */
export interface Limits {
  /** Replies of the model. */
  readonly turns?: number;
  /** Output tokens of all replies together. */
  readonly tokens?: number;
  /** US dollars. A hard cap: a request whose worst case would pass it is not sent. */
  readonly usd?: number;
  /** Milliseconds of work; the time between a crash and its resume does not count. */
  readonly wallMs?: number;
  readonly builds?: number;
  readonly repeats?: number;
  readonly stagnation?: number;
}

export const DEFAULT_LIMITS = {
  turns: 60,
  tokens: 120_000,
  usd: 2,
  wallMs: 1_800_000,
  builds: 25,
  repeats: 4,
  stagnation: 4,
} as const satisfies Required<Limits>;

/** What was used so far. */
export interface Tally {
  readonly turns: number;
  /** Of replies that arrived. */
  readonly usage: Usage;
  /** Requests whose reply never arrived, booked at their worst case. */
  readonly lost: { readonly requests: number; readonly usage: Usage };
  readonly wallMs: number;
  readonly builds: number;
  readonly repeats: number;
  readonly stagnation: number;
}

export const NO_TALLY: Tally = {
  turns: 0,
  usage: NO_USAGE,
  lost: { requests: 0, usage: NO_USAGE },
  wallMs: 0,
  builds: 0,
  repeats: 0,
  stagnation: 0,
};

type LimitOutcome = Extract<Outcome, { kind: "limit" }>;

/** Dollars spent or booked; undefined as soon as one price was unknown. */
export const spentUsd = (tally: Tally): number | undefined => addUsage(tally.usage, tally.lost.usage).usd;

const usedOf: Readonly<Record<LimitName, (tally: Tally) => number>> = {
  turns: (tally) => tally.turns,
  tokens: (tally) => tally.usage.output + tally.lost.usage.output,
  usd: (tally) => spentUsd(tally) ?? Number.POSITIVE_INFINITY,
  wall: (tally) => tally.wallMs,
  builds: (tally) => tally.builds,
  repeats: (tally) => tally.repeats,
  stagnation: (tally) => tally.stagnation,
};

const capOf: Readonly<Record<LimitName, (limits: Limits) => number | undefined>> = {
  turns: (limits) => limits.turns,
  tokens: (limits) => limits.tokens,
  usd: (limits) => limits.usd,
  wall: (limits) => limits.wallMs,
  builds: (limits) => limits.builds,
  repeats: (limits) => limits.repeats,
  stagnation: (limits) => limits.stagnation,
};

const ORDER: readonly LimitName[] = ["usd", "wall", "builds", "stagnation", "repeats", "tokens", "turns"];

/** The first limit that is reached, with what was used and how to go on; undefined while there is room. */
export function trippedLimit(limits: Limits, tally: Tally): LimitOutcome | undefined {
  for (const limit of ORDER) {
    const cap = capOf[limit](limits);
    if (cap !== undefined && usedOf[limit](tally) >= cap) return { kind: "limit", limit, detail: detail(limit, cap, tally) };
  }
  return undefined;
}

function detail(limit: LimitName, cap: number, tally: Tally): string {
  const used = usedOf[limit](tally);
  switch (limit) {
    case "turns":
      return `${used} of ${cap} turns were used; raise limits.turns and resume`;
    case "tokens":
      return `${used} of ${cap} output tokens were used; raise limits.tokens and resume`;
    case "usd":
      return spentUsd(tally) === undefined
        ? `the price of an earlier reply is unknown, so the cap of $${cap} cannot be kept; set its price under [prices] or drop the cap`
        : `$${dollars(used)} of $${dollars(cap)} was spent or booked; raise limits.usd and resume`;
    case "wall":
      return `${Math.round(used / 1000)} of ${Math.round(cap / 1000)} seconds were used; raise limits.wall and resume`;
    case "builds":
      return `${used} of ${cap} builds were started; raise limits.builds and resume`;
    case "repeats":
      return `the same failing call, or a reply without any call, came ${used} times; another model or a clearer CRQ may help`;
    case "stagnation":
      return `the same diagnosis came ${used} times without progress; another model or a clearer CRQ may help`;
  }
}

const dollars = (usd: number): string => usd.toFixed(usd < 0.1 ? 4 : 2);

/**
 * Whether the next request fits under the cap even in its worst case. With a cap, a request of unknown price is never sent.
 * @param worstCase upper bound of the request; undefined or without `usd` when the price is unknown
 */
export function overBudget(limits: Limits, tally: Tally, worstCase: Usage | undefined): LimitOutcome | undefined {
  const cap = limits.usd;
  if (cap === undefined) return undefined;
  const next = worstCase?.usd;
  if (next === undefined) return { kind: "limit", limit: "usd", detail: unknownPrice(cap) };
  const spent = spentUsd(tally) ?? Number.POSITIVE_INFINITY;
  if (spent + next <= cap) return undefined;
  return {
    kind: "limit",
    limit: "usd",
    detail: `$${dollars(spent)} of $${dollars(cap)} was spent or booked and the next request could cost up to $${dollars(next)}; raise limits.usd and resume`,
  };
}

const unknownPrice = (cap: number): string =>
  `the price of this model is unknown, so the cap of $${cap} cannot be kept; set it under [prices] in crq-agent.toml or drop the cap`;

/**
 * To be asked before a run starts: a model of unknown price and a cap in dollars do not go together.
 * @returns what is wrong and the next move (exit 2), or undefined
 */
export function priceProblem(model: Model, limits: Limits, probe: Ask): string | undefined {
  if (limits.usd === undefined || model.worstCase?.(probe).usd !== undefined) return undefined;
  return `${model.name}: ${unknownPrice(limits.usd)}`;
}
