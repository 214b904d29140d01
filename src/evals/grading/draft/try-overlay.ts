import { join } from "node:path";
import type { Baseline } from "../../../crq/criteria/baseline.ts";
import { type CriterionOutcome, outcomesOf } from "../../../crq/criteria/outcomes.ts";
import { type AcceptanceRun, runAcceptance } from "../../../crq/criteria/runner.ts";
import type { Crq } from "../../../crq/model.ts";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";
import { layOverlay } from "../../task/overlay.ts";
import { requireMachine } from "../change/observe.ts";
import type { GivenSettings } from "../change/settings.ts";
import type { GradingPlace } from "../place.ts";

/** What a document's checks say of a tree. */

export interface OverlayVerdict {
  readonly overlay: string;
  /** Every criterion that a machine can judge passes, and there is one. */
  readonly accepted: boolean;
  /** The criteria that decided, one line each. */
  readonly reason: string;
}

export interface Trial {
  readonly place: GradingPlace;
  readonly crq: Crq;
  readonly settings: GivenSettings;
  readonly signal: AbortSignal;
}

/** Runs all checks of a document on a tree, judged against the staged commit. */
export async function runChecks(
  { place, crq, settings, signal }: Trial,
  directory: string,
  folder: string,
): Promise<AcceptanceRun> {
  const run = await runAcceptance({
    crq,
    target: { directory, base: place.commit },
    nix: place.nix,
    environment: place.environment,
    folder,
    signal,
    crqFolder: settings.crqFolder,
    ...(settings.judgeInputs && { judgeInputs: settings.judgeInputs }),
  });
  await requireMachineOf(run, place.environment);
  return run;
}

/** @throws InfraFailure where the machine is why one of the checks has no verdict */
export async function requireMachineOf({ criteria }: AcceptanceRun, environment: ExecutionEnvironment): Promise<void> {
  for (const { checks } of criteria) for (const { result } of checks) await requireMachine(result, environment);
}

/** Lays an overlay of the task over the fixture and asks the checks. `baseline`: what holds before the change proves nothing after it. */
export async function tryOverlay(trial: Trial, baseline: Baseline, overlay: string, logs: string): Promise<OverlayVerdict> {
  const { place } = trial;
  const name = overlay.replaceAll("/", "-");
  const directory = join(place.work, `overlay-${name}`);
  const { task, repository, commit, nix } = place;
  const { unlocked } = await layOverlay({ task, repository, commit, nix, signal: trial.signal }, overlay, directory);
  const run = await runChecks(trial, directory, join(logs, `checks-${name}`));
  const verdict = verdictOf(outcomesOf({ run, baseline, acceptedCanaries: new Set(), waivers: [], today: "1970-01-01" }));
  return { overlay, ...verdict, reason: unlocked === undefined ? verdict.reason : `${verdict.reason} (not locked: ${unlocked})` };
}

/** A criterion that only a person can judge speaks neither for nor against. Pure. */
export function verdictOf(outcomes: readonly CriterionOutcome[]): Pick<OverlayVerdict, "accepted" | "reason"> {
  const judged = outcomes.filter(({ verdict }) => verdict !== "manual");
  const against = judged.filter(({ verdict }) => verdict !== "pass");
  const shown = (against.length > 0 ? against : judged).map(
    ({ criterion, verdict, reason }) => `${criterion.id} ${verdict}: ${reason}`,
  );
  return {
    accepted: judged.length > 0 && against.length === 0,
    reason: shown.join("\n") || "no criterion that a machine can judge",
  };
}
