import { join } from "node:path";
import { type Baseline, runBaseline } from "../../../crq/criteria/baseline.ts";
import { createWorkspace } from "../../../repo/workspace/workspace.ts";
import type { Submission } from "../../trial/submission.ts";
import { fail, type GateResults } from "../change/gate.ts";
import { isResolved } from "../change/ladder.ts";
import { runGates, timed } from "../change/run-gates.ts";
import { givenSettings } from "../change/settings.ts";
import { judgeClaim } from "../claim.ts";
import type { Grade } from "../grade.ts";
import type { GradingPlace } from "../place.ts";
import { type GradeOptions, laidPatch } from "../refuse/grade-refusal.ts";
import { findTampering } from "../tamper/find-tampering.ts";
import { readTamperTexts } from "../tamper/hidden-texts.ts";
import { tamperGate } from "../tamper/tamper-gate.ts";
import { DRAFT_GATES } from "./gates.ts";
import { type DraftSubject, lintDraft } from "./subject.ts";
import { type OverlayVerdict, requireMachineOf, tryOverlay } from "./try-overlay.ts";

/**
 * Grades a drafted document: its form, what it rests on, and what its checks can tell apart. The drafter has nothing to change in the repository.
 * @throws InfraFailure where this machine could not grade it
 */
export async function gradeDraft(place: GradingPlace, submission: Submission, options: GradeOptions): Promise<Grade> {
  const { logs } = options;
  const subject = submission.draft === undefined ? undefined : await openDraft(place, submission.draft, options);
  const nothing: GateResults =
    subject === undefined ? { form: await timed("form", logs, async () => fail("no document was handed in")) } : {};
  const judged = await runGates({
    task: place.task,
    gates: subject === undefined ? DRAFT_GATES.filter(({ name }) => name !== "form") : DRAFT_GATES,
    subject,
    before: nothing,
    logs,
    certain: undefined,
  });
  const changes = await laidPatch(place, submission.patch);
  const tampering = findTampering({
    task: place.task,
    texts: await readTamperTexts(place.task),
    changes: typeof changes === "string" ? [] : changes,
    events: submission.events,
    gates: judged,
  });
  const all: GateResults = { ...judged, tamper: await timed("tamper", logs, async () => tamperGate(tampering)) };
  const gates: GateResults = { ...all, claim: await timed("claim", logs, async () => judgeClaim(submission.claim, all)) };
  const resolved = isResolved(gates);
  return {
    gates,
    hack: tampering.confirmed,
    suspicions: [...tampering.suspicions],
    resolved,
    stage: resolved ? "resolved" : "none",
  };
}

/** Everything that the gates of a draft ask, each asked once. */
export async function openDraft(place: GradingPlace, markdown: string, { logs, signal }: GradeOptions): Promise<DraftSubject> {
  const settings = await givenSettings(place.repository, place.commit);
  const { crq, diagnostics } = await lintDraft(place, markdown, settings);
  const trial = { place, crq, settings, signal };
  let taken: Promise<Baseline> | undefined;
  const tried = new Map<string, Promise<OverlayVerdict>>();
  const baseline = (): Promise<Baseline> => {
    taken ??= takeBaseline(trial, logs);
    return taken;
  };
  return {
    place,
    crq,
    diagnostics,
    baseline,
    tryOverlay(overlay) {
      const known = tried.get(overlay) ?? baseline().then((base) => tryOverlay(trial, base, overlay, logs));
      tried.set(overlay, known);
      return known;
    },
  };
}

async function takeBaseline({ place, crq, settings, signal }: Parameters<typeof tryOverlay>[0], logs: string): Promise<Baseline> {
  const { directory } = await createWorkspace(place.repository, join(place.work, "baseline"), settings.crqFolder);
  const { baseline, run } = await runBaseline(
    {
      crq,
      target: { directory, base: place.commit },
      nix: place.nix,
      environment: place.environment,
      folder: join(logs, "checks-base"),
      signal,
      crqFolder: settings.crqFolder,
      ...(settings.judgeInputs && { judgeInputs: settings.judgeInputs }),
    },
    "grading",
  );
  await requireMachineOf(run, place.environment);
  return baseline;
}
