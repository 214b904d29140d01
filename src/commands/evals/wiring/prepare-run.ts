import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Config } from "../../../config.ts";
import { GATE_VERSION, grade } from "../../../evals/grading/grade.ts";
import type { TrialRow } from "../../../evals/results/trial-row.ts";
import { openScratch, type Scratch } from "../../../evals/run/folder/scratch.ts";
import { programIdentity } from "../../../evals/run/identity/program.ts";
import type { Manifest, PlannedTrial, Shard } from "../../../evals/run/manifest.ts";
import type { TaskShare } from "../../../evals/run/plan/plan.ts";
import { type PricedModel, planRun } from "../../../evals/run/plan/plan-run.ts";
import type { Processors } from "../../../evals/run/schedule/processors.ts";
import { gated, RateGate } from "../../../evals/run/schedule/rate-gate.ts";
import { runTrial } from "../../../evals/run/schedule/run-trial.ts";
import { suiteHash } from "../../../evals/task/suite.ts";
import type { Task } from "../../../evals/task/task.ts";
import { runAttempt } from "../../../evals/trial/attempt.ts";
import type { Machine } from "../../../evals/trial/machine.ts";
import { type CliContext, CommandError, type OutputOptions } from "../../wiring/context.ts";
import { type CassetteFolder, cassetteOf } from "./cassettes.ts";
import type { RunsOptions, SelectionOptions } from "./chosen-tasks.ts";
import { type OpenMachine, openMachine, surroundingsMarks, type WorldOptions } from "./machine.ts";
import { makeModels, type NamedModel, parseModels, refuseUnpriced } from "./models.ts";
import { sharedProcessors } from "./processors.ts";
import { runnableTasks } from "./runnable-tasks.ts";

export interface RunOptions extends OutputOptions, SelectionOptions, RunsOptions, WorldOptions {
  readonly models?: readonly string[];
  readonly repeats?: number;
  readonly id?: string;
  readonly seed?: string;
  readonly shard?: string;
  readonly cassette?: string;
  readonly retry?: "infra";
  readonly maxUsd?: number;
  readonly maxWall?: number;
  readonly only?: boolean;
  readonly cheats?: TaskShare;
  readonly allowUnadmitted?: boolean;
  readonly queue?: string;
}

/** What a run is made of on this machine: for the process that plans it, and for workers that carry parts of it out. */
export interface PreparedRun {
  /**
   * The manifest as it is to be: what the command line asks for, with what the run has already. A worker compares it with the one that
   * it was given (`resumeDifferences`).
   */
  plan(before: Manifest | undefined): Promise<Manifest>;
  /** To be asked after `plan`: carries out one attempt of a trial. Its row is not committed. */
  carryOut(folder: string, manifest: Manifest): (trial: PlannedTrial) => Promise<TrialRow>;
  /** Removes what trials have left on this machine. */
  close(): Promise<void>;
}

/** @throws CommandError (exit 2) for what this machine cannot do */
export async function prepareRun(
  context: CliContext,
  config: Config,
  options: RunOptions,
  run: { readonly id: string; readonly shard?: Shard; readonly maxUsd?: number },
): Promise<PreparedRun> {
  const cassette = options.cassette === undefined ? undefined : cassetteOf(context, options.cassette);
  if (options.live || options.recordWorld !== undefined)
    throw new CommandError(
      "option-conflict",
      `${options.live ? "--live" : "--record-world"}: trials have no network, so they run in recorded worlds only; record one with \`crq-agent world record\`, then name it with --world DIR`,
    );
  const opened = await openMachine(context, config, options);
  let tasks: readonly Task[] = [];
  let models: readonly PricedModel[] = [];
  let place: Promise<TrialPlace> | undefined;
  const opening = (): Promise<TrialPlace> => {
    place ??= openPlace(context, opened.machine);
    return place;
  };
  return {
    async plan(before) {
      const wanted = await wishOf(context, config, options, { opened, cassette }, before);
      tasks = wanted.tasks;
      models = wanted.models;
      refuseUnpriced(models, run.maxUsd);
      // Shards are planned on several machines, which must draw the same.
      const seed = options.seed ?? (run.shard ? suiteHash(tasks, GATE_VERSION).slice(0, 16) : randomBytes(8).toString("hex"));
      return planRun(
        {
          ...wanted,
          run: run.id,
          created: new Date(context.now()),
          seed,
          repeats: options.repeats ?? before?.facts.repeats ?? config.evals.repeats,
          cheats: options.cheats ?? "one",
          surroundings: opened.surroundings,
          agent: await programIdentity(context.packageRoot, context.version, opened.machine.host.git),
          builders: config.evals.builders,
          host: hostname(),
          ...(run.shard ? { shard: run.shard } : {}),
        },
        before,
      );
    },
    carryOut: (folder, manifest) => starter(context, { opening, tasks, models, cassette, run: folder, manifest }),
    close: async () => await (await place)?.scratch.close(),
  };
}

interface Wanted {
  readonly tasks: readonly Task[];
  readonly skipped: Manifest["skipped"];
  readonly models: readonly PricedModel[];
  readonly watermarks: readonly string[];
}

/** What the command line asks for, with what the run that is gone on with has already. */
async function wishOf(
  context: CliContext,
  config: Config,
  options: RunOptions,
  { opened, cassette }: { readonly opened: OpenMachine; readonly cassette: CassetteFolder | undefined },
  before: Manifest | undefined,
): Promise<Wanted> {
  const { tasks, skipped, watermarks } = await runnableTasks(context, config, options, opened.surroundings, before);
  const names = before ? [...earlierModels(before), ...parseModels(options.models ?? [])] : parseModels(options.models ?? []);
  const only = options.only ?? before?.facts.watermarks.includes(ONLY) ?? false;
  const models = await makeModels(context, config, distinct(names), only, cassette?.mode === "replay");
  if (models.length === 0) throw new CommandError("no-model", "--only leaves no model: name one with --models");
  return {
    tasks,
    skipped,
    models,
    watermarks: [
      ...surroundingsMarks(opened.surroundings),
      ...(only ? [ONLY] : []),
      ...(cassette?.mode === "replay" ? ["replies come from cassettes: no model was asked"] : []),
      ...watermarks,
    ],
  };
}

const ONLY = "without the references that every run has (--only)";

const earlierModels = ({ models }: Manifest): readonly NamedModel[] =>
  models.map(({ alias, name, role }) => ({ alias, spec: role === "reference" ? alias : name }));

const distinct = (named: readonly NamedModel[]): readonly NamedModel[] =>
  named.filter(({ alias, spec }, at) => named.findIndex((one) => one.alias === alias && one.spec === spec) === at);

/** Where trials run: made with the first one, for a run that is refused needs none. */
interface TrialPlace {
  readonly scratch: Scratch;
  readonly machine: Machine;
  readonly processors: Processors;
}

async function openPlace(context: CliContext, machine: Machine): Promise<TrialPlace> {
  const processors = await sharedProcessors(context, machine.host);
  const scratch = await openScratch(join(context.folders.cache, "evals", "work"));
  return { scratch, machine: { ...machine, staged: scratch.staged }, processors };
}

interface Started {
  readonly opening: () => Promise<TrialPlace>;
  readonly run: string;
  readonly manifest: Manifest;
  readonly tasks: readonly Task[];
  readonly models: readonly PricedModel[];
  readonly cassette: CassetteFolder | undefined;
}

function starter(context: CliContext, started: Started): (trial: PlannedTrial) => Promise<TrialRow> {
  const gates = new Map<string, RateGate>();
  const gateOf = (provider: string): RateGate => {
    const gate = gates.get(provider) ?? new RateGate();
    gates.set(provider, gate);
    return gate;
  };
  const tasks = new Map(started.tasks.map((task) => [task.file.id, task]));
  const models = new Map(
    started.models.map(({ model }) => [model.alias, model.deterministic ? model : gated(model, gateOf(model.provider))]),
  );
  return async (planned) => {
    const { scratch, machine, processors } = await started.opening();
    const model = models.get(planned.model);
    const price = started.manifest.models.find(({ alias }) => alias === planned.model)?.price;
    const ownModels =
      model && started.cassette ? new Map(models).set(planned.model, started.cassette.around(model, planned)) : models;
    return await runTrial(planned, {
      run: started.run,
      manifest: started.manifest,
      tasks,
      models: ownModels,
      machine,
      processors,
      scratch: ({ key }) => scratch.open(key.slice(0, 20)),
      // The first Ctrl-C lets running trials finish, the second one ends the process.
      signal: new AbortController().signal,
      now: context.now,
      attempt: (wish) => runAttempt({ ...wish, ...(price && { price }) }),
      grade,
    });
  };
}
