import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlannedTrial } from "../../../../src/evals/run/manifest.ts";
import { onePerCluster, type PlanModel, type PlanWish, plannedCounts, planTrials } from "../../../../src/evals/run/plan/plan.ts";
import { inShard, parseShard } from "../../../../src/evals/run/plan/shard.ts";
import { sha256 } from "../../../../src/world/content/listing.ts";

const tasks = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `task-${at}`, hash: "0a", cluster: `cluster-${Math.floor(at / 2)}` }));

const RULES: PlanModel = { alias: "rules", role: "ranked", deterministic: true, share: "all" };
const CHEAT: PlanModel = { alias: "scripted:stubs-check", role: "reference", deterministic: true, share: "one" };
const REAL: PlanModel = { alias: "real", role: "ranked", deterministic: false, share: "all" };
const OTHER: PlanModel = { ...REAL, alias: "other" };

const wish = (more: Partial<PlanWish> = {}): PlanWish => ({
  tasks: tasks(6),
  models: [RULES, CHEAT, REAL, OTHER],
  repeats: 3,
  seed: "seed",
  fits: () => true,
  keyOf: (alias, task, repeat) => sha256(`${alias} ${task} ${repeat}`),
  ...more,
});

const sorted = (plan: readonly PlannedTrial[]): readonly string[] => plan.map(({ key }) => key).sort();
const blocksOf = (plan: readonly PlannedTrial[]): readonly number[] => [...new Set(plan.map(({ block }) => block))];

describe("the plan of a run", () => {
  it("asks models that do the same every time once, cheats on one task a cluster, and the others as often as wanted", () => {
    const counts = plannedCounts(planTrials(wish()));
    const repeats = (model: string) => counts[model]?.map((one) => one.repeats);
    expect([repeats("real"), repeats("rules"), repeats("scripted:stubs-check")]).toEqual([
      [3, 3, 3, 3, 3, 3],
      [1, 1, 1, 1, 1, 1],
      [1, 1, 1],
    ]);
    expect(counts["scripted:stubs-check"]?.map(({ task }) => Math.floor(Number(task.slice(5)) / 2)).sort()).toEqual([0, 1, 2]);
  });

  it("leaves a model out where it has nothing to do", () => {
    const plan = planTrials(wish({ fits: (alias, task) => alias !== "real" || task !== "task-3" }));
    expect(plan.some(({ model, task }) => model === "real" && task === "task-3")).toBe(false);
    expect(plan.some(({ model, task }) => model === "other" && task === "task-3")).toBe(true);
  });

  it("keeps the models of a block back to back, in an order of their own", () => {
    const plan = planTrials(wish());
    expect(plan.map(({ block }) => block)).toEqual([...plan].map(({ block }) => block).sort((a, b) => a - b));
    for (const block of blocksOf(plan)) {
      const own = plan.filter((trial) => trial.block === block);
      expect(new Set(own.map(({ task, repeat }) => `${task} ${repeat}`)).size).toBe(1);
    }
    const first = new Set(blocksOf(plan).map((block) => plan.find((trial) => trial.block === block)?.model));
    expect(first.size).toBeGreaterThan(1);
  });

  it("is the same for the same seed, however tasks and models were named, and another one for another seed", () => {
    const plan = planTrials(wish());
    const turned = planTrials(wish({ tasks: tasks(6).reverse(), models: [OTHER, REAL, CHEAT, RULES] }));
    expect(turned).toEqual(plan);
    const other = planTrials(wish({ seed: "another" }));
    expect(other.map(({ key }) => key)).not.toEqual(plan.map(({ key }) => key));
  });

  it("lets a model that does few tasks do those of three clusters, the same in every run of a seed", () => {
    const few: PlanModel = { ...CHEAT, share: "few" };
    const own = (plan: ReturnType<typeof planTrials>) => sorted(plan.filter(({ model }) => model === few.alias));
    const plan = planTrials(wish({ tasks: tasks(12), models: [RULES, few] }));
    expect(own(plan)).toHaveLength(3);
    const all = planTrials(wish({ tasks: tasks(12), models: [RULES, CHEAT] }));
    expect(own(all)).toEqual(expect.arrayContaining([...own(plan)]));
    expect(own(planTrials(wish({ tasks: tasks(12).reverse(), models: [few, RULES] })))).toEqual(own(plan));
  });

  it("draws a cluster's task whatever other clusters there are", () => {
    const some = onePerCluster(tasks(4), "seed").map(({ id }) => id);
    expect(onePerCluster(tasks(8), "seed").map(({ id }) => id)).toEqual(expect.arrayContaining(some));
  });

  it("grows by models, tasks and repeats: what was planned keeps its key and its block", () => {
    const size = fc.record({
      tasks: fc.integer({ min: 1, max: 6 }),
      models: fc.integer({ min: 1, max: 4 }),
      repeats: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const part = ({ tasks: count, models, repeats }: typeof a): PlanWish =>
          wish({ tasks: tasks(count), models: [RULES, REAL, CHEAT, OTHER].slice(0, models), repeats });
        const most = {
          tasks: Math.max(a.tasks, b.tasks),
          models: Math.max(a.models, b.models),
          repeats: Math.max(a.repeats, b.repeats),
        };
        const before = planTrials(part(a));
        const after = planTrials(part(most), before);
        expect(after.filter(({ key }) => before.some((trial) => trial.key === key))).toEqual(before);
        expect(new Set(sorted(after)).size).toBe(after.length);
        expect(after.map(({ block }) => block)).toEqual(after.map(({ block }) => block).sort((x, y) => x - y));
        for (const key of sorted(planTrials(part(most)))) expect(after.map((trial) => trial.key)).toContain(key);
      }),
      { numRuns: 50 },
    );
  });

  it("falls into shards of whole blocks, each trial into one", () => {
    const plan = planTrials(wish());
    const shards = [1, 2, 3, 4].map((index) => plan.filter((trial) => inShard(trial, { index, of: 4 })));
    expect(sorted(shards.flat())).toEqual(sorted(plan));
    for (const block of blocksOf(plan)) {
      expect(shards.filter((shard) => shard.some((trial) => trial.block === block))).toHaveLength(1);
    }
    expect([parseShard("2/4"), parseShard("0/4"), parseShard("5/4"), parseShard("1"), parseShard("a/b")]).toEqual([
      { index: 2, of: 4 },
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
