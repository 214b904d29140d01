import { join } from "node:path";
import { expect, it } from "vitest";
import { oracleModel } from "../../../../src/evals/reference/reference-models.ts";
import { planRun, type RunWish } from "../../../../src/evals/run/plan/plan-run.ts";
import { loadTask } from "../../../../src/evals/task/task.ts";
import type { TrialModel } from "../../../../src/evals/trial/trial-model.ts";
import { SAMPLE, tasksOnDisk } from "../../task/sample-task.ts";

const REAL: TrialModel = {
  ...({ alias: "real", provider: "maker", name: "real", params: {}, role: "ranked", deterministic: false } as const),
  notFor: () => undefined,
  create: () => Promise.reject(new Error("no model is asked here")),
};

async function wish(more: Partial<RunWish> = {}): Promise<RunWish> {
  const loaded = await loadTask(join(await tasksOnDisk({ "count-words": SAMPLE }), "count-words"));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return {
    run: "made",
    created: new Date("2026-11-20T00:00:00Z"),
    seed: "seed",
    repeats: 1,
    tasks: [loaded.value],
    skipped: [],
    models: [{ model: REAL, price: { input: 1, output: 2 } }, { model: oracleModel() }],
    cheats: "all",
    surroundings: {
      world: { name: "made", hash: "0a", mode: "replay" },
      ...({ provides: [], lent: {}, toolchain: "cc", nix: "2.26.3", isolation: "bwrap" } as const),
    },
    agent: { version: "0.1.0", build: "0b", prompts: "0c", tools: "0d", references: "0e" },
    builders: [],
    host: "machine",
    watermarks: [],
    ...more,
  };
}

it("keeps the prices that a run was planned with when it goes on, and takes new ones for what had none", async () => {
  const before = planRun(await wish());
  const again = planRun(
    await wish({
      models: [
        { model: REAL, price: { input: 10, output: 20 } },
        { model: oracleModel(), price: { input: 0, output: 0 } },
      ],
    }),
    before,
  );
  expect(again.models.map(({ alias, price }) => [alias, price])).toEqual([
    ["real", { input: 1, output: 2 }],
    ["oracle", { input: 0, output: 0 }],
  ]);
});

it("takes a reference for another one when the code that it consists of has changed, and no other model", async () => {
  const { agent } = await wish();
  const keys = async (references: string) =>
    new Map(planRun(await wish({ agent: { ...agent, references } })).plan.map(({ model, key }) => [model, key]));
  const [one, same, other] = [await keys("0e"), await keys("0e"), await keys("1e")];
  expect(same).toEqual(one);
  expect([...other].filter(([model, key]) => one.get(model) !== key).map(([model]) => model)).toEqual(["oracle"]);
});
