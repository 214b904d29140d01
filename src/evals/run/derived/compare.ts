import { trialsByModel } from "../../results/counted.ts";
import { noRankingSentence } from "../../results/summarize.ts";
import type { TrialRow } from "../../results/trial-row.ts";
import { estimateMean } from "../../statistics/mean.ts";
import { holm } from "../../statistics/multiplicity.ts";
import { compareFactor, comparePair, type Factor, type Pair } from "../../statistics/pairs.ts";
import { componentsOf, DEFAULT_COMPONENTS, resolutionOf } from "../../statistics/resolution.ts";
import { byCluster, resolvedShares, sum, type TaskCount, type TaskScore } from "../../statistics/scores.ts";
import { type Different, type Standing, standings } from "../../statistics/tied-sets.ts";
import type { ComparedBy } from "../identity/differences.ts";
import type { Manifest } from "../manifest.ts";

/** What two models, or one model in two runs, differ in. */

export const METRICS = ["resolved", "usd", "output-tokens", "working-time"] as const;
export type Metric = (typeof METRICS)[number];

export interface RunOfRows {
  readonly manifest: Manifest;
  readonly rows: readonly TrialRow[];
}

export interface ComparedPair {
  readonly a: string;
  readonly b: string;
  readonly pair: Pair;
  readonly pHolm: number | undefined;
  readonly different: boolean;
  /** Tasks that ran, over those that would be needed to see this gap. */
  readonly q: number | undefined;
  /** Exploratory: how many times as much A takes as B, where both took something. */
  readonly factor: Factor | undefined;
}

export interface Comparison {
  /** Whether all planned trials have ended. */
  readonly complete: boolean;
  /** Why nobody is ranked, in words; absent where they are. */
  readonly noRanking?: string;
  /** What makes one of the runs unlike others, with its name. */
  readonly watermarks: readonly string[];
  readonly entries: readonly {
    readonly name: string;
    readonly resolved: ReturnType<typeof estimateMean>;
    readonly standing: Standing | undefined;
  }[];
  readonly pairs: readonly ComparedPair[];
}

const ALPHA = 0.05;

interface Entry {
  readonly name: string;
  readonly model: string;
  readonly counts: readonly TaskCount[];
  readonly rows: readonly TrialRow[];
  readonly planned: number;
  readonly missing: number;
}

/**
 * By model: every two ranked models of all runs. By anything else: each model in one run against itself in another. p is adjusted over all
 * pairs that are shown. Pure.
 */
export function compareRuns(runs: readonly RunOfRows[], by: ComparedBy, metric: Metric = "resolved"): Comparison {
  const entries = bestFirst(entriesOf(runs, by));
  const seed = runs[0]?.manifest.facts.seed ?? "";
  const complete = runs.every(({ manifest, rows }) => trialsByModel(manifest.facts, rows).every(({ pending }) => pending === 0));
  const compared = entries.flatMap((a, at) =>
    entries.slice(at + 1).flatMap((b) => {
      if (by !== "model" && a.model !== b.model) return [];
      const pair = comparePair(a.counts, b.counts, { seed });
      return pair ? [{ a, b, pair }] : [];
    }),
  );
  // While trials are missing, looking again and again would find a difference in the end: an unfinished run gets no p.
  const tested = complete ? compared.filter(({ pair }) => pair.p !== undefined) : [];
  const adjusted = new Map(holm(tested.map(({ pair }) => pair.p ?? 1)).map((p, at) => [tested[at], p]));
  const pairs = compared.map((one): ComparedPair => {
    const { a, b, pair } = one;
    const pHolm = adjusted.get(one);
    const sizes = [...byCluster(resolvedShares(a.counts)).values()].map((values) => values.length);
    const repeats = Math.max(1, Math.round(sum(a.counts.map(({ trials }) => trials)) / Math.max(1, a.counts.length)));
    return {
      a: a.name,
      b: b.name,
      pair: complete ? pair : { ...pair, p: undefined },
      pHolm,
      different: pHolm !== undefined && pHolm <= ALPHA,
      q: resolutionOf(pair.estimate, { clusterSizes: sizes, repeats }, componentsOf(a.counts, b.counts) ?? DEFAULT_COMPONENTS),
      factor: metric === "resolved" ? undefined : compareFactor(amounts(a.rows, metric), amounts(b.rows, metric)),
    };
  });
  const different = pairs.flatMap(({ a, b, pair, different }): readonly Different[] =>
    different ? [pair.estimate > 0 ? { better: a, worse: b } : { better: b, worse: a }] : [],
  );
  const standing = new Map(
    standings(
      entries.map(({ name }) => name),
      different,
    ).map((one) => [one.model, one]),
  );
  const noRanking = noRankingSentence(entries.map(({ name, planned, missing }) => ({ model: name, planned, missing })));
  return {
    complete,
    ...(noRanking === undefined ? {} : { noRanking }),
    watermarks: runs.flatMap(({ manifest: { facts } }) => facts.watermarks.map((mark) => `${facts.run}: ${mark}`)),
    entries: entries.map(({ name, counts }) => ({
      name,
      resolved: estimateMean(resolvedShares(counts)),
      standing: by === "model" ? standing.get(name) : undefined,
    })),
    pairs,
  };
}

/** What a comparison says, in one sentence. */
export function comparisonSentence({ entries, pairs, complete, noRanking }: Comparison): string {
  if (!complete) return "A run is unfinished: estimates only, no p.";
  if (noRanking !== undefined) return `No ranking: ${noRanking}.`;
  if (pairs.length === 0) return "There is nothing to compare: one model, or no task that two have in common.";
  if (pairs.every(({ pair }) => pair.p === undefined))
    return "Too few clusters for a test: the numbers describe these tasks and no others.";
  const apart = pairs.filter(({ different }) => different);
  if (apart.length === 0) return `${entries.map(({ name }) => name).join(", ")} are tied.`;
  return `${apart.map(({ a, b, pair }) => (pair.estimate > 0 ? `${a} is better than ${b}` : `${b} is better than ${a}`)).join("; ")}. All others are tied.`;
}

function bestFirst(entries: readonly Entry[]): readonly Entry[] {
  const estimate = ({ counts }: Entry): number => estimateMean(resolvedShares(counts))?.estimate ?? -1;
  return [...entries].sort((a, b) => estimate(b) - estimate(a) || (a.name < b.name ? -1 : 1));
}

function entriesOf(runs: readonly RunOfRows[], by: ComparedBy): readonly Entry[] {
  const all = runs.flatMap(({ manifest, rows }) => {
    const ranked = new Set(manifest.models.filter(({ role }) => role === "ranked").map(({ alias }) => alias));
    return trialsByModel(manifest.facts, rows)
      .filter(({ model }) => ranked.has(model))
      .map((trials) => ({ ...trials, run: manifest.facts.run }));
  });
  return all.map(({ run, model, counts, rows, planned, missing }) => {
    const alone = by === "model" && all.filter((one) => one.model === model).length === 1;
    return { name: alone ? model : `${model}@${run}`, model, counts, rows, planned, missing };
  });
}

/** Mean of a task's trials; a task with a trial of unknown price has no price. */
function amounts(rows: readonly TrialRow[], metric: Exclude<Metric, "resolved">): readonly TaskScore[] {
  const byTask = new Map<string, { cluster: string; values: (number | undefined)[] }>();
  for (const row of rows) {
    const task = byTask.get(row.task) ?? { cluster: row.cluster, values: [] };
    task.values.push(amountOf(row, metric));
    byTask.set(row.task, task);
  }
  return [...byTask].flatMap(([task, { cluster, values }]) => {
    const known = values.flatMap((value) => (value === undefined ? [] : [value]));
    return known.length < values.length ? [] : [{ task, cluster, value: sum(known) / known.length }];
  });
}

function amountOf({ usage, time }: TrialRow, metric: Exclude<Metric, "resolved">): number | undefined {
  switch (metric) {
    case "usd":
      return usage.usd;
    case "output-tokens":
      return usage.output;
    case "working-time":
      return time.workingMs;
  }
}
