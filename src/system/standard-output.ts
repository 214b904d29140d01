import type { ErrorCode } from "./errors/codes.ts";

const LOST = "output-lost" satisfies ErrorCode;

/**
 * Watches what this process prints. A result that could not be printed (a full disk behind `>`) is no success: it is told, and the process ends
 * with exit 3 instead of 0. The work itself goes on: it may have cost money, and its journal lies elsewhere.
 * @param own the process that a person started
 * @param isServer a server hears on its own that its client is gone, and has a session to close first
 */
export function watchStandardOutput(own: NodeJS.Process, isServer: boolean): void {
  let isTold = false;
  own.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") {
      // A reader that closes the pipe (head, less) is no error of ours; a run that it cuts off was interrupted and is not done.
      if (!isServer) own.exit(own.exitCode ?? 130);
      return;
    }
    if (isTold) return;
    isTold = true;
    own.stderr.write(`crq-agent: standard output cannot be written (${error.message}); what belongs there is lost [${LOST}]\n`);
    own.once("exit", (code) => {
      if (code === 0) own.exitCode = 3;
    });
  });
  // What is said there is for whoever looks; a run does not end because nobody does.
  own.stderr.on("error", () => undefined);
}
