import { detectable, sentence } from "../../evals/report/numbers.ts";
import { type Forecast, forecast } from "../../evals/run/derived/forecast.ts";
import { RULES } from "../../rules/rules.ts";
import { duration, money, table } from "../../ui/text.ts";
import { describeProblem } from "../../world/problem.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { chosenTasks, evalsConfig, type RunsOptions, type SelectionOptions } from "./wiring/chosen-tasks.ts";
import { findRun } from "./wiring/find-run.ts";
import { parseModels } from "./wiring/models.ts";
import { openRun } from "./wiring/open-run.ts";

export interface PlanOptions extends OutputOptions, SelectionOptions, RunsOptions {
  readonly models?: readonly string[];
  readonly repeats?: number;
  readonly pilot?: string;
  readonly gate?: boolean;
}

/** `crq-agent evals plan`: what gap a run of the chosen tasks could see, what it would cost, and what a gate would need. */
export const plan: Verb<[PlanOptions]> = async (context, ui, options) => {
  const config = await evalsConfig(context);
  const { tasks, problems } = await chosenTasks(context, config, options);
  if (tasks.length === 0)
    throw new CommandError("unknown-task", "no task is chosen; `crq-agent evals list` names those there are");
  const pilot = options.pilot === undefined ? undefined : await openRun(await findRun(context, config, options, options.pilot));
  const named = parseModels(options.models ?? []).map(({ alias }) => alias);
  const sizes = new Map<string, number>();
  for (const { file } of tasks) sizes.set(file.cluster, (sizes.get(file.cluster) ?? 0) + 1);
  const result = forecast({
    clusterSizes: [...sizes.values()],
    repeats: options.repeats ?? config.evals.repeats,
    models: [...new Set([RULES, ...named])],
    ...(pilot ? { pilot } : {}),
  });
  ui.result({
    text: [planText(result, options.gate ?? false, pilot !== undefined), ...problems.map(describeProblem)].join("\n"),
    json: { schema: "crq-agent/evals-plan/1", ok: true, exit: 0, data: result, diagnostics: problems },
  });
  return 0;
};

function planText(result: Forecast, withGate: boolean, withPilot: boolean): string {
  const { tasks, clusters, repeats, mde, smallestP, firstHolmStep, tested, models, gateRepeats } = result;
  const gap =
    mde === undefined
      ? "With one cluster no gap can be told from chance."
      : sentence(`${detectable(mde, " between two models")}${withPilot ? ", by the pilot's variation" : ""}`);
  const p =
    smallestP === undefined || firstHolmStep === undefined
      ? []
      : [
          `The smallest p that ${clusters} clusters can give is ${smallestP.toPrecision(2)}; the first of ${(models.length * (models.length - 1)) / 2} pairs needs ${firstHolmStep.toPrecision(2)}${smallestP > firstHolmStep ? ": no difference could be told" : ""}.`,
        ];
  const gate = withGate
    ? gateRepeats.map(
        ({ margin, repeats: needed }) =>
          `A gate with margin ${(margin * 100).toFixed(0)} points passes an unchanged model after ${needed === undefined ? "no number of repeats: more tasks are needed" : `${needed} repeats`}.`,
      )
    : [];
  return [
    `${tasks} tasks in ${clusters} clusters, ${repeats} repeats.`,
    gap,
    ...(tested ? [] : ["Fewer than 8 clusters: nothing is tested, the numbers only describe."]),
    ...p,
    ...gate,
    table([
      ["MODEL", "TRIALS", "COST", "WORKING TIME", "MISSING IN PILOT"],
      ...models.map(({ model, trials, usd, workingMs, missing }) => [
        model,
        String(trials),
        usd === undefined ? "unknown" : money(usd * trials),
        workingMs === undefined ? "unknown" : duration(workingMs * trials),
        missing === undefined ? "" : String(missing),
      ]),
    ]),
  ].join("\n");
}
