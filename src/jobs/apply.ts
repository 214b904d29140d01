import { join } from "node:path";
import type { EventBody } from "../agent/events.ts";
import { NO_TALLY, type Tally } from "../agent/limits.ts";
import { type Acceptance as LoopAcceptance, runLoop } from "../agent/loop.ts";
import type { Model } from "../agent/messages.ts";
import { isResumable, type Outcome } from "../agent/outcome.ts";
import { type Baseline, judgeBaseline } from "../crq/criteria/baseline.ts";
import type { CanaryEvidence, CrqReport } from "../crq/criteria/report/evidence.ts";
import { reportExitCode } from "../crq/criteria/report/gate.ts";
import { waivedCriteria } from "../crq/criteria/verdicts.ts";
import type { Crq } from "../crq/model.ts";
import type { HandOver } from "../repo/workspace/hand-over.ts";
import { removeCopy, restore, snapshot, type Workspace } from "../repo/workspace/workspace.ts";
import type { SessionState } from "../session/fold.ts";
import { conversation } from "../session/fold.ts";
import { errorText } from "../system/error.ts";
import { asQuestion } from "./decisions/question.ts";
import { surveyWorkspace } from "./facts/survey-workspace.ts";
import type { JobPlace } from "./job-place.ts";
import { Acceptance, criteriaDetails, describeOutcomes, type Judged } from "./work/acceptance/acceptance.ts";
import { awaitingPerson } from "./work/acceptance/awaiting-person.ts";
import { handedOverFiles, writeEvidence } from "./work/acceptance/evidence-files.ts";
import { guardedFromAgent } from "./work/acceptance/goal-posts.ts";
import { gateText, keepOutput, openingText, withoutFolders } from "./work/conversation-texts.ts";
import { createGate, type SessionGate } from "./work/gate/proposal-gate.ts";
import { type HandOverForm, handOver, handOverWork, type WorkText } from "./work/hand-over.ts";
import { workTools } from "./work/work-tools.ts";

/** From an approved CRQ to a hand-over: baseline, loop, verification, one commit. Yields the journal's events; the caller makes them durable. */

export interface ApplyInput {
  readonly place: JobPlace;
  readonly model: Model;
  /** Goes on where `model` ended without meeting the criteria: a language model after the rules. */
  readonly otherwise?: Model;
  /** Repairs that need no model, before any is asked. */
  readonly first?: (gate: SessionGate) => AsyncGenerator<EventBody, FirstAid>;
  readonly workspace: Workspace;
  /** Approved; or, with `work`, only what the work is judged by. */
  readonly crq: Crq;
  /** Inside the repository. */
  readonly crqPath: string;
  readonly docs: readonly string[];
  readonly task: string | undefined;
  readonly yes: boolean;
  readonly unsafeLocal: boolean;
  readonly canaries: Promise<readonly CanaryEvidence[]>;
  readonly form: HandOverForm;
  /** Hands over the work alone, in these words, without the CRQ, its lists and its report. */
  readonly work?: () => WorkText;
  readonly identity: { readonly name: string; readonly email: string };
  readonly announce: readonly string[];
  readonly resume?: SessionState;
}

export interface ApplyResult {
  readonly outcome: Outcome;
  /** Of the last acceptance run that was made; where none came so far it says so of every criterion. undefined: it could not be made. */
  readonly report: CrqReport | undefined;
  readonly handOver: HandOver;
  readonly diff: string;
  readonly tally: Tally | undefined;
  /** What should be known although it did not decide the outcome. */
  readonly notes: readonly string[];
}

/** What came of the repairs that need no model: a model is asked only where the way is `open`. */
export type FirstAid =
  | { readonly kind: "stands" }
  /** With what was used: the limits hold for all of the work. */
  | { readonly kind: "open"; readonly builds: number; readonly wallMs: number }
  | { readonly kind: "ended"; readonly outcome: Outcome };

const CONVERSATION = "apply";
/** Of the second model. */
const SECOND = "apply-otherwise";

export async function* apply(input: ApplyInput): AsyncGenerator<EventBody, ApplyResult> {
  const { place, workspace, crq } = input;
  const nothing = { handOver: { form: "nothing" } as const, diff: "" };
  const notes =
    workspace.uncommitted.length > 0
      ? [`not committed, so not part of the work: ${workspace.uncommitted.slice(0, 20).join(", ")}`]
      : [];
  const acceptance = new Acceptance({
    place,
    workspace,
    crq,
    unsafeLocal: input.unsafeLocal,
    canaries: input.canaries,
    goalPosts: guardedFromAgent(place.settings),
  });
  let last: Judged | undefined;

  yield { type: "phase", phase: "baseline", detail: `criteria at ${workspace.base.slice(0, 12)}` };
  const baseline = await acceptance.baseline(place.signal);
  yield { type: "acceptance", stage: "baseline", report: baseline };
  const today = new Date(place.now()).toISOString().slice(0, 10);
  const early = beforeWork(baseline, waivedCriteria(crq, crq.metadata?.waivers ?? [], today), place.signal.aborted);
  if (early) return yield* finish(early, undefined);

  if (input.resume?.snapshot !== undefined) await restore(workspace, input.resume.snapshot);
  const { tree } = await snapshot(workspace);
  // Repairs that were made first are part of what a model finds.
  const survey = surveyWorkspace({ ...input, ...(input.first && { at: async () => (await snapshot(workspace)).commit }) });
  const gate = createGate({
    place,
    workspace,
    yes: input.yes,
    cargoRoot: async () => (await survey()).survey.cargo?.root ?? ".",
    systems: crq.metadata?.target?.systems ?? [],
  });
  const criteria = async (only: readonly string[] | undefined, signal: AbortSignal): Promise<Judged> => {
    const judged = await acceptance.judge("loop", signal, only);
    if (only === undefined) last = judged;
    return judged;
  };
  const tools = workTools({
    place,
    workspace,
    gate,
    survey,
    tree,
    kind: crq.metadata?.kind,
    systems: crq.metadata?.target?.systems ?? place.settings.systems,
    criteria: async (only, { signal }) => {
      const judged = await criteria(only, signal);
      const shown = only ? judged.outcomes.filter(({ criterion }) => only.includes(criterion.id)) : judged.outcomes;
      return { ...criteriaDetails(judged), text: [describeOutcomes(shown), ...gateText(judged.report)].join("\n") };
    },
  });
  const accept = async (signal: AbortSignal): Promise<LoopAcceptance> => {
    const judged = await criteria(undefined, signal);
    const { gate: verdict } = judged.report;
    const progress = judged.outcomes.filter(({ verdict: each }) => each === "pass" || each === "waived").length;
    const details = { ...criteriaDetails(judged), progress };
    if (verdict.ok || awaitingPerson(judged.report).length > 0) return { ok: true, text: "", details };
    const exit = reportExitCode(judged.report);
    const detail = gateText(judged.report).join("; ");
    if (exit === 6) return { ok: false, text: "", details, outcome: { kind: "tampering", detail } };
    if (exit === 4) return { ok: false, text: "", details, outcome: { kind: "incomplete", detail } };
    return {
      ok: false,
      details,
      text: await place.prompts.text("unmet-criteria", {
        criteria: [describeOutcomes(judged.outcomes), ...gateText(judged.report)].join("\n"),
      }),
    };
  };
  const converse = async (model: Model, name: string, before: { readonly tally: Tally; readonly said?: string }) => {
    const resumed = input.resume && conversation(input.resume, name);
    return runLoop({
      model,
      system: await place.prompts.text("apply-system", { system: place.nix.system }),
      opening: await openingText({ ...input, ...(before.said !== undefined && { before: before.said }) }, baseline),
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
      acceptance: accept,
    });
  };

  const aid: FirstAid = input.first ? yield* input.first(gate) : { kind: "open", builds: 0, wallMs: 0 };
  if (aid.kind === "ended") return yield* finish(aid.outcome, NO_TALLY);
  let worked: { readonly outcome: Outcome; readonly tally: Tally } = { outcome: { kind: "done" }, tally: NO_TALLY };
  let worker: Model | undefined;
  if (aid.kind === "open") {
    worker = input.model;
    worked = yield* await converse(worker, CONVERSATION, { tally: { ...NO_TALLY, builds: aid.builds, wallMs: aid.wallMs } });
    if (input.otherwise && mayGoOn(worked.outcome)) {
      const said = `${worker.name} worked on it first and ended so: ${outcomeWords(worked.outcome)}`;
      worker = input.otherwise;
      worked = yield* await converse(worker, SECOND, { tally: worked.tally, said });
    }
  }
  const { outcome, tally } = worked;
  if (outcome.kind !== "done") return yield* finish(asQuestion(outcome), tally);

  yield { type: "phase", phase: "verify", detail: "every criterion on a fresh copy" };
  const judged = await acceptance.judge("verify", place.signal);
  last = judged;
  yield { type: "acceptance", stage: "verify", report: judged.report };
  if (place.signal.aborted) return yield* finish({ kind: "interrupted" }, tally);
  const waiting = awaitingPerson(judged.report);
  if (!judged.report.gate.ok && waiting.length === 0) return yield* finish({ kind: "unmet", detail: unmetText(judged) }, tally);
  const ended = endOf(crq, waiting);
  if (waiting.length > 0 && !workspace.git && input.form.form !== "patch") {
    notes.push("files are written back only when every criterion is proven; pass --patch FILE to get the change as a patch");
    return yield* finish(ended, tally);
  }

  yield { type: "phase", phase: "hand-over" };
  const common = { workspace, crqFolder: place.settings.crqFolder, form: input.form, identity: input.identity };
  const assistedBy = worker === undefined ? place.agent : `${place.agent}/${publicName(worker.name)}`;
  const given = input.work
    ? await handOverWork({ ...common, ...input.work(), assistedBy })
    : await handOver({
        ...common,
        crq,
        crqPath: input.crqPath,
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

  async function* finish(
    ended: Outcome,
    spent: Tally | undefined,
    given: { readonly handOver: HandOver; readonly diff: string } = nothing,
  ): AsyncGenerator<EventBody, ApplyResult> {
    try {
      last ??= await acceptance.unjudged(notRunBecause(ended, spent));
      await writeEvidence(join(place.sessionFolder, "report"), last.report, last.folder);
    } catch (error) {
      // The outcome stands, with or without its evidence; that this is missing must be known.
      notes.push(`the evidence could not be written: ${errorText(error)}`);
    }
    yield { type: "outcome", outcome: ended, detail: { handOver: given.handOver } };
    if (!isResumable(ended)) await removeCopy(place.workFolder);
    return { outcome: ended, report: last?.report, handOver: given.handOver, diff: given.diff, tally: spent, notes };
  }
}

/** Whether another model may do what the first could not; a limit of the run, an interruption or a person's decision ends it for both. */
function mayGoOn({ kind }: Outcome): boolean {
  switch (kind) {
    case "gave-up":
    case "unmet":
    case "question":
      return true;
    case "done":
    case "nothing-to-do":
    case "incomplete":
    case "limit":
    case "tampering":
    case "provider":
    case "infra":
    case "interrupted":
      return false;
  }
}

const outcomeWords = (outcome: Outcome): string => ("detail" in outcome ? `${outcome.kind}: ${outcome.detail}` : outcome.kind);

/** What stands in the way: besides the criteria, else the first of them. */
function unmetText({ report, outcomes }: Judged): string {
  const besides = gateText(report);
  if (besides.length > 0) return besides.join("; ");
  return describeOutcomes(outcomes.filter(({ verdict }) => verdict !== "pass" && verdict !== "waived").slice(0, 1));
}

/** Why no criterion was run on the work, in the words of its report. */
const notRunBecause = (ended: Outcome, spent: Tally | undefined): string =>
  spent === undefined
    ? "not run again: nothing was changed since the criteria were tried at the starting point"
    : `not run: the work ended before its criteria were due (${ended.kind})`;

/** A script is a file of this machine; only what it is called is anybody else's business. */
const publicName = (model: string): string => model.replace(/^(scripted:).*[/\\]/u, "$1");

function endOf(crq: Crq, waiting: readonly string[]): Outcome {
  if (waiting.length === 0) return { kind: "done" };
  const answer = waiting.map((id) => `--answer ${id}=pass`).join(" ");
  const detail = `${waiting.join(", ")} ${waiting.length === 1 ? "waits" : "wait"} for a person; look at the change, then: crq-agent verify ${crq.metadata?.id ?? crq.path} ${answer} (or =fail)`;
  return { kind: "incomplete", detail };
}

/** What the baseline alone decides. */
function beforeWork(baseline: Baseline, waived: ReadonlySet<string>, aborted: boolean): Outcome | undefined {
  if (aborted) return { kind: "interrupted" };
  const { incomplete, red } = judgeBaseline(baseline, waived);
  const first = incomplete[0];
  if (first) return { kind: "incomplete", detail: `${first.criterion} cannot be judged here: ${first.reason}` };
  if (red) return undefined;
  const unmet = baseline.checks.find((check) => check.verdict !== "pass");
  if (unmet === undefined) return { kind: "nothing-to-do", detail: "every criterion holds at the starting point already" };
  return {
    kind: "unmet",
    detail: `no check that reaches Nix is red for its content at the starting point (${unmet.criterion}: ${unmet.reason}), so the criteria could not show a change`,
  };
}
