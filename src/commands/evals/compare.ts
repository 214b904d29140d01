import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { points, pValue, rankRange, withInterval } from "../../evals/report/numbers.ts";
import { estimateSummary } from "../../evals/results/model-summary.ts";
import { summarize } from "../../evals/results/summarize.ts";
import {
  type ComparedPair,
  type Comparison,
  compareRuns,
  comparisonSentence,
  type Metric,
} from "../../evals/run/derived/compare.ts";
import { exitOfSummary } from "../../evals/run/derived/write-report.ts";
import { replaceFile } from "../../evals/run/folder/durable.ts";
import { type ComparedBy, comparisonDifferences, differencesText } from "../../evals/run/identity/differences.ts";
import { errorCode } from "../../system/error.ts";
import { table } from "../../ui/text.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { evalsConfig, type RunsOptions } from "./wiring/chosen-tasks.ts";
import { findRun } from "./wiring/find-run.ts";
import { type OpenRun, openRun } from "./wiring/open-run.ts";

export interface CompareOptions extends OutputOptions, RunsOptions {
  readonly by?: ComparedBy;
  readonly primary?: Metric;
  readonly aa?: string;
}

/** `crq-agent evals compare RUN…`: who is better, who is tied. Unlike runs are not compared (exit 2). */
export const compare: Verb<[string[], CompareOptions]> = async (context, ui, names, options) => {
  const config = await evalsConfig(context);
  const by = options.by ?? "model";
  const runs: OpenRun[] = [];
  for (const name of names.length === 0 ? [undefined] : names)
    runs.push(await openRun(await findRun(context, config, options, name)));
  if (by !== "model" && runs.length < 2) throw new CommandError("missing-argument", `--by ${by} compares runs: name two or more`);
  refuseUnlike(runs, by);
  const metric = options.primary ?? "resolved";
  const comparison = compareRuns(runs, by, metric);
  const sameModel = options.aa === undefined ? undefined : await judgeSameModel(runs, comparison, options.aa);
  const ranking = runs.map(({ manifest, rows }) => exitOfSummary(summarize(manifest.facts, rows)));
  const unranked = comparison.noRanking === undefined ? 0 : 3;
  const exit = sameModel?.rejects ? 1 : (ranking.find((one) => one !== 0) ?? unranked);
  ui.result({
    text: [
      comparisonSentence(comparison),
      "",
      entryTable(comparison),
      pairTable(comparison.pairs, metric),
      ...(sameModel ? [aaText(sameModel)] : []),
      ...comparison.watermarks.map((mark) => `Note: ${mark}`),
    ].join("\n"),
    json: {
      schema: "crq-agent/evals-compare/1",
      ok: exit === 0,
      exit,
      data: {
        runs: runs.map(({ manifest }) => manifest.facts.run),
        by,
        primary: metric,
        result: comparisonSentence(comparison),
        complete: comparison.complete,
        watermarks: comparison.watermarks,
        entries: comparison.entries,
        pairs: comparison.pairs,
        ...(sameModel && { aa: sameModel }),
      },
      diagnostics: [],
    },
  });
  return exit;
};

function refuseUnlike(runs: readonly OpenRun[], by: ComparedBy): void {
  const [first, ...others] = runs;
  if (!first) return;
  for (const other of others) {
    const differences = comparisonDifferences(first.manifest, other.manifest, by);
    if (differences.length > 0)
      throw new CommandError(
        "runs-differ",
        `${first.manifest.facts.run} and ${other.manifest.facts.run} cannot be compared by ${by}, they differ in more:\n${differencesText(differences)}`,
        differences,
      );
  }
}

const entryTable = ({ entries }: Comparison): string =>
  table([
    ["MODEL", "RESOLVED", "TIED", "RANK"],
    ...entries.map(({ name, resolved, standing }) => [
      name,
      withInterval(resolved ? estimateSummary(resolved) : undefined),
      standing?.letters ?? "",
      rankRange(standing?.rank),
    ]),
  ]);

const pairTable = (pairs: readonly ComparedPair[], metric: Metric): string =>
  table([
    [
      "A",
      "B",
      "A − B",
      "P",
      "P (HOLM)",
      "DIFFERENT",
      "TASKS",
      ...(metric === "resolved" ? [] : [`${metric.toUpperCase()} A/B (EXPLORATORY)`]),
    ],
    ...pairs.map(({ a, b, pair, pHolm, different, factor }) => [
      a,
      b,
      points(pair.estimate, pair.interval),
      pValue(pair.p),
      pValue(pHolm),
      different ? "yes" : "no",
      String(pair.tasks),
      ...(metric === "resolved" ? [] : [factorText(factor)]),
    ]),
  ]);

const factorText = (factor: ComparedPair["factor"]): string =>
  factor
    ? `×${factor.estimate.toFixed(2)}${factor.interval ? ` (${factor.interval.low.toFixed(2)} to ${factor.interval.high.toFixed(2)})` : ""} on ${factor.tasks} tasks`
    : "–";

/** The same model under two names: what tells them apart is a fault of the suite. Stored with the run for `gate --strict`. */
const sameModelSchema = z.strictObject({
  schema: z.literal("crq-aa/1"),
  run: z.string(),
  suite: z.string(),
  provider: z.string(),
  a: z.string(),
  b: z.string(),
  p: z.number(),
  rejects: z.boolean(),
});

export type SameModel = Readonly<z.infer<typeof sameModelSchema>>;

const AA_FILE = "aa.json";
const ALPHA = 0.05;

async function judgeSameModel(runs: readonly OpenRun[], { pairs }: Comparison, text: string): Promise<SameModel> {
  const [a = "", b = ""] = text.split(",").map((name) => name.trim());
  const [run] = runs;
  const models = [a, b].map((alias) => run?.manifest.models.find((model) => model.alias === alias));
  const [one, other] = models;
  if (!run || !one || !other) throw new CommandError("bad-value", `--aa: write two models of the run, as A,B`);
  if (one.name !== other.name || one.provider !== other.provider)
    throw new CommandError(
      "bad-value",
      `--aa: ${a} is ${one.name} and ${b} is ${other.name}; an A/A run has one model under two names`,
    );
  const pair = pairs.find((candidate) => (candidate.a === a && candidate.b === b) || (candidate.a === b && candidate.b === a));
  if (pair?.pair.p === undefined)
    throw new CommandError("run-unfinished", "--aa: there is no p: the run is unfinished, or has fewer than 8 clusters", [], 4);
  const result: SameModel = {
    schema: "crq-aa/1",
    run: run.manifest.facts.run,
    suite: run.manifest.facts.suite,
    provider: one.provider,
    a,
    b,
    p: pair.pair.p,
    rejects: pair.pair.p <= ALPHA,
  };
  await replaceFile(join(run.folder, AA_FILE), `${JSON.stringify(result, undefined, 1)}\n`);
  return result;
}

const aaText = ({ a, b, p, rejects }: SameModel): string =>
  rejects
    ? `A/A: ${a} and ${b} are one model and were told apart (p = ${p.toFixed(3)}): do not trust differences of this suite.`
    : `A/A: ${a} and ${b} are one model and were not told apart (p = ${p.toFixed(3)}).`;

/** What an A/A comparison of this run said; undefined: none was made. */
export async function readSameModel(folder: string): Promise<SameModel | undefined> {
  try {
    return sameModelSchema.safeParse(JSON.parse(await readFile(join(folder, AA_FILE), "utf8"))).data;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
