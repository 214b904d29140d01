import { fisherExact } from "./exact-tests.ts";
import { comparePair } from "./pairs.ts";
import { componentsOf, DEFAULT_COMPONENTS, repeatsToPass } from "./resolution.ts";
import { byCluster, FEWEST_CLUSTERS, type Interval, resolvedShares, type TaskCount } from "./scores.ts";

/** The answer of the gate of a CI run: a third one for a run that is too small to tell. */
export type GateAnswer =
  | { readonly verdict: "pass"; readonly estimate: number; readonly interval: Interval }
  | { readonly verdict: "regress"; readonly reasons: readonly Regression[] }
  | { readonly verdict: "inconclusive"; readonly why: Inconclusive };

export type Regression =
  | { readonly kind: "worse"; readonly estimate: number; readonly interval: Interval }
  | {
      readonly kind: "task-lost";
      readonly task: string;
      readonly before: TaskCount;
      readonly now: TaskCount;
      readonly p: number;
    };

export type Inconclusive =
  | { readonly kind: "few-clusters"; readonly clusters: number }
  | { readonly kind: "few-repeats"; readonly repeats: number }
  | { readonly kind: "nothing-shared" }
  /** `repeats`: how many would do if nothing changed; undefined where only more tasks would. */
  | { readonly kind: "wide"; readonly estimate: number; readonly interval: Interval; readonly repeats: number | undefined };

export interface GateOptions {
  /** How much worse is still no loss; .10 by default. */
  readonly margin?: number;
  /** Tasks of split `regress`: one that was always solved and never is now counts by itself. */
  readonly regressTasks: ReadonlySet<string>;
  /** A model whose trials do not vary needs no repeats. */
  readonly deterministic: boolean;
  readonly seed: string;
}

const FEWEST_REPEATS = 3;

/** New counts against a stored baseline of the same suite, world and limits. */
export function judgeGate(now: readonly TaskCount[], base: readonly TaskCount[], options: GateOptions): GateAnswer {
  const { margin = 0.1, regressTasks, deterministic, seed } = options;
  const lost = lostTasks(now, base, regressTasks);
  const pair = comparePair(now, base, { seed });
  if (!pair) return { verdict: "inconclusive", why: { kind: "nothing-shared" } };
  const { clusters, estimate, interval } = pair;
  if (clusters < FEWEST_CLUSTERS || !interval) return { verdict: "inconclusive", why: { kind: "few-clusters", clusters } };
  const repeats = Math.min(...[...now, ...base].filter(({ trials }) => trials > 0).map(({ trials }) => trials));
  if (repeats < FEWEST_REPEATS && !deterministic) return { verdict: "inconclusive", why: { kind: "few-repeats", repeats } };
  const worse: readonly Regression[] = interval.high < 0 ? [{ kind: "worse", estimate, interval }] : [];
  const reasons = [...worse, ...lost];
  if (reasons.length > 0) return { verdict: "regress", reasons };
  if (interval.low > -margin) return { verdict: "pass", estimate, interval };
  const sizes = [...byCluster(resolvedShares(now)).values()].map((values) => values.length);
  const needed = repeatsToPass(Math.min(0, estimate), margin, sizes, componentsOf(now, base) ?? DEFAULT_COMPONENTS);
  return { verdict: "inconclusive", why: { kind: "wide", estimate, interval, repeats: needed } };
}

/** Always solved before, never now, and by Fisher's test no chance: that takes four repeats on each side. */
function lostTasks(now: readonly TaskCount[], base: readonly TaskCount[], among: ReadonlySet<string>): readonly Regression[] {
  const before = new Map(base.map((count) => [count.task, count]));
  return now.flatMap((count): readonly Regression[] => {
    const old = before.get(count.task);
    if (!old || !among.has(count.task) || old.trials === 0 || count.trials === 0) return [];
    if (old.successes < old.trials || count.successes > 0) return [];
    const p = fisherExact({ hits: old.successes, of: old.trials }, { hits: count.successes, of: count.trials });
    return p < 0.05 ? [{ kind: "task-lost", task: count.task, before: old, now: count, p }] : [];
  });
}
