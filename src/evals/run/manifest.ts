import { z } from "zod";
import { runFactsSchema } from "../results/run-facts.ts";

/** manifest.json (`crq-run/1`): what a run is to do and with what. Written before its first trial; more models, tasks or repeats only add to it. */

const hex = z.string().regex(/^[0-9a-f]+$/);

/** One trial that is to be carried out; plain JSON, so that a queue can carry it. */
export const plannedTrialSchema = z.strictObject({
  key: hex,
  task: z.string(),
  taskHash: hex,
  /** Alias. */
  model: z.string(),
  /** From 1. */
  repeat: z.int().positive(),
  /** All models of one (task, repeat). */
  block: z.int().nonnegative(),
});

export type PlannedTrial = Readonly<z.infer<typeof plannedTrialSchema>>;

const rates = {
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative().exactOptional(),
  cacheWrite: z.number().nonnegative().exactOptional(),
};

/** US dollars per million tokens, as they were when the run was planned. */
export const storedPriceSchema = z.strictObject({
  ...rates,
  long: z.strictObject({ ...rates, above: z.number().positive() }).exactOptional(),
});

const runModelSchema = z.strictObject({
  alias: z.string(),
  provider: z.string(),
  name: z.string(),
  params: z.record(z.string(), z.unknown()),
  role: z.enum(["ranked", "reference"]),
  deterministic: z.boolean(),
  /** Absent: unknown, which is not zero. */
  price: storedPriceSchema.exactOptional(),
});

export type RunModel = Readonly<z.infer<typeof runModelSchema>>;

export const shardSchema = z.strictObject({ index: z.int().positive(), of: z.int().positive() });

export type Shard = Readonly<z.infer<typeof shardSchema>>;

export const manifestSchema = z.strictObject({
  schema: z.literal("crq-run/1"),
  created: z.iso.datetime(),
  facts: runFactsSchema,
  suiteSchema: z.int(),
  gateVersion: z.int().positive(),
  agent: z.strictObject({
    version: z.string(),
    build: hex,
    prompts: hex,
    tools: hex,
    /** Of the scripts that every run has beside its models; absent in runs of earlier versions. */
    references: hex.exactOptional(),
    /** `-dirty` where the checkout had changes; absent outside of one. */
    commit: z.string().exactOptional(),
  }),
  models: z.array(runModelSchema),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      hash: hex,
      limits: z.record(z.string(), z.number()),
      resources: z.record(z.string(), z.number()),
    }),
  ),
  /** Tasks that were chosen and do not run, each with the reason. */
  skipped: z.array(z.strictObject({ task: z.string(), reason: z.string() })),
  store: z.literal("trial"),
  /** Remote machines that Nix's configuration names: they build, no agent runs there. */
  builders: z.array(z.string()),
  /** Of a run that does a part of the blocks. */
  shard: shardSchema.exactOptional(),
  /** In the order in which they are carried out. */
  plan: z.array(plannedTrialSchema),
});

export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
