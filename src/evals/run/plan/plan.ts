import { drawFrom } from "../../draw.ts";
import type { PlannedTrial, RunModel } from "../manifest.ts";

/** What a run is to do, in its order: blocks of one (task, repeat) shuffled by the seed, and inside a block the models, shuffled too. */

export interface PlanTask {
  readonly id: string;
  readonly hash: string;
  readonly cluster: string;
}

export type TaskShare = "all" | "one" | "few";

/** Clusters of a model that does few tasks. */
const FEW = 3;

export type PlanModel = Pick<RunModel, "alias" | "role" | "deterministic"> & {
  /** Which tasks it does: all, one a cluster, or those of a few clusters, drawn by the seed. */
  readonly share: TaskShare;
};

export interface PlanWish {
  readonly tasks: readonly PlanTask[];
  readonly models: readonly PlanModel[];
  readonly repeats: number;
  readonly seed: string;
  /** Whether a model has something to do on a task. */
  readonly fits: (alias: string, task: string) => boolean;
  readonly keyOf: (alias: string, task: string, repeat: number) => string;
}

/**
 * Plans a run, or more of one: what is planned already stays where it is and keeps its block. New models join the blocks there are; new
 * blocks come behind, shuffled among themselves.
 */
export function planTrials(wish: PlanWish, before: readonly PlannedTrial[] = []): readonly PlannedTrial[] {
  const planned = new Map(before.map((trial) => [trial.key, trial]));
  const blocks = new Map<string, { readonly number: number; readonly trials: PlannedTrial[] }>();
  for (const trial of before) {
    const name = blockName(trial.task, trial.repeat);
    const block = blocks.get(name) ?? { number: trial.block, trials: [] };
    block.trials.push(trial);
    blocks.set(name, block);
  }
  const wanted = wantedTrials(wish);
  const fresh = [...wanted.keys()].filter((name) => !blocks.has(name)).sort();
  const first = Math.max(-1, ...before.map(({ block }) => block)) + 1;
  const shuffled = shuffle(fresh, `${wish.seed}:blocks:${first}`);
  for (const [at, name] of shuffled.entries()) blocks.set(name, { number: first + at, trials: [] });
  for (const [name, trials] of wanted) {
    const block = blocks.get(name);
    if (!block) continue;
    const more = trials.filter(({ key }) => !planned.has(key)).map((trial) => ({ ...trial, block: block.number }));
    block.trials.push(...shuffle(more, `${wish.seed}:models:${name}`));
  }
  return [...blocks.values()].sort((a, b) => a.number - b.number).flatMap(({ trials }) => trials);
}

const blockName = (task: string, repeat: number): string => `${task} ${repeat}`;

/** By block, in an order that does not depend on how tasks and models were named on the command line. */
function wantedTrials({
  tasks,
  models,
  repeats,
  seed,
  fits,
  keyOf,
}: PlanWish): ReadonlyMap<string, readonly Omit<PlannedTrial, "block">[]> {
  const wanted = new Map<string, Omit<PlannedTrial, "block">[]>();
  for (const model of [...models].sort((a, b) => compareTexts(a.alias, b.alias))) {
    const fitting = tasks.filter(({ id }) => fits(model.alias, id));
    for (const task of shareOf(fitting, model, seed)) {
      for (let repeat = 1; repeat <= (model.deterministic ? 1 : repeats); repeat++) {
        const name = blockName(task.id, repeat);
        const trial = {
          key: keyOf(model.alias, task.id, repeat),
          task: task.id,
          taskHash: task.hash,
          model: model.alias,
          repeat,
        };
        wanted.set(name, [...(wanted.get(name) ?? []), trial]);
      }
    }
  }
  return wanted;
}

function shareOf(tasks: readonly PlanTask[], { alias, share }: PlanModel, seed: string): readonly PlanTask[] {
  const sample = `${seed}:sample:${alias}`;
  switch (share) {
    case "all":
      return tasks;
    case "one":
      return onePerCluster(tasks, sample);
    case "few":
      return drawFrom(`${sample}:clusters`).some(onePerCluster(tasks, sample), FEW);
  }
}

/** A draw of its own for each cluster: a cluster more does not move the others' draws. */
export function onePerCluster<T extends PlanTask>(tasks: readonly T[], seed: string): readonly T[] {
  const clusters = new Map<string, T[]>();
  for (const task of [...tasks].sort((a, b) => compareTexts(a.id, b.id))) {
    clusters.set(task.cluster, [...(clusters.get(task.cluster) ?? []), task]);
  }
  return [...clusters].flatMap(([cluster, own]) => drawFrom(`${seed}:${cluster}`).some(own, 1));
}

const shuffle = <T>(items: readonly T[], seed: string): readonly T[] => drawFrom(seed).some(items, items.length);

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What the statistics need to know of a plan: repeats by model and task. */
export function plannedCounts(plan: readonly PlannedTrial[]): Record<string, { task: string; repeats: number }[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const { model, task } of plan) {
    const own = counts.get(model) ?? new Map<string, number>();
    own.set(task, (own.get(task) ?? 0) + 1);
    counts.set(model, own);
  }
  return Object.fromEntries(
    [...counts]
      .sort(([a], [b]) => compareTexts(a, b))
      .map(([model, tasks]) => [
        model,
        [...tasks].sort(([a], [b]) => compareTexts(a, b)).map(([task, repeats]) => ({ task, repeats })),
      ]),
  );
}
