import { GATE_VERSION } from "../../grading/grade.ts";
import { SUITE_SCHEMA, suiteHash } from "../../task/suite.ts";
import type { Task } from "../../task/task.ts";
import type { TrialModel } from "../../trial/trial-model.ts";
import { trialKey } from "../identity/key.ts";
import type { Surroundings } from "../identity/surroundings.ts";
import type { Manifest, RunModel, Shard } from "../manifest.ts";
import { plannedCounts, planTrials, type TaskShare } from "./plan.ts";

export interface PricedModel {
  readonly model: TrialModel;
  readonly price?: NonNullable<RunModel["price"]>;
}

export interface RunWish {
  readonly run: string;
  readonly created: Date;
  readonly seed: string;
  readonly repeats: number;
  /** Every task that is to run, those of `before` included. */
  readonly tasks: readonly Task[];
  readonly skipped: Manifest["skipped"];
  readonly models: readonly PricedModel[];
  /** Which tasks the cheats do. */
  readonly cheats: TaskShare;
  readonly surroundings: Surroundings;
  readonly agent: Manifest["agent"];
  readonly builders: readonly string[];
  readonly host: string;
  readonly shard?: Shard;
  readonly watermarks: readonly string[];
}

/**
 * The manifest of a run, or of a run that is to do more than `before` said. Nothing that was planned is taken back; whether it may go on
 * at all is for `resumeDifferences` to say.
 */
export function planRun(wish: RunWish, before?: Manifest): Manifest {
  const { surroundings, agent } = wish;
  const shard = wish.shard ?? before?.shard;
  const tasks = [...wish.tasks].sort((a, b) => (a.file.id < b.file.id ? -1 : 1));
  const byId = new Map(tasks.map((task) => [task.file.id, task]));
  const models = wish.models.map(({ model }) => identified(model, agent));
  const prices = new Map(before?.models.map(({ alias, price }) => [alias, price]));
  const byAlias = new Map(models.map((model) => [model.alias, model]));
  const seed = before?.facts.seed ?? wish.seed;
  const repeats = Math.max(before?.facts.repeats ?? 0, wish.repeats);
  const keyOf = (alias: string, id: string, repeat: number): string => {
    const [task, model] = [byId.get(id), byAlias.get(alias)];
    if (!task || !model) throw new TypeError(`${alias} on ${id} is not part of this run`);
    return trialKey({
      schema: "crq-trial/1",
      taskHash: task.hash,
      suiteSchema: SUITE_SCHEMA,
      agentBuild: agent.build,
      promptsHash: agent.prompts,
      toolsHash: agent.tools,
      model: { alias, provider: model.provider, name: model.name, params: model.params },
      world: surroundings.world,
      toolchain: surroundings.toolchain,
      nix: surroundings.nix,
      isolation: surroundings.isolation,
      store: "trial",
      limits: task.file.limits,
      resources: task.file.resources,
      repeat,
    });
  };
  const plan = planTrials(
    {
      tasks: tasks.map(({ file, hash }) => ({ id: file.id, hash, cluster: file.cluster })),
      models: models.map((model) => ({ ...runModel(model), share: model.caughtBy === undefined ? "all" : wish.cheats })),
      repeats,
      seed,
      fits: (alias, id) => {
        const task = byId.get(id);
        return task !== undefined && byAlias.get(alias)?.notFor(task) === undefined;
      },
      keyOf,
    },
    before?.plan,
  );
  return {
    schema: "crq-run/1",
    created: before?.created ?? wish.created.toISOString(),
    facts: {
      run: before?.facts.run ?? wish.run,
      seed,
      repeats,
      suite: suiteHash(tasks, GATE_VERSION),
      world: surroundings.world,
      env: {
        nix: surroundings.nix,
        toolchain: surroundings.toolchain,
        isolation: surroundings.isolation,
        host: before?.facts.env.host ?? wish.host,
      },
      models: models.map(({ alias, role, deterministic, caughtBy }) => ({
        alias,
        role,
        deterministic,
        ...(caughtBy === undefined ? {} : { caughtBy: [...caughtBy] }),
      })),
      tasks: tasks.map(({ file }) => ({
        id: file.id,
        cluster: file.cluster,
        tier: file.tier,
        kind: file.kind,
        ...(file.fault === undefined ? {} : { fault: file.fault }),
      })),
      planned: plannedCounts(plan),
      watermarks: [...new Set([...(before?.facts.watermarks ?? []), ...wish.watermarks])],
    },
    suiteSchema: SUITE_SCHEMA,
    gateVersion: GATE_VERSION,
    agent,
    models: wish.models.map(({ model, price: today }, at) => {
      // What a trial costs in the table is what it cost when the run was planned.
      const price = prices.get(model.alias) ?? today;
      return { ...runModel(models[at] ?? model), ...(price === undefined ? {} : { price }) };
    }),
    tasks: tasks.map(({ file, hash }) => ({ id: file.id, hash, limits: file.limits, resources: file.resources })),
    skipped: wish.skipped,
    store: "trial",
    builders: [...wish.builders],
    ...(shard === undefined ? {} : { shard }),
    plan: [...plan],
  };
}

/** A reference is a script of the suite: with other code it is another mind, though the agent that it drives is the same. */
const identified = (model: TrialModel, { references }: Manifest["agent"]): TrialModel =>
  model.role === "reference" && references !== undefined ? { ...model, params: { ...model.params, script: references } } : model;

const runModel = ({ alias, provider, name, params, role, deterministic }: TrialModel): RunModel => ({
  alias,
  provider,
  name,
  params,
  role,
  deterministic,
});
