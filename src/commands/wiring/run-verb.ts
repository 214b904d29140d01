import { errorText, isDiskFull } from "../../system/error.ts";
import { ERRORS, type ErrorCode } from "../../system/errors/codes.ts";
import { ForeseenError, withCode } from "../../system/errors/foreseen.ts";
import { createUi } from "../../ui/output.ts";
import { shownText } from "../../ui/shown-text.ts";
import { type CliContext, type OutputOptions, outputMode, type Verb } from "./context.ts";

/** Runs one verb to an exit code. What was foreseen becomes one clear message; what was not is our own bug and says so (exit 3). */
export async function runVerb<Arguments extends readonly unknown[]>(
  name: string,
  context: CliContext,
  options: OutputOptions,
  verb: Verb<Arguments>,
  args: Arguments,
): Promise<number> {
  let left = false;
  const ui = createUi(outputMode(options), context.streams, {
    quiet: options.quiet ?? false,
    // A pipeline may give its jobs a terminal, with nobody at it.
    noInput: (context.env.CI ?? "") !== "",
    signal: context.signal,
    interrupt: () => {
      left = true;
      if (!context.signal.aborted) context.interrupt?.();
    },
  });
  try {
    const exit = await verb(context, ui, ...args);
    return left ? 130 : exit;
  } catch (error) {
    if (left && error instanceof ForeseenError) {
      context.streams.stderr.write("crq-agent: interrupted; what was asked about was not done\n");
      return 130;
    }
    const { exit, code, message, diagnostics } = foreseen(error, context.env.CRQ_AGENT_DEBUG !== undefined);
    context.streams.stderr.write(`crq-agent: ${shownText(withCode(message, code))}\n`);
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
              : [{ severity: "error", rule: "crq-agent", code, message, file: "", line: 1, column: 1 }],
        },
      });
    }
    return exit;
  } finally {
    ui.close();
  }
}

/** What is printed of an error, and how the program ends. */
export type Ended = Pick<ForeseenError, "exit" | "code" | "message" | "diagnostics">;

export function foreseen(error: unknown, debug: boolean): Ended {
  if (error instanceof ForeseenError) return error;
  if (isDiskFull(error)) {
    const reason = errorText(error).split("\n")[0];
    return ended("disk-full", `the disk is full (${reason}); free some room and run again, nothing was handed over`);
  }
  const text = error instanceof Error ? (debug ? (error.stack ?? error.message) : error.message) : String(error);
  return ended("internal", `internal error: ${text}\nThis is a bug of crq-agent. CRQ_AGENT_DEBUG=1 shows where it came from.`);
}

const ended = (code: ErrorCode, message: string): Ended => ({ exit: ERRORS[code].exit, code, message, diagnostics: [] });
