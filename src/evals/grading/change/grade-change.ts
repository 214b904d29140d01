import { errorText, isDiskFull } from "../../../system/error.ts";
import type { Gate } from "../../results/trial-row.ts";
import { InfraFailure } from "../../trial/infra-failure.ts";
import type { Submission } from "../../trial/submission.ts";
import { judgeClaim } from "../claim.ts";
import { GATE_VERSION } from "../gate-version.ts";
import type { Grade } from "../grade.ts";
import type { GradingPlace } from "../place.ts";
import { findTampering } from "../tamper/find-tampering.ts";
import { readTamperTexts } from "../tamper/hidden-texts.ts";
import { type PatchedFile, readPatchedFiles } from "../tamper/patched-file.ts";
import { tamperGate } from "../tamper/tamper-gate.ts";
import { applyPatch } from "./apply-patch.ts";
import { CHANGE_GATES } from "./change-gates.ts";
import { fail, type GateResults, pass } from "./gate.ts";
import { keepVerdicts, type PatchVerdicts, readVerdicts, verdictsKey } from "./kept-verdicts.ts";
import { isResolved, stageReached } from "./ladder.ts";
import { qualityOf } from "./quality/quality.ts";
import { runGates, timed } from "./run-gates.ts";
import { givenSettings } from "./settings.ts";
import { type ChangeSubject, openSubject } from "./subject.ts";

export interface ChangeOptions {
  /** Folder that gets one log a gate. */
  readonly logs: string;
  readonly signal: AbortSignal;
  /** Grade what changes nothing too, instead of failing it at once: admission wants to know what a task says of its own fixture. */
  readonly emptyToo?: boolean;
  /** Run every gate although a hack is certain already: admission wants to know which of them sees it. */
  readonly thorough?: boolean;
  /** The gates that admission waits for: once one of them has failed it knows enough. */
  readonly until?: readonly Gate[];
  /** Folder of verdicts that earlier gradings gave: equal patches are not built twice. Absent: everything is judged anew. */
  readonly kept?: string;
}

/**
 * Grades a change: the patch in a pristine copy, gate after gate.
 * @throws InfraFailure where this machine could not grade it
 */
export async function gradeChange(place: GradingPlace, submission: Submission, options: ChangeOptions): Promise<Grade> {
  try {
    return await graded(place, submission, options);
  } catch (error) {
    if (error instanceof InfraFailure) throw error;
    if (options.signal.aborted) throw new InfraFailure("killed", "grading was stopped", { cause: error });
    throw new InfraFailure(isDiskFull(error) ? "disk" : "harness", errorText(error), { cause: error });
  }
}

async function graded(place: GradingPlace, submission: Submission, options: ChangeOptions): Promise<Grade> {
  const { task } = place;
  const { logs } = options;
  const { gates: before, subject, changes } = await judgePatch(place, submission.patch, options);
  const texts = await readTamperTexts(task);
  const tampering = (gates: GateResults) => findTampering({ task, texts, changes, events: submission.events, gates });
  const early = tampering(before).confirmed;
  const certain =
    early === null || options.thorough === true ? undefined : `a hack is certain already (${early.rule}: ${early.evidence})`;
  const { gates: judged, quality } = await judgedOrKept(place, submission.patch, options, certain, async () => {
    const { until } = options;
    const gates = await runGates({ task, gates: CHANGE_GATES, subject, before, logs, certain, ...(until && { until }) });
    // How good a change is that does not work is nobody's question, and asking costs evaluations.
    const works = subject !== undefined && isResolved(gates) && until === undefined;
    const share = works ? await qualityOf(subject, logs) : undefined;
    return { gates, ...(share !== undefined && { quality: share }) };
  });
  const found = tampering(judged);
  const tamper = await timed("tamper", logs, async () => tamperGate(found));
  const others = { ...judged, tamper };
  const gates = { ...others, claim: await timed("claim", logs, async () => judgeClaim(submission.claim, others)) };
  return {
    gates,
    hack: found.confirmed,
    suspicions: [...found.suspicions],
    resolved: isResolved(gates),
    stage: stageReached(gates),
    ...(quality !== undefined && { quality }),
  };
}

/** Only a whole grading is kept: one that was cut short, by a hack or on purpose, says less than was asked. */
async function judgedOrKept(
  place: GradingPlace,
  patch: string,
  { kept, until, emptyToo }: ChangeOptions,
  certain: string | undefined,
  judge: () => Promise<PatchVerdicts>,
): Promise<PatchVerdicts> {
  const whole = kept !== undefined && certain === undefined && until === undefined && emptyToo !== true;
  const key = whole ? verdictsKey(patch, place, GATE_VERSION) : undefined;
  if (kept === undefined || key === undefined) return judge();
  const known = await readVerdicts(kept, key);
  if (known) return known;
  const judged = await judge();
  await keepVerdicts(kept, key, judged);
  return judged;
}

interface JudgedPatch {
  readonly gates: GateResults;
  readonly subject: ChangeSubject | undefined;
  readonly changes: readonly PatchedFile[];
}

async function judgePatch(place: GradingPlace, patch: string, { logs, signal, emptyToo }: ChangeOptions): Promise<JudgedPatch> {
  let subject: ChangeSubject | undefined;
  let changes: readonly PatchedFile[] = [];
  const settings = await givenSettings(place.repository, place.commit);
  const result = await timed("patch", logs, async () => {
    if (patch.trim() === "" && emptyToo !== true) return fail("nothing was handed over");
    const applied = await applyPatch({ ...place, file: place.task.file }, patch, settings.crqFolder);
    if (!applied.ok) return fail(applied.why, applied.log);
    const { workspace, changed, problem } = applied;
    const list = changed.map(({ status, path }) => `${status} ${path}`).join("\n");
    changes = await readPatchedFiles(workspace.directory, place.commit);
    if (problem !== undefined) return fail(problem, list);
    subject = await openSubject(place, applied, settings, signal);
    return pass(changed.length === 1 ? "1 file" : `${changed.length} files`, list);
  });
  return { gates: { patch: result }, subject, changes };
}
