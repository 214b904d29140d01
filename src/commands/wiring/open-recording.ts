import { WorldError, type WorldProblem } from "../../world/problem.ts";
import { beginRecording } from "../../world/record/begin.ts";
import { openUpstream, ProxyUnsupportedError, type Upstream } from "../../world/record/upstream/internet.ts";
import { RECORD_LIMITS } from "../../world/record/upstream/limits.ts";
import { type CliContext, CommandError } from "./context.ts";

export interface OpenRecording {
  readonly upstream: Upstream;
  /** ISO 8601. */
  readonly at: string;
}

/** Prepares a folder to record into, and the way to the internet that this person has. */
export function openRecording(context: CliContext, directory: string, name?: string): Promise<OpenRecording> {
  return asCommandError(async () => {
    const at = new Date(context.now()).toISOString();
    await beginRecording(directory, { date: at.slice(0, 10), ...(name !== undefined && { name }) });
    return { upstream: await openUpstream(context.env, RECORD_LIMITS, context.version), at };
  });
}

/** What is wrong with a world, or with the way to the internet, is the person's to mend. */
export async function asCommandError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorldError)
      throw new CommandError("bad-world", error.message, error.problems.map(asDiagnostic), error.kind === "disk" ? 3 : 2);
    if (error instanceof ProxyUnsupportedError) throw new CommandError("bad-world", error.message);
    throw error;
  }
}

/** As every other diagnostic in `--json`. */
const asDiagnostic = ({ file, line = 1, column = 1, message, next }: WorldProblem): unknown => ({
  severity: "error",
  rule: "crq-agent",
  code: "bad-world",
  message: `${message}; next: ${next}`,
  file,
  line,
  column,
});
