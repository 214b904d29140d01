import { join } from "node:path";
import type { EventBody } from "../agent/events.ts";
import { NO_TALLY, type Tally } from "../agent/limits.ts";
import { runLoop } from "../agent/loop.ts";
import type { Model } from "../agent/messages.ts";
import { isResumable, type Outcome } from "../agent/outcome.ts";
import { waivedCriteria } from "../crq/criteria/verdicts.ts";
import type { HandOver } from "../repo/workspace/hand-over.ts";
import { removeCopy, restore, snapshot } from "../repo/workspace/workspace.ts";
import { conversation } from "../session/fold.ts";
import { errorText } from "../system/error.ts";
import { askWaiverTool } from "../tools/finish.ts";
import { asQuestion } from "./decisions/question.ts";
import { surveyWorkspace } from "./facts/survey-workspace.ts";
import { Acceptance, criteriaDetails } from "./work/acceptance/acceptance.ts";
import { awaitingPerson, remainingOf } from "./work/acceptance/awaiting-person.ts";
import { criteriaAsked } from "./work/acceptance/criteria-asked.ts";
import { handedOverFiles, writeEvidence } from "./work/acceptance/evidence-files.ts";
import { guardedFromAgent } from "./work/acceptance/goal-posts.ts";
import { Standing } from "./work/acceptance/standing.ts";
import type { ApplyInput, ApplyResult, FirstAid } from "./work/apply-contract.ts";
import {
  aidedText,
  keepOutput,
  keptText,
  openingText,
  readProjectNotes,
  standingText,
  withoutFolders,
  withSaid,
} from "./work/conversation-texts.ts";
import {
  beforeWork,
  endOf,
  heldBack,
  mayGoOn,
  mayHandOverPart,
  notRunBecause,
  outcomeWords,
  publicName,
  unmetText,
} from "./work/endings.ts";
import { askingGate } from "./work/gate/asking-gate.ts";
import { createGate } from "./work/gate/proposal-gate.ts";
import { handOver, handOverWork } from "./work/hand-over.ts";
import { keepChange, putBack } from "./work/kept-change.ts";
import { workTools } from "./work/work-tools.ts";

/** From an approved CRQ to a hand-over: baseline, loop, verification, one commit. Yields the journal's events; the caller makes them durable. */

const CONVERSATION = "apply";
/** Of the second model. */
const SECOND = "apply-otherwise";

export async function* apply(input: ApplyInput): AsyncGenerator<EventBody, ApplyResult> {
  const { place, workspace } = input;
  const nothing = { handOver: { form: "nothing" } as const, diff: "" };
  const notes =
    workspace.uncommitted.length > 0
      ? [`not committed, so not part of the work: ${workspace.uncommitted.slice(0, 20).join(", ")}`]
      : [];
  const { unsafeLocal, canaries } = input;
  const goalPosts = guardedFromAgent(place.settings);
  const standing = new Standing(
    { crq: input.crq, ...(input.known && { known: input.known }) },
    {
      place,
      judgedBy: (asked) => new Acceptance({ place, workspace, unsafeLocal, canaries, goalPosts, ...asked }),
      ...(input.scope && { widened: input.scope.widened }),
    },
  );
  let kept: string | undefined;

  yield { type: "phase", phase: "baseline", detail: `criteria at ${workspace.base.slice(0, 12)}` };
  const baseline = await standing.baseline();
  yield { type: "acceptance", stage: "baseline", report: baseline };
  const today = new Date(place.now()).toISOString().slice(0, 10);
  const { metadata } = input.crq;
  const early = beforeWork(baseline, waivedCriteria(input.crq, metadata?.waivers ?? [], today), place.signal.aborted);
  if (early) return yield* finish(input.resume ? heldBack(early, input.resume) : early, undefined);

  // Without a snapshot nothing was accepted yet: what a killed process had half written goes as well.
  if (input.resume) await restore(workspace, input.resume.snapshot ?? workspace.base);
  const { tree } = await snapshot(workspace);
  // Repairs that were made first are part of what a model finds.
  const survey = surveyWorkspace({ ...input, ...(input.first && { at: async () => (await snapshot(workspace)).commit }) });
  const judge = createGate({
    place,
    workspace,
    yes: input.yes,
    cargoRoot: async () => (await survey()).survey.cargo?.root ?? ".",
    systems: metadata?.target?.systems ?? [],
    waivers: metadata?.waivers ?? [],
    weakened: (signal) => standing.weakened(signal),
  });
  const gate = input.askProposal ? askingGate(judge, input.askProposal) : judge;
  const work = workTools({
    place,
    workspace,
    gate,
    survey,
    tree,
    kind: metadata?.kind,
    systems: metadata?.target?.systems ?? place.settings.systems,
    criteria: async (named, { signal }) => {
      const asked = criteriaAsked(standing.crq, named);
      if ("problem" in asked) return asked;
      const { only } = asked;
      const judged = await standing.judge(only, signal);
      const shown = only ? judged.outcomes.filter(({ criterion }) => only.includes(criterion.id)) : judged.outcomes;
      return { ...criteriaDetails(judged), text: standingText(shown, judged.report) };
    },
  });
  const tools = [...work, askWaiverTool(async (signal) => remainingOf(await standing.judge(undefined, signal)))];
  const converse = async (model: Model, name: string, before: { readonly tally: Tally; readonly said?: string }) => {
    const resumed = input.resume && conversation(input.resume, name);
    return runLoop({
      model,
      system: await place.prompts.text("apply-system", { system: place.nix.system }),
      opening: await openingText(
        {
          ...input,
          project: await readProjectNotes(place, workspace, standing.crq.source, input.docs),
          crq: standing.crq,
          crqPath: crqPath(),
          ...(before.said !== undefined && { before: before.said }),
        },
        await standing.baseline(),
      ),
      name,
      limits: place.limits,
      maxOutputTokens: place.maxOutputTokens,
      signal: place.signal,
      now: place.now,
      tools,
      // The worktree was put back to its last snapshot, so a call that a crash cut off may simply run again.
      mayRunAgain: () => true,
      keep: (kept, text) => keepOutput(place.sessionFolder, kept, text),
      clean: (text) => place.redact(withoutFolders(text, workspace, place)),
      texts: { nudge: "", goOn: await place.prompts.text("go-on") },
      ...(resumed ? { resume: resumed } : { spent: before.tally }),
      acceptance: (signal) => standing.accept(signal),
    });
  };

  const aid: FirstAid = input.first ? yield* input.first(gate) : { kind: "open", builds: 0, wallMs: 0, done: [] };
  if (aid.kind === "ended") return yield* finish(aid.outcome, NO_TALLY);
  const aided = await snapshot(workspace);
  const wider = await input.scope?.widened();
  if (wider) yield { type: "acceptance", stage: "baseline", report: await standing.move(wider) };
  let worked: { readonly outcome: Outcome; readonly tally: Tally } = { outcome: { kind: "done" }, tally: NO_TALLY };
  let worker: Pick<Model, "name"> | undefined;
  const before = aid.kind === "open" ? yield* withKept() : undefined;
  if (before?.stands && input.kept) worker = { name: input.kept.model };
  else if (aid.kind === "open") {
    worker = input.model;
    const tally = { ...NO_TALLY, builds: aid.builds, wallMs: aid.wallMs };
    worked = yield* await converse(input.model, CONVERSATION, { tally, ...withSaid(aidedText(aid.done), before?.said) });
    if (input.otherwise && mayGoOn(worked.outcome)) {
      const said = `${worker.name} worked on it first and ended so: ${outcomeWords(worked.outcome)}`;
      worker = input.otherwise;
      worked = yield* await converse(input.otherwise, SECOND, { tally: worked.tally, ...withSaid(aidedText(aid.done), said) });
    }
  }
  const { tally } = worked;
  const outcome = asQuestion(worked.outcome);
  const part = mayHandOverPart(outcome) ? await input.scope?.narrowed(outcome, standing.acceptance, aided) : undefined;
  if (outcome.kind === "question" && outcome.waivers !== undefined && !part) {
    kept = await keepChange(workspace, place.sessionFolder);
    notes.push(`the finished change is kept; to take it as it is: git am < "${kept}"`);
  }
  if (outcome.kind !== "done" && !part) return yield* finish(outcome, tally);
  if (part) await standing.move(part);

  yield { type: "phase", phase: "verify", detail: "every criterion on a fresh copy" };
  const judged = await standing.verify();
  yield { type: "acceptance", stage: "verify", report: judged.report };
  if (place.signal.aborted) return yield* finish({ kind: "interrupted" }, tally);
  const waiting = awaitingPerson(judged.report);
  if (!judged.report.gate.ok && waiting.length === 0)
    return yield* finish(part ? outcome : { kind: "unmet", detail: unmetText(judged) }, tally);
  const ended = part?.outcome ?? endOf(standing.crq, waiting);
  if (waiting.length > 0 && !workspace.git && input.form.form !== "patch") {
    notes.push("files are written back only when every criterion is proven; pass --patch FILE to get the change as a patch");
    return yield* finish(ended, tally);
  }

  const form = input.chooseForm ? await input.chooseForm() : input.form;
  if (form === undefined) return yield* finish({ kind: "interrupted" }, tally);
  yield { type: "phase", phase: "hand-over" };
  const common = { workspace, crqFolder: place.settings.crqFolder, form, identity: input.identity, proven: judged.tree };
  const assistedBy = worker === undefined ? place.agent : `${place.agent}/${publicName(worker.name)}`;
  const given = input.work
    ? await handOverWork({ ...common, ...input.work(), assistedBy })
    : await handOver({
        ...common,
        crq: standing.crq,
        crqPath: crqPath(),
        reports: handedOverFiles(judged.report),
        assistedBy,
        waiting,
      });
  if (given.handOver.form === "branch" && given.inTheWay.length > 0) {
    const paths = given.inTheWay.slice(0, 10).join(", ");
    notes.push(
      `before you merge: ${paths} lie uncommitted in your checkout and are part of the branch; commit them first, or git stash --include-untracked`,
    );
  }
  return yield* finish(ended, tally, given);

  /** A document that moves with the work has its own path. */
  function crqPath(): string {
    return input.scope ? standing.crq.path : input.crqPath;
  }

  async function* finish(
    ended: Outcome,
    spent: Tally | undefined,
    given: { readonly handOver: HandOver; readonly diff: string } = nothing,
  ): AsyncGenerator<EventBody, ApplyResult> {
    try {
      const { report, folder } = standing.last ?? (await standing.unjudged(notRunBecause(ended, spent)));
      await writeEvidence(join(place.sessionFolder, "report"), report, folder);
    } catch (error) {
      // The outcome stands, with or without its evidence; that this is missing must be known.
      notes.push(`the evidence could not be written: ${errorText(error)}`);
    }
    if (input.scope) yield* input.scope.lastLook(ended);
    yield { type: "outcome", outcome: ended, detail: { handOver: given.handOver } };
    if (!isResumable(ended)) await removeCopy(place.workFolder);
    const { handOver: over, diff } = given;
    return { outcome: ended, report: standing.last?.report, handOver: over, diff, tally: spent, notes, ...(kept && { kept }) };
  }

  /** The change of an earlier run in the worktree, and whether a person's waiver was all that it lacked; undefined: there is none. */
  async function* withKept(): AsyncGenerator<EventBody, { readonly stands: boolean; readonly said: string } | undefined> {
    // Who is in the middle of a conversation knows what it began with.
    if (input.kept === undefined || (input.resume && conversation(input.resume, CONVERSATION))) return undefined;
    yield { type: "phase", phase: "kept-change", detail: `of ${input.kept.session}` };
    if (input.resume?.snapshot === undefined) {
      if (!(await putBack(workspace, input.kept))) {
        notes.push(`the change that ${input.kept.session} kept does not fit the files any more, so the work began anew`);
        return undefined;
      }
      yield { type: "snapshot", tree: (await snapshot(workspace)).tree };
    }
    const judged = await standing.judge(undefined, place.signal);
    yield { type: "acceptance", stage: "loop", report: criteriaDetails(judged) };
    const stands = judged.report.gate.ok || awaitingPerson(judged.report).length > 0;
    return { stands, said: keptText(input.kept, standingText(judged.outcomes, judged.report)) };
  }
}
