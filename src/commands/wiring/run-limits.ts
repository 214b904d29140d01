import { z } from "zod";
import { type Limits, spentUsd, type Tally } from "../../agent/limits.ts";
import type { Config } from "../../config.ts";

/** As they stand in a session's request, so that whoever resumes it is bound by what was given with it. */
export const limitOptions = z.object({
  maxTurns: z.number().exactOptional(),
  maxTokens: z.number().exactOptional(),
  maxUsd: z.number().exactOptional(),
  maxWall: z.number().exactOptional(),
  maxBuilds: z.number().exactOptional(),
});

export type LimitOptions = Readonly<z.infer<typeof limitOptions>>;

/** The limits among the options of a verb. */
export const limitsGiven = (options: LimitOptions): LimitOptions => limitOptions.parse(options);

/** What is left of a cap in dollars after the first of two sessions that one command pays for; undefined: there is no cap. */
export function usdLeft({ usd }: Limits, tally: Tally): number | undefined {
  return usd === undefined ? undefined : Math.max(0, usd - (spentUsd(tally) ?? usd));
}

/** Flags over crq-agent.toml over defaults. A cap in dollars that nobody asked for is dropped where the model's price is unknown. */
export function limitsOf(config: Config, options: LimitOptions, priceKnown: boolean): Limits {
  const { limits } = config;
  const usd = options.maxUsd ?? limits.usd ?? (priceKnown ? DEFAULT_USD : undefined);
  return {
    turns: options.maxTurns ?? limits.turns,
    tokens: options.maxTokens ?? limits.tokens,
    wallMs: (options.maxWall ?? limits.wall) * 1000,
    builds: options.maxBuilds ?? limits.builds,
    repeats: limits.repeats,
    stagnation: limits.stagnation,
    ...(usd !== undefined && { usd }),
  };
}

/** A project costs 0.16 to 0.25 dollars in published work; ten times that is a run that went wrong. */
const DEFAULT_USD = 2;
