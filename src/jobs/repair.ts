import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EventBody } from "../agent/events.ts";
import type { Model } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import type { CanaryEvidence } from "../crq/criteria/report/evidence.ts";
import type { Crq } from "../crq/model.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import { ForeseenError } from "../system/errors/foreseen.ts";
import { apply } from "./apply.ts";
import { surveyWorkspace } from "./facts/survey-workspace.ts";
import type { JobPlace } from "./job-place.ts";
import { programOf, type RepairScope } from "./repair/criteria.ts";
import { branchOf, type LeftBroken, shortName } from "./repair/document.ts";
import { adoptedEvent, adoptUntracked } from "./repair/from-checkout.ts";
import { mechanicsFirst } from "./repair/mechanics-first.ts";
import { lookAtOthers, type OtherOutputs } from "./repair/other-outputs.ts";
import { type Repair, type RepairLog, withEvent, withWrong } from "./repair/repair-log.ts";
import { RepairRequest } from "./repair/request.ts";
import { failuresIn } from "./repair/scope.ts";
import { namedTargets, offeredOutputs, type Target, wholeFlake } from "./repair/targets.ts";
import { targetsInWords } from "./repair/words.ts";
import { Acceptance } from "./work/acceptance/acceptance.ts";
import { guardedFromAgent } from "./work/acceptance/goal-posts.ts";
import type { Asked } from "./work/acceptance/standing.ts";
import type { ApplyResult } from "./work/apply-contract.ts";
import type { HandOverForm, WorkText } from "./work/hand-over.ts";

/**
 * `crq-agent repair`: the walk of `apply` with a change request that it writes itself: what is broken stands again, and what stands still does. So the
 * promises are those of `apply`: red at the start, proven in a fresh copy, nothing weakened, the checkout untouched.
 */

export interface RepairInput {
  readonly place: JobPlace;
  /** As given; undefined: the flake as a whole. */
  readonly attribute: string | undefined;
  /** Asked where the mechanics do not do: rules, which cost nothing, unless a person wants another one from the start. */
  readonly model: Model;
  /** Goes on where `model` ended: a language model that a person named. */
  readonly otherwise: Model | undefined;
  /** The person's own words about what is broken. */
  readonly task: string | undefined;
  readonly workspace: Workspace;
  readonly yes: boolean;
  readonly unsafeLocal: boolean;
  readonly canaries: (crq: Crq) => Promise<readonly CanaryEvidence[]>;
  readonly form: HandOverForm;
  readonly identity: { readonly name: string; readonly email: string };
  readonly announce: readonly string[];
  /** Number of the CRQ that documents the repair; undefined: none is handed over. */
  readonly documentId: string | undefined;
}

export interface RepairResult extends ApplyResult {
  /** Full attribute paths of what was looked at; empty when none could be told. */
  readonly attributes: readonly string[];
  /** Those of them that did not stand at HEAD. */
  readonly broken: readonly string[];
  /** Those of `broken` that what was handed over does not mend: all of them where nothing was. */
  readonly left: readonly LeftBroken[];
  /** Full paths: the machine gave no answer for them, so nothing is said of them. */
  readonly untried: readonly string[];
  /** The rest of the flake, where an attribute was named and there was a result. */
  readonly others: OtherOutputs | undefined;
  /** What was wrong at HEAD, root cause first. */
  readonly before: readonly Diagnosis[];
  /** What is still wrong, when it was not repaired. */
  readonly after: Diagnosis | undefined;
  readonly repairs: readonly Repair[];
  /** Of the whole run, the baseline's not counted. */
  readonly builds: number;
  /** Path of the CRQ inside the repository, when one is part of what was handed over. */
  readonly document: string | undefined;
}

/** Thrown when there is nothing that could be repaired: exit 2. */
export class NotRepairable extends ForeseenError {
  override readonly name = "NotRepairable";
}

export async function* repair(input: RepairInput): AsyncGenerator<EventBody, RepairResult> {
  const { place, workspace, unsafeLocal } = input;
  const options = { signal: place.signal, timeoutMs: place.settings.evalTimeoutMs };
  const { system } = place.nix;
  let log: RepairLog = { repairs: [], builds: 0, wrong: new Map(), why: "" };
  /** What was repaired before a model was asked. */
  let aidedRepairs: RepairLog["repairs"] | undefined;
  yield { type: "phase", phase: "survey", detail: `flake at ${workspace.base.slice(0, 12)}` };
  const adopted = await haveFlake(workspace, input.yes);
  if (adopted) {
    log = withEvent(log, adopted);
    yield adopted;
  }
  const offered = await offeredOutputs(place.nix, workspace.directory, options);
  const named = input.attribute === undefined ? undefined : namedTargets(input.attribute, offered, system);
  if (named?.ok === false) throw new NotRepairable("unknown-attribute", named.problem);
  const targets = named?.targets ?? withWords(wholeFlake(offered, system), input.task, system);
  const { survey } = await surveyWorkspace({ place, workspace, docs: [], task: undefined, yes: input.yes })();
  // Baselines of repairs are not shared: what was wrong is asked for anew, with its diagnosis.
  const own: JobPlace = { ...place, baselineFolder: join(place.sessionFolder, "baselines") };
  let canaries: Promise<readonly CanaryEvidence[]> | undefined;
  const goalPosts = guardedFromAgent(place.settings);
  const request = new RepairRequest({
    place,
    workspace,
    id: input.documentId ?? "CRQ-XXX",
    ...(input.task !== undefined && { task: input.task }),
    author: `agent:${place.agent}/${(input.otherwise ?? input.model).name}`,
    facts: {
      system,
      survey,
      runs: unsafeLocal || canConfine(input),
      timeout: Math.round(place.settings.buildTimeoutMs / 1000),
      offered,
    },
    whole: named === undefined,
    acceptanceOf: (crq) => {
      canaries ??= input.canaries(crq);
      return new Acceptance({ place: own, workspace, crq, unsafeLocal, canaries, goalPosts });
    },
  });
  yield { type: "phase", phase: "diagnose", detail: targets.map(({ attribute }) => shortName(attribute)).join(", ") };
  const first = await request.open(targets);
  canaries = input.canaries(first);
  await request.look(targets, first);
  const { broken, stands } = request.scope;
  const wrongAtBase = (): readonly Diagnosis[] =>
    request.scope.broken.flatMap(({ attribute }) => request.seen.diagnoses.get(attribute) ?? []);
  for (const { attribute } of broken) log = withWrong(log, attribute, request.seen.diagnoses.get(attribute)?.[0]);
  const sees = (attribute: string, wrong: Diagnosis): void => {
    log = withWrong(log, attribute, wrong);
  };
  let others: OtherOutputs | undefined;
  let asked = await request.asked();
  const remember = (next: Asked): Asked => {
    asked = next;
    return next;
  };
  let { revision } = request;
  const walk = apply({
    place: own,
    model: input.model,
    ...(input.otherwise && { otherwise: input.otherwise }),
    first: (gate) =>
      mechanicsFirst({
        place,
        workspace,
        gate,
        broken,
        stands,
        more: () => request.more(),
        known: failuresIn(request.seen),
        yes: input.yes,
        sees,
        untried: (target) => request.cannotTry(target),
      }),
    scope: {
      widened: async () => {
        await request.more();
        if (request.revision === revision) return undefined;
        revision = request.revision;
        return remember(await request.asked());
      },
      narrowed: async (ended, acceptance, aided) => {
        const part = await request.narrowed(ended, acceptance, aided);
        if (part?.isAided) log = { ...log, repairs: aidedRepairs ?? log.repairs };
        if (part) remember(part);
        return part;
      },
      lastLook: async function* (ended) {
        if (named === undefined || place.signal.aborted || !isResult(ended)) return;
        others = yield* lookAtOthers(place, workspace.directory, attributesOf(targets));
      },
    },
    workspace,
    ...asked,
    crqPath: asked.crq.path,
    docs: [],
    task: input.task,
    yes: input.yes,
    unsafeLocal,
    canaries,
    form: input.form,
    identity: input.identity,
    announce: input.announce,
    ...(input.documentId === undefined && { work: () => workText(request, wrongAtBase()[0], log.repairs) }),
  });
  let step = await walk.next();
  for (; !step.done; step = await walk.next()) {
    if (step.value.type === "ask") aidedRepairs ??= log.repairs;
    log = withEvent(log, step.value);
    yield step.value;
  }
  const result = step.value;
  const { outcome } = result;
  const handedOver = result.handOver.form !== "nothing";
  const { scope } = request;
  const untried = attributesOf(scope.untried);
  return {
    ...result,
    outcome: inOwnWords(outcome, scope, named === undefined),
    notes: [
      ...result.notes,
      ...notStarted(request, handedOver),
      ...(untried.length > 0 ? [`could not be tried here, so nothing is said of it: ${untried.join(", ")}`] : []),
    ],
    attributes: attributesOf(request.seen.targets),
    broken: attributesOf(scope.broken),
    left: handedOver ? request.left : scope.broken.map(({ attribute }) => ({ attribute, diagnosis: log.wrong.get(attribute) })),
    untried,
    others,
    before: wrongAtBase(),
    after: outcome.kind === "done" || outcome.kind === "nothing-to-do" ? undefined : [...log.wrong.values()].at(-1),
    repairs: log.repairs,
    builds: log.builds,
    document: handedOver && input.documentId !== undefined ? asked.crq.path : undefined,
  };
}

/** The flake as a whole, and what the person's words name besides: an output that is missing on this system or another is broken, too. */
function withWords(whole: readonly Target[], task: string | undefined, system: string): readonly Target[] {
  const known = new Set(attributesOf(whole));
  return [...whole, ...targetsInWords(task ?? "", system).filter(({ attribute }) => !known.has(attribute))];
}

const attributesOf = (targets: readonly Target[]): readonly string[] => targets.map(({ attribute }) => attribute);

/** Whether there is something to take, or nothing to mend. */
const isResult = ({ kind }: Outcome): boolean => kind === "done" || kind === "partly" || kind === "nothing-to-do";

/**
 * A repair is one of a flake: that of HEAD, else the one that lies in the checkout and that git does not track.
 * @throws NotRepairable when there is none
 */
async function haveFlake(workspace: Workspace, yes: boolean): Promise<EventBody | undefined> {
  if (existsSync(join(workspace.directory, "flake.nix"))) return undefined;
  const adopted = await adoptUntracked(workspace, "flake.nix", yes);
  switch (adopted.kind) {
    case "adopted":
      return adoptedEvent(adopted);
    case "ignored":
      throw new NotRepairable(
        "flake-ignored",
        `flake.nix is there, but an ignore rule keeps it out of git (${adopted.rule}); take the rule away, or pass --yes to track the file all the same`,
      );
    case "none":
      throw new NotRepairable(
        "no-flake",
        `${workspace.origin}: has no flake.nix in its root, so there is nothing to repair; to give it one: crq-agent draft "nixify this Rust project"`,
      );
  }
}

/** Programs that were built are started only where this machine can confine them. */
const canConfine = ({ place }: RepairInput): boolean =>
  typeof place.environment.confine(["true"], { cwd: "/", writable: [] }) !== "string";

/** The commit of a repair without a CRQ. */
function workText({ scope, left }: RepairRequest, before: Diagnosis | undefined, repairs: readonly Repair[]): WorkText {
  const open = new Set(left.map(({ attribute }) => attribute));
  const mended = scope.broken.filter(({ attribute }) => !open.has(attribute));
  return {
    subject: `Repair the build of ${mended.map(({ attribute }) => shortName(attribute)).join(", ")}`.slice(0, 72),
    branch: branchOf({ broken: mended, stands: [] }),
    body: [
      ...(before ? [`It failed with ${before.kind}: ${before.message.slice(0, 300)}`, ""] : []),
      ...repairs.map(({ detail }) => `- ${detail}`),
      "",
      "The build was proven in a fresh copy of this tree.",
      ...(left.length > 0 ? ["", `Still broken: ${left.map(({ attribute }) => attribute).join(", ")}`] : []),
    ].join("\n"),
  };
}

/** The words of `apply` speak of criteria; who repairs asked for a build. */
function inOwnWords(outcome: Outcome, { stands }: RepairScope, whole: boolean): Outcome {
  if (outcome.kind !== "nothing-to-do") return outcome;
  const list = stands.map(({ attribute, proof }) => (proof === "builds" ? attribute : `${attribute} (evaluates)`)).join(", ");
  const verb = stands.length === 1 ? "builds" : "build";
  return {
    kind: "nothing-to-do",
    detail: `nothing to repair: ${whole ? `all of the flake stands: ${list}` : `${list} ${verb}`}`,
  };
}

/** A package that builds may not work; where no program was started, that is said. */
function notStarted({ facts, scope }: RepairRequest, handedOver: boolean): readonly string[] {
  const packages = attributesOf(scope.broken).filter((attribute) => attribute.startsWith("packages."));
  const silent = packages.filter((attribute) => !facts.runs || !programOf(attribute, facts)?.answers[0]);
  if (!handedOver || silent.length === 0) return [];
  const why = facts.runs ? "no source promises what its program prints" : "this machine cannot confine programs";
  return [`built, but not started, since ${why}: ${silent.map(shortName).join(", ")}`];
}
