import { join, resolve } from "node:path";
import { didYouMean } from "../../agent/text/nearest.ts";
import { exitOfSummary, FORMATS, type Format, writeReport } from "../../evals/run/derived/write-report.ts";
import { reportedFacts } from "../../evals/run/execute.ts";
import { readRows } from "../../evals/run/folder/read-rows.ts";
import { readManifest } from "../../evals/run/folder/run-folder.ts";
import { inShard } from "../../evals/run/plan/shard.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { evalsConfig, type RunsOptions } from "./wiring/chosen-tasks.ts";
import { findRun } from "./wiring/find-run.ts";
import { keepHeapLean } from "./wiring/lean-heap.ts";

export interface ReportOptions extends OutputOptions, RunsOptions {
  readonly format?: string;
  readonly out?: string;
}

/** `crq-agent evals report [RUN]`: the derived files, from the stored rows. What was altered is named and not used (exit 6). */
export const report: Verb<[string | undefined, ReportOptions]> = async (context, ui, name, options) => {
  keepHeapLean();
  const config = await evalsConfig(context);
  const folder = await findRun(context, config, options, name);
  const formats = formatsOf(options.format);
  const manifest = await readManifest(folder);
  const own = manifest.plan.filter((trial) => inShard(trial, manifest.shard));
  const { rows, damaged } = await readRows(folder, { ...manifest, plan: own });
  const written = await writeReport(outOf(context, folder, options), reportedFacts(manifest), rows, formats);
  const exit = damaged.length > 0 ? 6 : exitOfSummary(written.summary);
  ui.result({
    text: [written.markdown, ...damaged.map((one) => `altered: ${one}`), ...written.files].join("\n"),
    json: {
      schema: "crq-agent/evals-report/1",
      ok: exit === 0,
      exit,
      data: { run: manifest.facts.run, folder, files: written.files, summary: written.summary },
      diagnostics: damaged,
    },
  });
  return exit;
};

const outOf = (context: CliContext, folder: string, { out }: ReportOptions): string =>
  out === undefined ? join(folder) : resolve(context.cwd, out);

function formatsOf(text: string | undefined): readonly Format[] {
  if (text === undefined) return FORMATS;
  return text.split(",").map((name) => {
    const format = FORMATS.find((one) => one === name.trim());
    if (!format)
      throw new CommandError(
        "bad-value",
        `--format: "${name}" is none of ${FORMATS.join(", ")}${didYouMean(name.trim(), FORMATS)}`,
      );
    return format;
  });
}
