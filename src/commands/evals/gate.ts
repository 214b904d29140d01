import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { percent, points } from "../../evals/report/numbers.ts";
import { summarize } from "../../evals/results/summarize.ts";
import { baselineDifferences, baselineOf, readBaseline, writeBaseline } from "../../evals/run/derived/baseline.ts";
import { exitOfGate, gateRun, type ModelGate, type Unjudged } from "../../evals/run/derived/gate-run.ts";
import { exitOfSummary } from "../../evals/run/derived/write-report.ts";
import { listRuns } from "../../evals/run/folder/run-folder.ts";
import { differencesText } from "../../evals/run/identity/differences.ts";
import type { Manifest } from "../../evals/run/manifest.ts";
import type { Inconclusive, Regression } from "../../evals/statistics/gate.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { readSameModel } from "./compare.ts";
import { evalsConfig, type RunsOptions, runsFolderOf } from "./wiring/chosen-tasks.ts";
import { findRun } from "./wiring/find-run.ts";
import { type OpenRun, openRun } from "./wiring/open-run.ts";

export interface GateOptions extends OutputOptions, RunsOptions {
  readonly baseline?: string;
  readonly margin?: number;
  readonly maxHacks?: number;
  readonly maxFalseSuccess?: number;
  readonly strict?: boolean;
  readonly writeBaseline?: string;
}

/** `crq-agent evals gate [RUN]`: pass (0), regress (1) or inconclusive (4) against a stored baseline of the same suite and world. */
export const gate: Verb<[string | undefined, GateOptions]> = async (context, ui, name, options) => {
  const config = await evalsConfig(context);
  const run = await openRun(await findRun(context, config, options, name));
  const { manifest, rows } = run;
  const state = exitOfSummary(summarize(manifest.facts, rows));
  if (options.writeBaseline !== undefined) {
    if (state !== 0)
      throw new CommandError(
        "run-unfinished",
        `${run.folder}: is unfinished or no ranking; a baseline needs a whole run`,
        [],
        state,
      );
    const file = resolve(context.cwd, options.writeBaseline);
    await mkdir(dirname(file), { recursive: true });
    const baseline = baselineOf(manifest, rows);
    await writeBaseline(file, baseline);
    ui.result({
      text: `${file}: ${baseline.models.length} models on ${manifest.facts.tasks.length} tasks`,
      json: { schema: "crq-agent/evals-gate/1", ok: true, exit: 0, data: { baseline: file }, diagnostics: [] },
    });
    return 0;
  }
  const file = resolve(context.cwd, options.baseline ?? defaultBaseline(manifest));
  const baseline = await readBaseline(file);
  const differences = baselineDifferences(baseline, manifest);
  if (differences.length > 0)
    throw new CommandError(
      "runs-differ",
      `${file} is no baseline of this run, they differ (baseline and run):\n${differencesText(differences)}`,
      differences,
    );
  const gates = gateRun(manifest, rows, baseline, options);
  if (gates.every(({ answer }) => "why" in answer && isUnknown(answer.why)))
    throw new CommandError("runs-differ", `${file}: knows none of the models of ${manifest.facts.run}`);
  const untested = options.strict ? await withoutAA(run, runsFolderOf(context, config, options)) : [];
  const exit = exitOfGate(gates, { state, untested: untested.length });
  const notes = untested.map(
    (provider) => `--strict: no A/A run of this suite with ${provider} that told nothing apart; see \`evals compare --aa\``,
  );
  ui.result({
    text: [
      ...gates.map(gateText),
      ...notes,
      ...manifest.facts.watermarks.map((mark) => `Note: ${mark}`),
      ...(state === 0 ? [] : ["The run is unfinished or no ranking; see `evals report`."]),
    ].join("\n"),
    json: {
      schema: "crq-agent/evals-gate/1",
      ok: exit === 0,
      exit,
      data: {
        run: manifest.facts.run,
        baseline: file,
        verdict: verdictOf(exit),
        models: gates,
        untested,
        watermarks: manifest.facts.watermarks,
      },
      diagnostics: [],
    },
  });
  return exit;
};

const defaultBaseline = ({ facts }: Manifest): string => join("evals", "baselines", `${facts.suite.slice(0, 8)}.json`);

const isUnknown = ({ kind }: Inconclusive | Unjudged["why"]): boolean => kind === "not-in-baseline" || kind === "not-in-run";

const verdictOf = (exit: number): string => (exit === 0 ? "pass" : exit === 1 || exit === 6 ? "regress" : "inconclusive");

/** Providers of real models without an A/A comparison that holds. */
async function withoutAA({ manifest }: OpenRun, runs: string): Promise<readonly string[]> {
  const providers = new Set(manifest.models.filter(({ deterministic }) => !deterministic).map(({ provider }) => provider));
  for (const folder of await listRuns(runs)) {
    const found = await readSameModel(folder);
    if (found && !found.rejects && found.suite === manifest.facts.suite) providers.delete(found.provider);
  }
  return [...providers].sort();
}

function gateText({ model, answer, hacks, falseSuccess, tooManyHacks, tooManyFalse }: ModelGate): string {
  const more = [
    ...(tooManyHacks ? [`${hacks} hacks are too many`] : []),
    ...(tooManyFalse ? [`${percent(falseSuccess ?? 0)} of its successes are false`] : []),
  ];
  const end = more.length === 0 ? "" : `; ${more.join("; ")}`;
  switch (answer.verdict) {
    case "pass":
      return `PASS ${model}: ${points(answer.estimate, answer.interval)}${end}`;
    case "regress":
      return `REGRESS ${model}: ${answer.reasons.map(regressionText).join("; ")}${end}`;
    case "inconclusive":
      return `INCONCLUSIVE ${model}: ${inconclusiveText(answer.why)}${end}`;
  }
}

function regressionText(reason: Regression): string {
  switch (reason.kind) {
    case "worse":
      return points(reason.estimate, reason.interval);
    case "task-lost":
      return `${reason.task} was always resolved (${reason.before.successes} of ${reason.before.trials}) and is never now (0 of ${reason.now.trials})`;
  }
}

function inconclusiveText(why: Inconclusive | Unjudged["why"]): string {
  switch (why.kind) {
    case "few-clusters":
      return `${why.clusters} clusters are too few for a test, 8 are needed`;
    case "few-repeats":
      return `${why.repeats} repeats are too few, 3 are needed`;
    case "not-in-baseline":
      return "the baseline does not know it; write a new one with --write-baseline";
    case "not-in-run":
      return "the baseline knows it, and the run did not try it";
    case "nothing-shared":
      return "it has no task in common with the baseline";
    case "wide":
      return `${points(why.estimate, why.interval)} is too wide; ${why.repeats === undefined ? "more tasks are needed" : `${why.repeats} repeats would do if nothing changed`}`;
  }
}
