import type { Limits } from "../../agent/limits.ts";
import type { Config } from "../../config.ts";

export interface LimitOptions {
  readonly maxTurns?: number;
  readonly maxTokens?: number;
  readonly maxUsd?: number;
  readonly maxWall?: number;
  readonly maxBuilds?: number;
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
