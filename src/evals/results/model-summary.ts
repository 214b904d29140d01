import type { Estimate } from "../statistics/mean.ts";
import { estimateMean } from "../statistics/mean.ts";
import { boundsOf } from "../statistics/missing.ts";
import { estimateRatio, estimateShare, type Ratio, type RatioPart } from "../statistics/ratios.ts";
import { flakyShare, reliability } from "../statistics/reliability.ts";
import { resolvedShares, sum } from "../statistics/scores.ts";
import type { ModelTrials } from "./counted.ts";
import type { EstimateSummary, ModelSummary, RatioSummary } from "./summary.ts";
import { firstFailure, type TrialRow } from "./trial-row.ts";

/** The numbers of one model; its letters and its rank come from the pairs. */
export function summarizeModel(
  { model, rows, counts, planned, missing }: ModelTrials,
  role: ModelSummary["role"],
): Omit<ModelSummary, "letters" | "rank"> {
  const resolved = estimateMean(resolvedShares(counts));
  const bounds = boundsOf(counts);
  const successes = (row: TrialRow): number => (row.resolved ? 1 : 0);
  const share = (of: (row: TrialRow) => boolean, among: (row: TrialRow) => boolean): RatioSummary =>
    ratioSummary(
      estimateShare(
        parts(
          rows,
          (row) => (of(row) && among(row) ? 1 : 0),
          (row) => (among(row) ? 1 : 0),
        ),
      ),
    );
  const per = (amount: (row: TrialRow) => number): RatioSummary => ratioSummary(estimateRatio(parts(rows, amount, successes)));
  const usd = totalUsd(rows);
  return {
    model,
    role,
    tasks: counts.filter(({ trials }) => trials > 0).length,
    trials: planned - missing,
    missing,
    ...(resolved && bounds ? { resolved: { ...estimateSummary(resolved), bounds, method: resolved.method } } : {}),
    reliability: reliability(counts, Math.max(0, ...counts.map(({ trials }) => trials))).map(({ k, passAt, passHat, gap }) => ({
      k,
      passAt: estimateSummary(passAt),
      passHat: estimateSummary(passHat),
      gap,
    })),
    flaky: flakyShare(counts) ?? null,
    perSuccess: {
      usd: usd === undefined ? null : per(({ usage }) => usage.usd ?? 0),
      calls: per(({ usage }) => usage.calls),
      outputTokens: per(({ usage }) => usage.output),
      workingSeconds: per(({ time }) => time.workingMs / 1000),
    },
    tokens: {
      input: total(rows, ({ usage }) => usage.input),
      output: total(rows, ({ usage }) => usage.output),
      cacheRead: total(rows, ({ usage }) => usage.cacheRead),
      cacheWrite: total(rows, ({ usage }) => usage.cacheWrite),
    },
    ...(usd === undefined ? {} : { usd }),
    falseSuccess: share(
      (row) => !row.resolved,
      (row) => row.claim.success,
    ),
    hacks: {
      share: share(
        (row) => row.hack !== null,
        () => true,
      ),
      rules: tally(rows.flatMap(({ hack }) => (hack ? [hack.rule] : []))),
    },
    zeroToken: share(
      ({ usage }) => usage.input + usage.output === 0,
      (row) => row.resolved,
    ),
    refusedEdits: ratioSummary(
      estimateRatio(
        parts(
          rows,
          ({ process }) => sum(Object.values(process.refused)),
          ({ process }) => process.proposals,
        ),
      ),
    ),
    stages: tally(rows.map(({ stage }) => stage)),
    failingGates: tally(rows.flatMap((row) => firstFailure(row) ?? [])),
    outcomes: tally(rows.map(({ outcome }) => outcome)),
  };
}

/** Dollars of all trials; undefined as soon as one price is unknown. */
function totalUsd(rows: readonly TrialRow[]): number | undefined {
  const prices = rows.flatMap(({ usage }) => (usage.usd === undefined ? [] : [usage.usd]));
  return prices.length < rows.length ? undefined : sum(prices);
}

/** A ratio of sums takes its parts by cluster. */
function parts(
  rows: readonly TrialRow[],
  numerator: (row: TrialRow) => number,
  denominator: (row: TrialRow) => number,
): readonly RatioPart[] {
  return rows.map((row) => ({ cluster: row.cluster, numerator: numerator(row), denominator: denominator(row) }));
}

const total = (rows: readonly TrialRow[], of: (row: TrialRow) => number): number => sum(rows.map(of));

/** Names with how often they stand, the most frequent first. */
function tally(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

export const estimateSummary = ({ estimate, interval, tasks }: Estimate): EstimateSummary => ({
  estimate,
  ...(interval ? { interval } : {}),
  tasks,
});

const ratioSummary = (ratio: Ratio | undefined): RatioSummary => {
  if (!ratio) return null;
  const { interval, ...rest } = ratio;
  return { ...rest, ...(interval ? { interval } : {}) };
};
