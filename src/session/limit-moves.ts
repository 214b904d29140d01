import type { LimitName } from "../agent/outcome.ts";

/** How a session goes on that a limit ended: one that is not raised ends it again at once. `option` belongs to `crq-agent sessions resume ID`. */
export const LIMIT_MOVES: Readonly<Record<LimitName, { readonly say: string; readonly option: string }>> = {
  turns: { say: "Go on with more turns.", option: " --max-turns N" },
  tokens: { say: "Go on with more tokens.", option: " --max-tokens N" },
  usd: { say: "Go on with more money.", option: " --max-usd N" },
  wall: { say: "Go on with more time (in seconds).", option: " --max-wall N" },
  builds: { say: "Go on with more builds.", option: " --max-builds N" },
  repeats: { say: "It went in circles. Let another model go on.", option: " --model PROVIDER:NAME" },
  stagnation: { say: "Nothing got better. Let another model go on.", option: " --model PROVIDER:NAME" },
};
