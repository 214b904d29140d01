import { connectQueue } from "../../../evals/queue/connect.ts";
import { dispatch } from "../../../evals/queue/dispatch.ts";
import type { DispatchedWork } from "../../../evals/run/execute.ts";
import { alteredEvidence } from "../../../evals/run/folder/evidence.ts";
import { RunError, trialFolder } from "../../../evals/run/folder/run-folder.ts";
import { attemptFolder } from "../../../evals/run/folder/trial-folder.ts";
import type { Manifest } from "../../../evals/run/manifest.ts";
import { settle } from "../../../evals/run/schedule/run-trial.ts";
import type { WorkEnd } from "../../../evals/run/schedule/work-off.ts";
import type { Ui } from "../../../ui/ui.ts";
import type { CliContext } from "../../wiring/context.ts";

export interface OpenQueue {
  /** Commits what workers bring, each row only with the evidence that it was sealed with. */
  dispatch(folder: string, manifest: Manifest, work: DispatchedWork): Promise<WorkEnd>;
  close(): Promise<void>;
}

/** @throws CommandError (2) where pg-boss is missing or the address is none, (3) where the database does not answer */
export async function openQueue(context: CliContext, ui: Ui, url: string): Promise<OpenQueue> {
  const onTrouble = (text: string): void => ui.say(text);
  const boss = await connectQueue(url, { signal: context.signal, onTrouble });
  return {
    dispatch(folder, manifest, work) {
      const limits = new Map(manifest.tasks.map((task) => [task.id, task.limits["wall-s"]]));
      return dispatch({
        ...work,
        boss,
        run: manifest.facts.run,
        wallSeconds: (task) => limits.get(task) ?? LONGEST_WALL_SECONDS,
        onTrouble,
        async commit(row) {
          const attempt = attemptFolder(trialFolder(folder, row.key), row.attempt);
          const [altered] = alteredEvidence(attempt, row.sha256.evidence);
          if (altered !== undefined)
            throw new RunError("altered", `${altered}; workers must share the folder of runs with the run`);
          await settle(folder, row);
        },
      });
    },
    close: () => boss.stop({ graceful: false }),
  };
}

const LONGEST_WALL_SECONDS = 3_600;
