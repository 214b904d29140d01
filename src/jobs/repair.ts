import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EventBody } from "../agent/events.ts";
import type { Model } from "../agent/messages.ts";
import type { Outcome } from "../agent/outcome.ts";
import type { CanaryEvidence } from "../crq/criteria/report/evidence.ts";
import type { Crq } from "../crq/model.ts";
import { parseCrq } from "../crq/parse.ts";
import type { Diagnosis } from "../nix/diagnosis.ts";
import type { NixFailure } from "../nix/nix.ts";
import type { Workspace } from "../repo/workspace/workspace.ts";
import { ForeseenError } from "../system/errors/foreseen.ts";
import { type ApplyResult, apply } from "./apply.ts";
import { surveyWorkspace } from "./facts/survey-workspace.ts";
import type { JobPlace } from "./job-place.ts";
import { branchOf, programOf, type RepairDocument, repairSlots, shortName } from "./repair/document.ts";
import { adoptedEvent, adoptUntracked } from "./repair/from-checkout.ts";
import { mechanicsFirst } from "./repair/mechanics-first.ts";
import { type Repair, type RepairLog, withEvent } from "./repair/repair-log.ts";
import { offeredOutputs, targetsOf } from "./repair/targets.ts";
import { Acceptance } from "./work/acceptance/acceptance.ts";
import { guardedFromAgent } from "./work/acceptance/goal-posts.ts";
import type { HandOverForm, WorkText } from "./work/hand-over.ts";

/**
 * `crq-agent repair`: the walk of `apply` with a change request that it writes itself, whose criterion is that an attribute builds. So the
 * promises are those of `apply`: red at the start, proven in a fresh copy, nothing weakened, the checkout untouched.
 */

export interface RepairInput {
  readonly place: JobPlace;
  /** As given; undefined: the default package, else every package. */
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
  /** Full attribute paths; empty when none could be told. */
  readonly attributes: readonly string[];
  /** Those of them that did not stand at HEAD. */
  readonly broken: readonly string[];
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
  const { place, workspace } = input;
  const options = { signal: place.signal, timeoutMs: place.settings.evalTimeoutMs };
  let log: RepairLog = { repairs: [], builds: 0, wrong: undefined, why: "" };
  yield { type: "phase", phase: "survey", detail: `flake at ${workspace.base.slice(0, 12)}` };
  const adopted = await haveFlake(workspace, input.yes);
  if (adopted) {
    log = withEvent(log, adopted);
    yield adopted;
  }
  const offered = await offeredOutputs(place.nix, workspace.directory, options);
  const targets = targetsOf(input.attribute, offered, place.nix.system);
  if (!targets.ok) throw new NotRepairable("unknown-attribute", targets.problem);
  const { attributes } = targets;
  const { survey } = await surveyWorkspace({ place, workspace, docs: [], task: undefined, yes: input.yes })();
  const document: RepairDocument = {
    id: input.documentId ?? "CRQ-XXX",
    created: new Date(place.now()).toISOString().slice(0, 10),
    author: `agent:${place.agent}/${(input.otherwise ?? input.model).name}`,
    base: workspace.baseName,
    system: place.nix.system,
    attributes,
    offered,
    survey,
    runs: input.unsafeLocal || canConfine(input),
    holds: new Set(),
    diagnosis: undefined,
  };
  // Baselines of repairs are not shared: what was wrong is asked for anew, with its diagnosis.
  const own: JobPlace = { ...place, baselineFolder: join(place.sessionFolder, "baselines") };
  const first = await written(place, document);
  const canaries = input.canaries(first);
  const { unsafeLocal } = input;
  const goalPosts = guardedFromAgent(place.settings);
  const acceptance = new Acceptance({ place: own, workspace, crq: first, unsafeLocal, canaries, goalPosts });
  yield { type: "phase", phase: "diagnose", detail: attributes.map(shortName).join(", ") };
  const baseline = await acceptance.baseline(place.signal);
  const before = acceptance.baselineDiagnoses;
  // Of several attributes some may build: they are no part of what is broken, and must not break.
  const holds = baseline.checks
    .filter(({ verdict }) => verdict === "pass")
    .map(({ criterion, index }) => `${criterion}.${index}`);
  const isRed = baseline.checks.some(({ verdict }) => verdict === "fail" || verdict === "vacuous");
  const crq = isRed ? await written(place, { ...document, holds: new Set(holds), diagnosis: before[0] }) : first;

  log = { ...log, wrong: before[0] };
  const sees = (wrong: Diagnosis): void => {
    log = { ...log, wrong };
  };
  const walk = apply({
    place: own,
    model: input.model,
    ...(input.otherwise && { otherwise: input.otherwise }),
    first: (gate) => mechanicsFirst({ place, workspace, gate, attributes, known: failureOf(before), yes: input.yes, sees }),
    workspace,
    crq,
    crqPath: crq.path,
    docs: [],
    task: input.task,
    yes: input.yes,
    unsafeLocal,
    canaries,
    form: input.form,
    identity: input.identity,
    announce: input.announce,
    ...(input.documentId === undefined && { work: () => workText(attributes, before[0], log.repairs) }),
  });
  let step = await walk.next();
  for (; !step.done; step = await walk.next()) {
    log = withEvent(log, step.value);
    yield step.value;
  }
  const result = step.value;
  const handedOver = result.handOver.form !== "nothing";
  return {
    ...result,
    outcome: inOwnWords(result.outcome, attributes),
    notes: [...result.notes, ...notStarted(document, handedOver)],
    attributes,
    broken: attributes.filter((_, index) =>
      baseline.checks.some(({ criterion, verdict }) => criterion === `AC-${index + 1}` && verdict !== "pass"),
    ),
    before,
    after: result.outcome.kind === "done" || result.outcome.kind === "nothing-to-do" ? undefined : log.wrong,
    repairs: log.repairs,
    builds: log.builds,
    document: handedOver && input.documentId !== undefined ? crq.path : undefined,
  };
}

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

async function written({ prompts, settings }: JobPlace, document: RepairDocument): Promise<Crq> {
  const source = `${await prompts.text("templates/crq-repair", repairSlots(document))}\n`;
  return parseCrq(
    join(settings.crqFolder, `${document.id}-${branchOf(document.attributes).replace("fix/", "repair-")}.md`),
    source,
  );
}

/** The baseline's failure, as the mechanics take it: the same tree would only fail again. */
function failureOf([first, ...more]: readonly Diagnosis[]): NixFailure | undefined {
  return first && { ok: false, diagnoses: [first, ...more], log: "", why: "failed", seconds: 0 };
}

/** The commit of a repair without a CRQ. */
function workText(attributes: readonly string[], before: Diagnosis | undefined, repairs: readonly Repair[]): WorkText {
  return {
    subject: `Repair the build of ${attributes.map(shortName).join(", ")}`.slice(0, 72),
    branch: branchOf(attributes),
    body: [
      ...(before ? [`It failed with ${before.kind}: ${before.message.slice(0, 300)}`, ""] : []),
      ...repairs.map(({ detail }) => `- ${detail}`),
      "",
      "The build was proven in a fresh copy of this tree.",
    ].join("\n"),
  };
}

/** The words of `apply` speak of criteria; who repairs asked for a build. */
function inOwnWords(outcome: Outcome, attributes: readonly string[]): Outcome {
  if (outcome.kind !== "nothing-to-do") return outcome;
  return {
    kind: "nothing-to-do",
    detail: `nothing to repair: ${attributes.join(", ")} ${attributes.length === 1 ? "builds" : "build"}`,
  };
}

/** A package that builds may not work; where no program was started, that is said. */
function notStarted(document: RepairDocument, handedOver: boolean): readonly string[] {
  const packages = document.attributes.filter((attribute) => attribute.startsWith("packages."));
  const silent = packages.filter((attribute) => !document.runs || !programOf(attribute, document)?.answers[0]);
  if (!handedOver || silent.length === 0) return [];
  const why = document.runs ? "no source promises what its program prints" : "this machine cannot confine programs";
  return [`built, but not started, since ${why}: ${silent.map(shortName).join(", ")}`];
}
