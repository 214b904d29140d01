import { z } from "zod";

/** summary.json (`crq-evals/1`): what a run says, in numbers that always stand beside their counts. */

const interval = z.strictObject({ low: z.number(), high: z.number() });
const estimate = z.strictObject({
  estimate: z.number(),
  /** 95 %; absent with fewer than two clusters. */
  interval: interval.exactOptional(),
  tasks: z.int(),
});
/** null: its denominator is zero, or a price is unknown. */
const ratio = z
  .strictObject({ estimate: z.number(), interval: interval.exactOptional(), numerator: z.number(), denominator: z.number() })
  .nullable();
const byName = z.record(z.string(), z.int());

const modelSummary = z.strictObject({
  model: z.string(),
  role: z.enum(["ranked", "reference"]),
  tasks: z.int(),
  trials: z.int(),
  missing: z.int(),
  /** absent without a counted trial. bounds: with all that is missing as failed, and as resolved. */
  resolved: estimate.extend({ bounds: interval, method: z.enum(["cluster-robust", "jeffreys", "none"]) }).exactOptional(),
  reliability: z.array(z.strictObject({ k: z.int(), passAt: estimate, passHat: estimate, gap: z.number() })),
  /** Tasks resolved sometimes and not always, of those tried twice or more. */
  flaky: z.strictObject({ flaky: z.int(), tasks: z.int() }).nullable(),
  perSuccess: z.strictObject({ usd: ratio, calls: ratio, outputTokens: ratio, workingSeconds: ratio }),
  tokens: z.strictObject({ input: z.int(), output: z.int(), cacheRead: z.int(), cacheWrite: z.int() }),
  /** Absent: a price is unknown. */
  usd: z.number().exactOptional(),
  falseSuccess: ratio,
  hacks: z.strictObject({ share: ratio, rules: byName }),
  zeroToken: ratio,
  refusedEdits: ratio,
  stages: byName,
  failingGates: byName,
  outcomes: byName,
  letters: z.string(),
  rank: z.tuple([z.int(), z.int()]).exactOptional(),
});

const pair = z.strictObject({
  a: z.string(),
  b: z.string(),
  tasks: z.int(),
  clusters: z.int(),
  estimate: z.number(),
  interval: interval.exactOptional(),
  p: z.number().exactOptional(),
  pHolm: z.number().exactOptional(),
  /** The one rule that decides: pHolm ≤ .05. */
  different: z.boolean(),
  equivalent: z.boolean(),
  mcNemar: z.number().exactOptional(),
  /** Tasks that ran, over those that would be needed to see this gap. */
  q: z.number().exactOptional(),
});

const group = z.strictObject({ group: z.string(), model: z.string(), resolved: estimate });

export const summarySchema = z.strictObject({
  schema: z.literal("crq-evals/1"),
  run: z.string(),
  complete: z.boolean(),
  watermarks: z.array(z.string()),
  suite: z.string(),
  world: z.strictObject({ name: z.string(), hash: z.string(), mode: z.string() }),
  env: z.strictObject({ nix: z.string(), toolchain: z.string(), isolation: z.string(), host: z.string() }),
  repeats: z.int(),
  tasks: z.int(),
  clusters: z.int(),
  /** Too few clusters: nothing was tested, the numbers describe these tasks and no others. */
  descriptive: z.boolean(),
  /** Gap that a run of this design sees with 80 % power. */
  mde: z.number().exactOptional(),
  /** Why this is no ranking; absent where it is one. */
  noRanking: z.string().exactOptional(),
  /** One sentence. */
  result: z.string(),
  models: z.array(modelSummary),
  pairs: z.array(pair),
  /** Trials of scripted cheats: caught by what each names, and those that were not. Absent in summaries of earlier versions. */
  cheats: z
    .strictObject({
      trials: z.int(),
      caught: z.int(),
      /** The mechanics alone did the work: the cheat was never asked, and is no part of the trials above. */
      unasked: z.int(),
      escaped: z.array(z.strictObject({ model: z.string(), task: z.string(), repeat: z.int() })),
    })
    .exactOptional(),
  byTier: z.array(group),
  byKind: z.array(group),
  byFault: z.array(group),
  perTask: z.array(z.strictObject({ task: z.string(), cluster: z.string(), model: z.string(), c: z.int(), n: z.int() })),
});

export type Summary = Readonly<z.infer<typeof summarySchema>>;
export type ModelSummary = Summary["models"][number];
export type PairSummary = Summary["pairs"][number];
export type RatioSummary = z.infer<typeof ratio>;
export type EstimateSummary = z.infer<typeof estimate>;
