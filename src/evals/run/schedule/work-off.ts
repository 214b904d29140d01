import type { TrialRow } from "../../results/trial-row.ts";
import type { PlannedTrial } from "../manifest.ts";
import { admits, type Needs, type Room } from "./admission.ts";

/** Carries trials out in their order, as many at once as the machine admits. */

export interface Work {
  readonly trial: PlannedTrial;
  readonly needs: Needs;
  /** Whose asks fail when it is down. */
  readonly provider: string;
  /** Attempts that may still fail for infrastructure, this one included. */
  readonly tries: number;
}

export interface WorkOptions {
  readonly work: readonly Work[];
  readonly room: () => Room;
  /** Does one attempt and puts what came of it on disk. Throws only what ends the whole run. */
  readonly carryOut: (trial: PlannedTrial) => Promise<TrialRow>;
  /** Aborted: no new trial begins, the running ones finish. */
  readonly stop: AbortSignal;
  /** US dollars that the run may cost in all, and what it cost before. */
  readonly budget?: { readonly maxUsd: number; readonly spentUsd: number };
  readonly onRow?: (row: TrialRow, left: number) => void;
}

export interface WorkEnd {
  readonly why: "finished" | "interrupted" | "cap";
  /** Providers that were given up, with the last reason: their trials wait for another run. */
  readonly paused: ReadonlyMap<string, string>;
  readonly spentUsd: number;
}

/** So many trials in a row that end because a provider does not answer are no chance. */
const PROVIDER_IS_DOWN = 3;

export async function workOff(options: WorkOptions): Promise<WorkEnd> {
  const { room, carryOut, stop, budget, onRow } = options;
  const queue = [...options.work];
  const running = new Map<Work, Promise<void>>();
  const paused = new Map<string, string>();
  const failures = new Map<string, number>();
  let spentUsd = budget?.spentUsd ?? 0;
  let failed: { readonly error: unknown } | undefined;

  const one = async (work: Work): Promise<void> => {
    try {
      const row = await carryOut(work.trial);
      spentUsd += row.usage.usd ?? 0;
      if (row.infra && work.tries > 1) queue.push({ ...work, tries: work.tries - 1 });
      if (row.infra?.class === "provider") {
        const times = (failures.get(work.provider) ?? 0) + 1;
        failures.set(work.provider, times);
        if (times >= PROVIDER_IS_DOWN) paused.set(work.provider, row.infra.detail);
      } else if (row.usage.calls > 0) failures.delete(work.provider);
      onRow?.(row, queue.length + running.size - 1);
    } catch (error) {
      failed ??= { error };
    } finally {
      running.delete(work);
    }
  };

  const mayBegin = (): boolean => !stop.aborted && !failed && (budget === undefined || spentUsd < budget.maxUsd);
  for (;;) {
    while (mayBegin()) {
      const at = queue.findIndex(({ provider }) => !paused.has(provider));
      const next = queue[at];
      if (
        !next ||
        !admits(
          [...running.keys()].map(({ needs }) => needs),
          next.needs,
          room(),
        )
      )
        break;
      queue.splice(at, 1);
      running.set(next, one(next));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failed) throw failed.error;
  const left = queue.some(({ provider }) => !paused.has(provider));
  const why = !left ? "finished" : stop.aborted ? "interrupted" : "cap";
  return { why, paused, spentUsd };
}
