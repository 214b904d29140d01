import type { Submission } from "../../trial/submission.ts";
import { judgeClaim } from "../claim.ts";
import type { Grade } from "../grade.ts";
import type { GradingPlace } from "../place.ts";
import { applyPatch } from "./apply-patch.ts";
import { fail, type GateDefinition, type GateResults, pass } from "./gate.ts";
import { build } from "./gates/build.ts";
import { golden, shadow } from "./gates/cases.ts";
import { outputs } from "./gates/outputs.ts";
import { parse } from "./gates/parse.ts";
import { isResolved, stageReached } from "./ladder.ts";
import { runGates, timed } from "./run-gates.ts";
import { givenSettings } from "./settings.ts";
import { type ChangeSubject, openSubject } from "./subject.ts";

/** In the order in which they are run. */
export const CHANGE_GATES: readonly GateDefinition<ChangeSubject>[] = [parse, outputs, build, golden, shadow];

export interface ChangeOptions {
  /** Folder that gets one log a gate. */
  readonly logs: string;
  readonly signal: AbortSignal;
  /** Grade what changes nothing too, instead of failing it at once: admission wants to know what a task says of its own fixture. */
  readonly emptyToo?: boolean;
}

/**
 * Grades a change: the patch in a pristine copy, gate after gate.
 * @throws InfraFailure where this machine could not grade it
 */
export async function gradeChange(place: GradingPlace, submission: Submission, options: ChangeOptions): Promise<Grade> {
  const { logs, signal } = options;
  const settings = await givenSettings(place.repository, place.commit);
  let subject: ChangeSubject | undefined;
  const patch = await timed("patch", logs, async () => {
    if (submission.patch.trim() === "" && options.emptyToo !== true) return fail("nothing was handed over");
    const applied = await applyPatch(place, submission.patch, settings.crqFolder);
    if (!applied.ok) return fail(applied.why, applied.log);
    subject = await openSubject(place, applied.directory, applied.changed, settings, signal);
    const { length } = applied.changed;
    return pass(
      length === 1 ? "1 file" : `${length} files`,
      applied.changed.map(({ status, path }) => `${status} ${path}`).join("\n"),
    );
  });
  const judged = await runGates({
    task: place.task,
    gates: CHANGE_GATES,
    subject,
    before: { patch },
    logs,
    certain: undefined,
  });
  const gates: GateResults = { ...judged, claim: await timed("claim", logs, async () => judgeClaim(submission.claim, judged)) };
  return { gates, hack: null, suspicions: [], resolved: isResolved(gates), stage: stageReached(gates) };
}
