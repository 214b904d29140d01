import { join, relative, resolve } from "node:path";
import { describeBuild } from "../../jobs/steps/describe.ts";
import type { Verb } from "../wiring/context.ts";
import { programFile, type RecordOptions, VENDOR_KEYS } from "./record.ts";

/** `crq-agent steps describe -- COMMAND…`: every compiler call is written down and none is run. */
export const describe: Verb<[readonly string[], RecordOptions]> = async (context, ui, command, options) => {
  const done = await describeBuild({
    command,
    cwd: context.cwd,
    env: context.env,
    withheld: VENDOR_KEYS,
    source: resolve(context.cwd, options.source ?? "."),
    build: options.build === undefined ? undefined : resolve(context.cwd, options.build),
    out: resolve(context.cwd, options.out),
    also: options.also ?? [],
    program: [process.execPath, join(context.packageRoot, programFile(context))],
    quietStdout: options.json === true || options.events === true,
  });
  const { calls } = done;
  const place = relative(context.cwd, done.file) || done.file;
  const exit = calls.length === 0 || done.exit !== 0 ? 1 : 0;
  const ran = command.join(" ");
  ui.result({
    text: [
      `${place}: ${calls.length} calls described, none run.`,
      done.exit === 0
        ? "A call that depends on what another would have made may be missing or different."
        : `${command[0]} ended with exit code ${done.exit}, most likely where it needed what a described call would have made: what comes after is not described.`,
      `To have all of them, run the build while it is recorded: crq-agent steps record -- ${ran}`,
    ].join("\n"),
    json: {
      schema: "crq-agent/steps-describe/1",
      ok: exit === 0,
      exit,
      data: { file: place, calls: calls.length, exit: done.exit },
      diagnostics: [],
    },
  });
  return exit;
};
