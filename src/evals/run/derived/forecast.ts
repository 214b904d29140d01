import { trialsByModel } from "../../results/counted.ts";
import {
  type Components,
  componentsOf,
  DEFAULT_COMPONENTS,
  detectableGap,
  repeatsToPass,
  smallestP,
} from "../../statistics/resolution.ts";
import { FEWEST_CLUSTERS, sum } from "../../statistics/scores.ts";
import type { RunOfRows } from "./compare.ts";

/** What a run of some size could tell, and what it would take. */

export interface ForecastWish {
  /** Tasks of each cluster. */
  readonly clusterSizes: readonly number[];
  readonly repeats: number;
  /** Models that a ranking holds; `rules` is one of them. */
  readonly models: readonly string[];
  readonly pilot?: RunOfRows;
}

export interface Forecast {
  readonly tasks: number;
  readonly clusters: number;
  readonly repeats: number;
  readonly components: Components;
  /** Gap that is seen with 80 % power; undefined with fewer than two clusters. */
  readonly mde: number | undefined;
  /** The smallest p that the test can give, and what the first step of Holm asks for. */
  readonly smallestP: number | undefined;
  readonly firstHolmStep: number | undefined;
  readonly tested: boolean;
  readonly models: readonly ModelForecast[];
  /** Repeats after which an unchanged model passes the gate, by margin; undefined: no number of repeats would do. */
  readonly gateRepeats: readonly { readonly margin: number; readonly repeats: number | undefined }[];
}

export interface ModelForecast {
  readonly model: string;
  readonly trials: number;
  /** Of the pilot: mean dollars and working milliseconds of a trial; undefined: unknown. */
  readonly usd: number | undefined;
  readonly workingMs: number | undefined;
  /** Of the pilot's own plan. */
  readonly missing: number | undefined;
}

const ALPHA = 0.05;

export function forecast({ clusterSizes, repeats, models, pilot }: ForecastWish): Forecast {
  const tasks = sum(clusterSizes);
  const clusters = clusterSizes.length;
  const components = (pilot && pilotComponents(pilot)) ?? DEFAULT_COMPONENTS;
  const pairs = (models.length * (models.length - 1)) / 2;
  return {
    tasks,
    clusters,
    repeats,
    components,
    mde: tasks === 0 ? undefined : detectableGap({ clusterSizes, repeats }, components),
    smallestP: clusters === 0 ? undefined : smallestP(clusters),
    firstHolmStep: pairs === 0 ? undefined : ALPHA / pairs,
    tested: clusters >= FEWEST_CLUSTERS,
    models: models.map((model) => modelForecast(model, tasks, repeats, pilot)),
    gateRepeats: [0.1, 0.05].map((margin) => ({ margin, repeats: repeatsToPass(0, margin, clusterSizes, components) })),
  };
}

/** Of the two ranked models of the pilot that tried the most in common. */
function pilotComponents({ manifest, rows }: RunOfRows): Components | undefined {
  const ranked = new Set(
    manifest.models.filter(({ role, deterministic }) => role === "ranked" && !deterministic).map(({ alias }) => alias),
  );
  const [a, b] = trialsByModel(manifest.facts, rows)
    .filter(({ model }) => ranked.has(model))
    .sort((one, other) => other.rows.length - one.rows.length);
  return a && b ? componentsOf(a.counts, b.counts) : undefined;
}

function modelForecast(model: string, tasks: number, repeats: number, pilot: RunOfRows | undefined): ModelForecast {
  const known = pilot?.manifest.models.find(({ alias }) => alias === model);
  const own = pilot && trialsByModel(pilot.manifest.facts, pilot.rows).find((one) => one.model === model);
  const trials = tasks * (model === "rules" || known?.deterministic ? 1 : repeats);
  const rows = own?.rows ?? [];
  const prices = rows.flatMap(({ usage }) => (usage.usd === undefined ? [] : [usage.usd]));
  const mean = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : sum(values) / values.length);
  return {
    model,
    trials,
    usd: prices.length < rows.length ? undefined : mean(prices),
    workingMs: mean(rows.map(({ time }) => time.workingMs + time.gradeMs)),
    missing: own?.missing,
  };
}
