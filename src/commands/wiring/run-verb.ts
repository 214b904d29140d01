import { ConfigError } from "../../config.ts";
import { NotApplicable } from "../../jobs/decisions/approval.ts";
import { RepositoryError } from "../../repo/workspace/workspace.ts";
import { errorText, isDiskFull } from "../../system/error.ts";
import { createUi } from "../../ui/output.ts";
import { type CliContext, CommandError, type OutputOptions, outputMode, type Verb } from "./context.ts";

/** Runs one verb to an exit code. What was foreseen becomes one clear message; what was not is our own bug and says so (exit 3). */
export async function runVerb<Arguments extends readonly unknown[]>(
  name: string,
  context: CliContext,
  options: OutputOptions,
  verb: Verb<Arguments>,
  args: Arguments,
): Promise<number> {
  const ui = createUi(outputMode(options), context.streams, { quiet: options.quiet ?? false });
  try {
    return await verb(context, ui, ...args);
  } catch (error) {
    const { exit, message, diagnostics } = foreseen(error, context.env.CRQ_AGENT_DEBUG !== undefined);
    context.streams.stderr.write(`crq-agent: ${message}\n`);
    if (options.json) {
      ui.result({
        text: "",
        json: {
          schema: `crq-agent/${name}/1`,
          ok: false,
          exit,
          data: null,
          diagnostics:
            diagnostics.length > 0
              ? diagnostics
              : [{ severity: "error", rule: "crq-agent", message, file: "", line: 1, column: 1 }],
        },
      });
    }
    return exit;
  } finally {
    ui.close();
  }
}

function foreseen(error: unknown, debug: boolean): { exit: number; message: string; diagnostics: readonly unknown[] } {
  if (error instanceof CommandError || error instanceof NotApplicable)
    return { exit: error.exit, message: error.message, diagnostics: error.diagnostics };
  if (error instanceof ConfigError || error instanceof RepositoryError)
    return { exit: 2, message: error.message, diagnostics: [] };
  if (isDiskFull(error)) {
    return {
      exit: 3,
      message: `the disk is full (${errorText(error).split("\n")[0]}); free some room and run again, nothing was handed over`,
      diagnostics: [],
    };
  }
  const text = error instanceof Error ? (debug ? (error.stack ?? error.message) : error.message) : String(error);
  return {
    exit: 3,
    message: `internal error: ${text}\nThis is a bug of crq-agent. CRQ_AGENT_DEBUG=1 shows where it came from.`,
    diagnostics: [],
  };
}
