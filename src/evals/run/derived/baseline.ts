import { readFile } from "node:fs/promises";
import { z } from "zod";
import { errorCode, errorText } from "../../../system/error.ts";
import { trialsByModel } from "../../results/counted.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import type { TaskCount } from "../../statistics/scores.ts";
import { replaceFile } from "../folder/durable.ts";
import { RunError } from "../folder/run-folder.ts";
import { type Difference, differing, limitsText } from "../identity/differences.ts";
import type { Manifest } from "../manifest.ts";

/** A baseline (`crq-baseline/1`): what the gate of a later run is judged against. Small, and committed with the project. */
const baselineSchema = z.strictObject({
  schema: z.literal("crq-baseline/1"),
  run: z.string(),
  suite: z.string(),
  world: z.strictObject({ name: z.string(), hash: z.string(), mode: z.string() }),
  gateVersion: z.int(),
  nix: z.string(),
  toolchain: z.string(),
  isolation: z.string(),
  /** Of the tasks; absent in those that were written before runs could give other ones. */
  limits: z.string().exactOptional(),
  models: z.array(
    z.strictObject({
      alias: z.string(),
      provider: z.string(),
      name: z.string(),
      deterministic: z.boolean(),
      tasks: z.array(
        z.strictObject({ task: z.string(), cluster: z.string(), c: z.int().nonnegative(), n: z.int().nonnegative() }),
      ),
    }),
  ),
});

export type Baseline = Readonly<z.infer<typeof baselineSchema>>;

export function baselineOf(manifest: Manifest, rows: readonly TrialRow[]): Baseline {
  const { facts, models, gateVersion } = manifest;
  const ranked = new Map(models.filter(({ role }) => role === "ranked").map((model) => [model.alias, model]));
  return {
    schema: "crq-baseline/1",
    run: facts.run,
    suite: facts.suite,
    world: facts.world,
    gateVersion,
    nix: facts.env.nix,
    toolchain: facts.env.toolchain,
    isolation: facts.env.isolation,
    limits: limitsText(manifest),
    models: trialsByModel(facts, rows).flatMap(({ model, counts }) => {
      const own = ranked.get(model);
      if (!own) return [];
      const { alias, provider, name, deterministic } = own;
      const tasks = counts.map(({ task, cluster, successes, trials }) => ({ task, cluster, c: successes, n: trials }));
      return [{ alias, provider, name, deterministic, tasks }];
    }),
  };
}

/** What a run must share with its baseline: the rest (agent, prompts, model) is what the gate is there to judge. */
export function baselineDifferences(baseline: Baseline, manifest: Manifest): readonly Difference[] {
  const { facts, gateVersion } = manifest;
  const pairs: readonly (readonly [string, string, string])[] = [
    ["suite", baseline.suite, facts.suite],
    ["world", `${baseline.world.name} ${baseline.world.hash}`, `${facts.world.name} ${facts.world.hash}`],
    ["world mode", baseline.world.mode, facts.world.mode],
    ["gate version", String(baseline.gateVersion), String(gateVersion)],
    ["isolation", baseline.isolation, facts.env.isolation],
    ...(baseline.limits === undefined ? [] : [["limits", baseline.limits, limitsText(manifest)] as const]),
  ];
  return pairs.flatMap(([what, a, b]) => differing(what, a, b));
}

export const countsOfBaseline = (baseline: Baseline, alias: string): readonly TaskCount[] | undefined =>
  baseline.models
    .find((model) => model.alias === alias)
    ?.tasks.map(({ task, cluster, c, n }) => ({ task, cluster, successes: c, trials: n }));

/** @throws RunError (exit 2) */
export async function readBaseline(file: string): Promise<Baseline> {
  try {
    return baselineSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (errorCode(error) === "ENOENT")
      throw new RunError(
        "no-baseline",
        `${file}: there is no baseline; write one with \`crq-agent evals gate RUN --write-baseline ${file}\``,
      );
    if (error instanceof z.ZodError) throw new RunError("runs-differ", `${file}: is no baseline (${z.prettifyError(error)})`);
    throw new RunError("unreadable-file", `${file}: cannot be read (${errorText(error)})`);
  }
}

export const writeBaseline = async (file: string, baseline: Baseline): Promise<void> =>
  await replaceFile(file, `${JSON.stringify(baseline, undefined, 1)}\n`);
