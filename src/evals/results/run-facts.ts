import { z } from "zod";
import { TASK_KINDS } from "../task/task-file.ts";

/** What the derived files of a run need to know besides its rows; the manifest holds it. */
export const runFactsSchema = z.strictObject({
  run: z.string(),
  /** Of every random draw of the statistics. */
  seed: z.string(),
  repeats: z.int().positive(),
  suite: z.string(),
  world: z.strictObject({ name: z.string(), hash: z.string(), mode: z.enum(["replay", "record", "live"]) }),
  env: z.strictObject({ nix: z.string(), toolchain: z.string(), isolation: z.enum(["bwrap", "none"]), host: z.string() }),
  models: z.array(
    z.strictObject({
      alias: z.string(),
      /** reference: nop, oracle and the cheats, which no ranking holds. */
      role: z.enum(["ranked", "reference"]),
      /** Does the same every time: one repeat of it says all. */
      deterministic: z.boolean(),
      /** Only of cheats: rules, gates and outcomes of which one must catch it; `refused`: the loop itself. */
      caughtBy: z.array(z.string()).exactOptional(),
    }),
  ),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      cluster: z.string(),
      tier: z.int(),
      kind: z.enum(TASK_KINDS),
      fault: z.string().exactOptional(),
    }),
  ),
  /** Planned trials, by model: cheats run one task a cluster, models that do the same every time once. */
  planned: z.record(z.string(), z.array(z.strictObject({ task: z.string(), repeats: z.int().positive() }))),
  /** What makes these numbers unlike others, shown everywhere: a live world, no isolation, tasks that were not admitted. */
  watermarks: z.array(z.string()),
});

export type RunFacts = Readonly<z.infer<typeof runFactsSchema>>;
