import type { Config } from "../../config.ts";
import type { TrialRow } from "../../evals/results/trial-row.ts";
import { readRows } from "../../evals/run/folder/read-rows.ts";
import { findManifest, listRuns, RunError } from "../../evals/run/folder/run-folder.ts";
import type { Task } from "../../evals/task/task.ts";
import { table } from "../../ui/text.ts";
import { describeProblem } from "../../world/problem.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { admissionIn, admissionsFolder } from "./wiring/admissions.ts";
import { chosenTasks, evalsConfig, type RunsOptions, runsFolderOf, type SelectionOptions } from "./wiring/chosen-tasks.ts";
import { openMachine } from "./wiring/machine.ts";

/** `crq-agent evals list`: the tasks there are. A broken one is named and stops no other (exit 2). */
export const list: Verb<[OutputOptions & SelectionOptions & RunsOptions]> = async (context, ui, options) => {
  const config = await evalsConfig(context);
  const { tasks, problems } = await chosenTasks(context, config, options);
  const found = await lastResults(runsFolderOf(context, config, options));
  const last = found && "results" in found ? found : undefined;
  const unread = found && "why" in found ? [found.why] : [];
  const admissions = await admissionsOf(context, config, options, tasks);
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
    ...("states" in admissions ? { admission: admissions.states.get(file.id) ?? NOBODY_LOOKED } : {}),
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
    task.admission === undefined ? "?" : admissionWord(task.admission),
    task.last.map(({ model, c, n }) => `${model} ${c}/${n}`).join(" "),
  ]);
  const head = [
    "TASK",
    "KIND",
    "CLUSTER",
    "TIER",
    "SPLIT",
    "BUILDER",
    "NEEDS",
    "HASH",
    "ADMITTED",
    last ? `LAST (${last.run})` : "",
  ];
  ui.result({
    text: [
      data.length === 0 ? "There is no such task." : table([head, ...lines]).trimEnd(),
      ...("states" in admissions
        ? admissionSentence(admissions.states)
        : [`Which of them are admitted is not known: ${admissions.why}`]),
      ...unread.map((why) => `How the tasks ended last is not known: ${why}`),
      ...problems.map(describeProblem),
    ].join("\n"),
    json: {
      schema: "crq-agent/evals-list/1",
      ok: exit === 0,
      exit,
      data: { ...(last && { lastRun: last.run }), tasks: data },
      diagnostics: [...problems, ...unread],
    },
  });
  return exit;
};

/** What admission found of a task as it is now; `none`: nobody looked since it, the world, Nix or the gates changed. */
interface AdmissionState {
  readonly verdict: "admitted" | "refused" | "none";
  /** ISO date. */
  readonly at?: string;
}

const NOBODY_LOOKED: AdmissionState = { verdict: "none" };

const admissionWord = ({ verdict, at }: AdmissionState): string =>
  verdict === "none" ? "-" : verdict === "refused" ? "refused" : (at ?? "yes");

/** In the world of the configuration; a machine that cannot serve it lists its tasks all the same. */
async function admissionsOf(
  context: CliContext,
  config: Config,
  options: RunsOptions,
  tasks: readonly Task[],
): Promise<{ readonly states: ReadonlyMap<string, AdmissionState> } | { readonly why: string }> {
  const folder = admissionsFolder(context, config, options);
  try {
    // Nothing is run here, so nothing needs a namespace.
    const { surroundings } = await openMachine(context, config, { unsafeLocal: true });
    const states = await Promise.all(
      tasks.map(async (task): Promise<[string, AdmissionState]> => {
        const found = await admissionIn(folder, surroundings, task);
        if (!found) return [task.file.id, NOBODY_LOOKED];
        return [
          task.file.id,
          { verdict: found.admitted ? "admitted" : "refused", ...(found.at !== undefined && { at: found.at.slice(0, 10) }) },
        ];
      }),
    );
    return { states: new Map(states) };
  } catch (error) {
    if (error instanceof CommandError || error instanceof RunError) return { why: error.message };
    throw error;
  }
}

function admissionSentence(states: ReadonlyMap<string, AdmissionState>): readonly string[] {
  const missing = [...states].filter(([, { verdict }]) => verdict !== "admitted").map(([id]) => id);
  if (missing.length === 0) return [];
  return [
    `${states.size - missing.length} of ${states.size} are admitted as they are now; the others: crq-agent evals validate --missing ${missing.join(" ")}`,
  ];
}

interface LastResult {
  readonly model: string;
  readonly c: number;
  readonly n: number;
}

type LastResults =
  | { readonly run: string; readonly results: ReadonlyMap<string, readonly LastResult[]> }
  /** The run is damaged, or one of another version: its tasks are there all the same. */
  | { readonly why: string };

/** Of the newest run, for the models that a ranking holds. */
async function lastResults(runs: string): Promise<LastResults | undefined> {
  const [newest] = await listRuns(runs);
  if (newest === undefined) return undefined;
  try {
    return await resultsOf(newest);
  } catch (error) {
    if (error instanceof RunError) return { why: error.message };
    throw error;
  }
}

async function resultsOf(newest: string): Promise<LastResults | undefined> {
  const manifest = await findManifest(newest);
  if (!manifest) return undefined;
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
