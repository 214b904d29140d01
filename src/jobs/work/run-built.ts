import { passed } from "../../crq/criteria/check/result.ts";
import { runProgram } from "../../crq/criteria/programs/run-program.ts";
import type { ProgramEnd, ProgramPlace } from "../../tools/run-program.ts";
import type { JobPlace } from "../job-place.ts";

/** As long as a `run` check has when its document says nothing. */
const TIMEOUT_MS = 20_000;

/**
 * Runs built programs for a model's look as checks of kind `run` do; nothing of it is judged. Always confined, whatever `--unsafe-local` says: a
 * person approved the words of a check, and the words of this are the model's own.
 */
export function runBuilt({ environment }: JobPlace): ProgramPlace["runBuilt"] {
  return async (argv, { stdin, files }, signal) => {
    let end: ProgramEnd | undefined;
    const encoder = new TextEncoder();
    const program = {
      argv,
      timeoutMs: TIMEOUT_MS,
      files: new Map([...files].map(([name, text]) => [name, encoder.encode(text)])),
      ...(stdin !== undefined && { stdin }),
    };
    const stopped = await runProgram(program, { environment, unsafeLocal: false, signal }, async ({ exit, stdout, stderr }) => {
      end = { exit, stdout, stderr };
      return passed("run", "it ended", { candidates: 1, checked: 1 });
    });
    return end ?? { problem: stopped.reason };
  };
}
