import { resolve } from "node:path";
import { mergeRuns } from "../../evals/run/derived/merge.ts";
import { exitOfSummary, writeReport } from "../../evals/run/derived/write-report.ts";
import { readRows } from "../../evals/run/folder/read-rows.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { evalsConfig, type RunsOptions } from "./wiring/chosen-tasks.ts";
import { findRun } from "./wiring/find-run.ts";

export interface MergeOptions extends OutputOptions, RunsOptions {
  readonly out: string;
}

/** `crq-agent evals merge RUN… --out DIR`: the shards of one plan as one run, with its report. */
export const merge: Verb<[string[], MergeOptions]> = async (context, ui, names, options) => {
  const config = await evalsConfig(context);
  const out = resolve(context.cwd, options.out);
  const folders: string[] = [];
  for (const name of names) folders.push(await findRun(context, config, options, name));
  const { manifest, twice } = await mergeRuns(folders, out);
  const { rows } = await readRows(out, manifest, { evidence: false });
  const { markdown, summary, files } = await writeReport(out, manifest.facts, rows);
  const exit = exitOfSummary(summary);
  const notes = twice.map(
    ({ key, kept, setAside, different }) =>
      `${key.slice(0, 20)} has two results: the earlier one counts (${kept}), the other is set aside (${setAside})${different ? "; they differ" : ""}`,
  );
  ui.result({
    text: [markdown, ...notes, out].join("\n"),
    json: {
      schema: "crq-agent/evals-merge/1",
      ok: exit === 0,
      exit,
      data: { run: manifest.facts.run, folder: out, twice, files, summary },
      diagnostics: [],
    },
  });
  return exit;
};
