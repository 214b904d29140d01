import { fstatSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { recordSteps } from "../../jobs/steps/record.ts";
import { PROVIDERS } from "../../models/providers.ts";
import type { CliContext, OutputOptions, Verb } from "../wiring/context.ts";

export interface RecordOptions extends OutputOptions {
  readonly out: string;
  readonly source?: string;
  readonly build?: string;
  readonly also?: readonly string[];
}

/** Keys of model vendors: no child of ours gets them. */
export const VENDOR_KEYS = Object.values(PROVIDERS).flatMap(({ keyVariable }) => keyVariable ?? []);

/** `crq-agent steps record -- COMMAND…`: the command's exit code is ours; a build that ran nothing we know is none (exit 1). */
export const record: Verb<[readonly string[], RecordOptions]> = async (context, ui, command, options) => {
  const out = resolve(context.cwd, options.out);
  const done = await recordSteps({
    command,
    cwd: context.cwd,
    env: context.env,
    withheld: VENDOR_KEYS,
    source: resolve(context.cwd, options.source ?? "."),
    build: options.build === undefined ? undefined : resolve(context.cwd, options.build),
    out,
    also: options.also ?? [],
    program: [process.execPath, join(context.packageRoot, programFile(context))],
    quietStdout: options.json === true || options.events === true,
    streams: [1, 2].flatMap(identity),
  });
  const { steps, leftOut, problems } = done;
  const place = relative(context.cwd, done.file) || done.file;
  const empty = steps.length === 0 && done.exit === 0;
  const exit = problems.length > 0 && done.exit === 0 ? 3 : empty ? 1 : done.exit;
  const lines = [
    ...(done.exit === 0 ? [] : [`${command[0]} ended with exit code ${done.exit}; the steps are those that ran until then.`]),
    empty
      ? `No step was recorded: the build ran no compiler. What is built already is not built again; clean it first, or name another tool with --also NAME.${done.kept ? ` ${place} holds the earlier recording.` : ""}`
      : `${place}: ${steps.length} steps.`,
    ...(leftOut.failed > 0
      ? [`${leftOut.failed} calls failed in a build that ended well; they were probes and are left out.`]
      : []),
    ...(leftOut.traceless > 0 ? [`${leftOut.traceless} calls left no file behind and are left out.`] : []),
    ...problems.map((problem) => `A call could not be recorded: ${problem}`),
  ];
  ui.result({
    text: lines.join("\n"),
    json: {
      schema: "crq-agent/steps-record/1",
      ok: exit === 0,
      exit,
      data: { file: place, steps: steps.map(({ id }) => id), exit: done.exit, leftOut },
      diagnostics: [...(empty ? [lines[0]] : []), ...problems].map((message) => ({
        severity: "error",
        rule: "steps",
        message,
        file: place,
        line: 1,
        column: 1,
      })),
    },
  });
  return exit;
};

/** The built program, or the sources it is made of. */
export const programFile = (_: CliContext): string => (import.meta.url.endsWith(".ts") ? "src/bin.ts" : "dist/bin.js");

function identity(descriptor: number): readonly string[] {
  try {
    const { dev, ino } = fstatSync(descriptor);
    return [`${dev}:${ino}`];
  } catch {
    return [];
  }
}
