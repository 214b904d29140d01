import { estimateMean } from "../statistics/mean.ts";
import { type Missing, whyNoRanking } from "../statistics/missing.ts";
import { holm } from "../statistics/multiplicity.ts";
import { comparePair } from "../statistics/pairs.ts";
import { componentsOf, DEFAULT_COMPONENTS, detectableGap, resolutionOf } from "../statistics/resolution.ts";
import { FEWEST_CLUSTERS, resolvedShares, type TaskCount } from "../statistics/scores.ts";
import { type Different, standings } from "../statistics/tied-sets.ts";
import { cheatsCaught } from "./caught.ts";
import { type ModelTrials, trialsByModel } from "./counted.ts";
import { estimateSummary, summarizeModel } from "./model-summary.ts";
import { resultSentence } from "./result-sentence.ts";
import type { RunFacts } from "./run-facts.ts";
import type { ModelSummary, PairSummary, Summary } from "./summary.ts";
import type { TrialRow } from "./trial-row.ts";

/** α of the one rule that tells two models apart. */
const ALPHA = 0.05;

/** All numbers of a run from its plan and its rows. Pure; the order of rows and of models changes nothing. */
export function summarize(facts: RunFacts, rows: readonly TrialRow[]): Summary {
  const trials = [...trialsByModel(facts, rows)].sort(byModel);
  const roles = new Map(facts.models.map(({ alias, role }) => [alias, role]));
  const ranked = trials.filter(({ model }) => roles.get(model) === "ranked");
  const sizes = clusterSizes(facts);
  const complete = trials.every(({ pending }) => pending === 0);
  const pairs = comparePairs(facts, ranked, complete);
  const different = pairs.flatMap((pair): readonly Different[] => {
    if (!pair.different) return [];
    return [pair.estimate > 0 ? { better: pair.a, worse: pair.b } : { better: pair.b, worse: pair.a }];
  });
  const models = bestFirst(trials.map((one) => summarizeModel(one, roles.get(one.model) ?? "reference")));
  const descriptive = sizes.length < FEWEST_CLUSTERS;
  const mde = sizes.length === 0 ? undefined : detectableGap({ clusterSizes: sizes, repeats: facts.repeats });
  const noRanking = noRankingSentence(ranked);
  // Letters and ranks say what tests said: of models that no test compared they would call all of them tied.
  const isRanking = noRanking === undefined && pairs.some(({ p }) => p !== undefined);
  const ordered = models.filter(({ role }) => role === "ranked").map(({ model }) => model);
  const standing = new Map(isRanking ? standings(ordered, different).map((one) => [one.model, one]) : []);
  const numbers = {
    schema: "crq-evals/1" as const,
    run: facts.run,
    complete,
    watermarks: [...facts.watermarks, ...(complete ? [] : ["interim: trials have not ended, no p is given"])],
    suite: facts.suite,
    world: facts.world,
    env: facts.env,
    repeats: facts.repeats,
    tasks: facts.tasks.length,
    clusters: sizes.length,
    descriptive,
    ...(mde === undefined ? {} : { mde }),
    ...(noRanking === undefined ? {} : { noRanking }),
    models: models.map((one): ModelSummary => {
      const at = standing.get(one.model);
      return { ...one, letters: at?.letters ?? "", ...(at ? { rank: [...at.rank] } : {}) };
    }),
    pairs,
    ...(facts.models.some(({ caughtBy }) => caughtBy) ? { cheats: cheatsCaught(facts, rows) } : {}),
    byTier: groups(facts, ranked, ({ tier }) => String(tier)),
    byKind: groups(facts, ranked, ({ kind }) => kind),
    byFault: groups(facts, ranked, ({ fault }) => fault),
    perTask: trials.flatMap(({ model, counts }) =>
      counts.map(({ task, cluster, successes, trials: n }) => ({ task, cluster, model, c: successes, n })),
    ),
  };
  return { ...numbers, result: resultSentence(numbers) };
}

const byModel = (a: ModelTrials, b: ModelTrials): number => (a.model < b.model ? -1 : 1);

/** Every two ranked models, once; p adjusted over all of them. An unfinished run gets no p. */
function comparePairs(facts: RunFacts, ranked: readonly ModelTrials[], complete: boolean): PairSummary[] {
  const sizes = clusterSizes(facts);
  const compared = ranked.flatMap((a, at) =>
    ranked.slice(at + 1).flatMap((b) => {
      const pair = comparePair(a.counts, b.counts, { seed: facts.seed });
      return pair ? [{ a, b, pair, p: complete ? pair.p : undefined }] : [];
    }),
  );
  const tested = compared.filter(({ p }) => p !== undefined);
  const adjusted = new Map(holm(tested.map(({ p = 1 }) => p)).map((p, at) => [tested[at], p]));
  return compared.map((one): PairSummary => {
    const { a, b, pair, p } = one;
    const pHolm = adjusted.get(one);
    const components = componentsOf(a.counts, b.counts) ?? DEFAULT_COMPONENTS;
    const q = resolutionOf(pair.estimate, { clusterSizes: sizes, repeats: facts.repeats }, components);
    return {
      a: a.model,
      b: b.model,
      tasks: pair.tasks,
      clusters: pair.clusters,
      estimate: pair.estimate,
      ...(pair.interval ? { interval: pair.interval } : {}),
      ...(p === undefined ? {} : { p }),
      ...(pHolm === undefined ? {} : { pHolm }),
      different: pHolm !== undefined && pHolm <= ALPHA,
      equivalent: pair.equivalent,
      ...(pair.mcNemar === undefined ? {} : { mcNemar: pair.mcNemar }),
      ...(q === undefined ? {} : { q }),
    };
  });
}

function clusterSizes({ tasks }: RunFacts): readonly number[] {
  const sizes = new Map<string, number>();
  for (const { cluster } of tasks) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  return [...sizes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, size]) => size);
}

/** By estimate, then by name: ranked ones before the references. */
function bestFirst<T extends Pick<ModelSummary, "model" | "role" | "resolved">>(models: readonly T[]): readonly T[] {
  const place = ({ role }: T): number => (role === "ranked" ? 0 : 1);
  const estimate = ({ resolved }: T): number => resolved?.estimate ?? -1;
  return [...models].sort((a, b) => place(a) - place(b) || estimate(b) - estimate(a) || (a.model < b.model ? -1 : 1));
}

function groups(
  facts: RunFacts,
  ranked: readonly ModelTrials[],
  groupOf: (task: RunFacts["tasks"][number]) => string | undefined,
): Summary["byTier"] {
  const of = new Map(facts.tasks.map((task) => [task.id, groupOf(task)]));
  const names = [...new Set([...of.values()].flatMap((name) => name ?? []))].sort();
  return names.flatMap((name) =>
    ranked.flatMap(({ model, counts }) => {
      const own = counts.filter((count: TaskCount) => of.get(count.task) === name);
      const resolved = estimateMean(resolvedShares(own));
      return resolved ? [{ group: name, model, resolved: estimateSummary(resolved) }] : [];
    }),
  );
}

/** Why models that miss so many of their trials are not ranked, in words; undefined where they are. */
export function noRankingSentence(ranked: readonly Missing[]): string | undefined {
  const why = whyNoRanking(ranked);
  switch (why?.why) {
    case undefined:
      return undefined;
    case "missing":
      return `${(why.share * 100).toFixed(1)} % of the trials of ${why.model} are missing, more than 5 %`;
    case "unlike-missing":
      return `${why.models.join(" and ")} miss unlike shares of their trials (Fisher p = ${why.p.toFixed(3)})`;
  }
}
