import type { TrialRow } from "../../evals/results/trial-row.ts";
import { readRows } from "../../evals/run/folder/read-rows.ts";
import { findManifest, listRuns } from "../../evals/run/folder/run-folder.ts";
import { table } from "../../ui/text.ts";
import { describeProblem } from "../../world/problem.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { chosenTasks, evalsConfig, type RunsOptions, runsFolderOf, type SelectionOptions } from "./wiring/chosen-tasks.ts";

/** `crq-agent evals list`: the tasks there are. A broken one is named and stops no other (exit 2). */
export const list: Verb<[OutputOptions & SelectionOptions & RunsOptions]> = async (context, ui, options) => {
  const config = await evalsConfig(context);
  const { tasks, problems } = await chosenTasks(context, config, options);
  const last = await lastResults(runsFolderOf(context, config, options));
  const data = tasks.map(({ file, hash }) => ({
    id: file.id,
    kind: file.kind,
    cluster: file.cluster,
    tier: file.tier,
    split: file.split,
    builder: file.builder,
    ...(file.fault === undefined ? {} : { fault: file.fault }),
    needs: file.needs,
    hash,
    last: last?.results.get(file.id) ?? [],
  }));
  const exit = problems.length === 0 ? 0 : 2;
  const lines = data.map((task) => [
    task.id,
    task.kind,
    task.cluster,
    String(task.tier),
    task.split,
    task.builder,
    task.needs.join(" "),
    task.hash.slice(0, 8),
    task.last.map(({ model, c, n }) => `${model} ${c}/${n}`).join(" "),
  ]);
  const head = ["TASK", "KIND", "CLUSTER", "TIER", "SPLIT", "BUILDER", "NEEDS", "HASH", last ? `LAST (${last.run})` : ""];
  ui.result({
    text: [
      data.length === 0 ? "There is no such task." : table([head, ...lines]).trimEnd(),
      ...problems.map(describeProblem),
    ].join("\n"),
    json: {
      schema: "crq-agent/evals-list/1",
      ok: exit === 0,
      exit,
      data: { ...(last && { lastRun: last.run }), tasks: data },
      diagnostics: problems,
    },
  });
  return exit;
};

interface LastResult {
  readonly model: string;
  readonly c: number;
  readonly n: number;
}

/** Of the newest run, for the models that a ranking holds. */
async function lastResults(
  runs: string,
): Promise<{ readonly run: string; readonly results: ReadonlyMap<string, readonly LastResult[]> } | undefined> {
  const [newest] = await listRuns(runs);
  const manifest = newest === undefined ? undefined : await findManifest(newest);
  if (newest === undefined || !manifest) return undefined;
  const ranked = manifest.models.filter(({ role }) => role === "ranked").map(({ alias }) => alias);
  const { rows } = await readRows(newest, manifest, { evidence: false });
  const counted = rows.filter(({ infra }) => infra === null);
  const resultOf = (task: string, model: string): LastResult => {
    const own: readonly TrialRow[] = counted.filter((row) => row.task === task && row.model === model);
    return { model, c: own.filter(({ resolved }) => resolved).length, n: own.length };
  };
  return {
    run: manifest.facts.run,
    results: new Map(
      manifest.facts.tasks.map(({ id }) => [id, ranked.map((model) => resultOf(id, model)).filter(({ n }) => n > 0)]),
    ),
  };
}
