import { QueueError } from "../../../evals/queue/connect.ts";
import { RunError } from "../../../evals/run/folder/run-folder.ts";
import { CommandError } from "../../wiring/context.ts";

/** What is wrong with a run is the person's to know, with the exit code that goes with it. */
export async function runErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RunError || error instanceof QueueError) throw new CommandError(error.exit, error.message);
    throw error;
  }
}
