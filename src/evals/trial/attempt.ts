import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "../../agent/events.ts";
import { type Ask, type Model, NO_USAGE } from "../../agent/messages.ts";
import type { Price } from "../../models/price.ts";
import { CassetteError, RecordingModel, ReplayingModel } from "../../models/recorded/cassette.ts";
import { JournalError } from "../../session/read-journal.ts";
import { type Affinity, keptToProcessors } from "../../system/affinity.ts";
import { errorText, isDiskFull } from "../../system/error.ts";
import { CHANNEL, execute, type Finished } from "../../system/process.ts";
import { openWorld } from "../../world/open.ts";
import { WorldError } from "../../world/problem.ts";
import { MAX_PATCH_BYTES } from "../grading/change/apply-patch.ts";
import type { TrialRow } from "../results/trial-row.ts";
import type { Task } from "../task/task.ts";
import { givenWith } from "./given.ts";
import { InfraFailure } from "./infra-failure.ts";
import type { Machine } from "./machine.ts";
import { ServedModel } from "./model/served-model.ts";
import { WorkingClock } from "./model/working-clock.ts";
import { claimOf, endedClaim, readDocument, type VerbDocument } from "./record/claim-of.ts";
import { type Journals, readJournals } from "./record/journals.ts";
import { readLeft } from "./record/left-file.ts";
import { faultOfMachine } from "./record/machine-fault.ts";
import { faultOfMirror } from "./record/mirror-reset.ts";
import { processCounts } from "./record/process-counts.ts";
import { type Held, openSandbox, type Sandbox } from "./sandbox/enclose.ts";
import { probeRoom, probeSandbox } from "./sandbox/probe.ts";
import { stageCopy } from "./stage-copy.ts";
import { StageError } from "./staged-files.ts";
import type { Claim, Submission } from "./submission.ts";
import type { TrialModel, WaitingModel } from "./trial-model.ts";
import { verbOf } from "./verb.ts";

export interface AttemptInput {
  readonly task: Task;
  readonly model: TrialModel;
  readonly machine: Machine;
  /** Processors that the trial keeps to; undefined: any. */
  readonly affinity: Affinity | undefined;
  /** Gets the evidence: events.jsonl, cassette.jsonl, patch.diff, draft.md, claim.json, misses.jsonl, sandbox.json, agent.log. */
  readonly folder: string;
  /** Scratch: repository, home and store of the trial. The caller removes it. */
  readonly work: string;
  /** Ends the trial at once. */
  readonly signal: AbortSignal;
  /** Absent: unknown, unless the model itself says that it costs nothing. */
  readonly price?: Price;
  /** Answers from this recording in the model's place. */
  readonly cassette?: string;
}

/** What an attempt ends with, before it is graded. */
export interface AttemptEnd extends Submission {
  readonly outcome: TrialRow["outcome"];
  readonly usage: Omit<TrialRow["usage"], "overheadUsd">;
  readonly process: TrialRow["process"];
  readonly time: Omit<TrialRow["time"], "gradeMs">;
  readonly worldMisses: TrialRow["worldMisses"];
  readonly held: Held;
}

/**
 * One attempt, from the probe to the claim: the program runs as a child in a sandbox of its own and is asked what a person would ask it; its
 * model answers here.
 * @throws InfraFailure for what is no fault of the model
 */
export async function runAttempt(input: AttemptInput): Promise<AttemptEnd> {
  try {
    return await attempt(input);
  } catch (error) {
    if (error instanceof InfraFailure) throw error;
    if (isDiskFull(error)) throw new InfraFailure("disk", errorText(error), { cause: error });
    if (error instanceof StageError || error instanceof CassetteError)
      throw new InfraFailure("harness", `${input.task.file.id}: ${error.message}`, { cause: error });
    if (error instanceof WorldError)
      throw new InfraFailure(error.kind === "disk" ? "disk" : "probe", error.message, { cause: error });
    throw error;
  }
}

async function attempt(input: AttemptInput): Promise<AttemptEnd> {
  const { task, machine, affinity, folder, work, signal } = input;
  const world = worldOf(machine);
  await Promise.all([folder, work].map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
  await probeRoom(work, task.file.resources["disk-mb"]);
  const shape = { world, memoryMb: task.file.resources["kill-mem-mb"], affinity };
  await probeSandbox(machine, (more) => openSandbox(machine, join(work, "probe"), { ...shape, ...more }), world);
  const own = join(work, "trial");
  const [sandbox, asked, given] = await Promise.all([
    openSandbox(machine, own, shape),
    askedModel(input),
    givenWith(task),
    layOut(input, own, world),
  ]);
  const model = await RecordingModel.create(asked.model, join(folder, "cassette.jsonl"));
  const served = new ServedModel({
    model,
    price: asked.price,
    limits: { outputTokens: task.file.limits["output-tokens"], usd: task.file.limits.usd },
  });
  const places = {
    statement: join(sandbox.root, STATEMENT),
    patch: join(sandbox.root, PATCH),
    world,
    model: `descriptor:${CHANNEL}`,
  };
  const verb = verbOf(
    task.file,
    { ...places, ...given },
    { priceKnown: asked.price !== undefined, unsafeLocal: machine.isolation === "none" },
  );
  await writeFile(
    join(folder, "sandbox.json"),
    `${JSON.stringify({ isolation: machine.isolation, held: sandbox.held, verb }, undefined, 1)}\n`,
  );

  if (signal.aborted) throw new InfraFailure("killed", "the run was stopped");
  const clock = new WorkingClock(
    () => performance.now(),
    () => asked.model.waitedMs?.() ?? 0,
  );
  const late = new AbortController();
  const silence = clock.alarm(task.file.limits["wall-s"] * 1_000, () => late.abort());
  const serving: Promise<void>[] = [];
  const finished = await execute({
    argv: sandbox.argv([...sandbox.program, ...verb], join(sandbox.root, REPOSITORY)),
    cwd: join(sandbox.folder, REPOSITORY),
    env: sandbox.variables,
    timeoutMs: LONGEST,
    graceMs: 0,
    signal: AbortSignal.any([signal, late.signal]),
    onChannel: (channel) => serving.push(served.serve(channel)),
  });
  silence();
  const time = { wallMs: clock.wallMs, workingMs: clock.workingMs, queueMs: clock.queueMs };
  await Promise.all(serving);
  await writeFile(join(folder, "agent.log"), finished.stderr);

  const journals = await journalsOf(sandbox);
  const document = readDocument(finished.stdout);
  await keepJournals(folder, journals);
  const claim = claimed({ input, finished, served, document, events: journals.events, late: late.signal.aborted });
  const handed = await handedOver(sandbox, document, journals.events);
  await Promise.all([
    writeFile(join(folder, "patch.diff"), handed.patch),
    ...(handed.draft === undefined ? [] : [writeFile(join(folder, "draft.md"), handed.draft)]),
    writeFile(join(folder, "claim.json"), `${JSON.stringify(claim, undefined, 1)}\n`),
  ]);
  const { input: read, output, cacheRead, cacheWrite, usd } = served.usage;
  return {
    ...handed,
    claim,
    outcome: claim.outcome,
    events: journals.events,
    usage: { calls: served.calls, input: read, output, cacheRead, cacheWrite, ...(usd !== undefined && { usd }) },
    process: processCounts(journals.events),
    time,
    worldMisses: journals.misses,
    held: sandbox.held,
  };
}

/** Names in the trial's folder. */
const REPOSITORY = "repo";
const STATEMENT = "task/statement.md";
const PATCH = "out/patch.diff";

/** The longest that a timer can be set to. */
const LONGEST = 2 ** 31 - 1;

function worldOf({ world }: Machine): string {
  if (world.mode === "replay") return world.directory;
  throw new InfraFailure("harness", `trials cannot be run in mode ${world.mode}: name a world with --world`);
}

async function layOut({ task, machine, affinity, work }: AttemptInput, folder: string, world: string): Promise<void> {
  await Promise.all(["task", "out"].map((name) => mkdir(join(folder, name), { recursive: true, mode: 0o700 })));
  await writeFile(join(folder, STATEMENT), task.statement);
  const place = join(work, "staging");
  const opening = async () =>
    openWorld(world, {
      host: machine.host,
      cacheRoot: join(place, "cache"),
      session: join(place, "session"),
      allowImportFromDerivation: task.file.ifd,
    });
  let opened: Awaited<ReturnType<typeof opening>> | undefined;
  try {
    await stageCopy(task, machine, join(folder, REPOSITORY), async () => {
      opened ??= await opening();
      return keptToProcessors(opened.environment, affinity);
    });
  } finally {
    await opened?.environment.close();
  }
}

const FREE: Price = { input: 0, output: 0 };

async function askedModel(input: AttemptInput): Promise<{ readonly model: WaitingModel; readonly price: Price | undefined }> {
  const probe: Ask = { system: "", messages: [], tools: [], maxOutputTokens: 1, signal: input.signal };
  const priceOf = (model: Model): Price | undefined => (isFree(model, probe) ? FREE : undefined);
  if (input.cassette !== undefined) {
    const model = await ReplayingModel.load(input.model.alias, input.cassette);
    return { model, price: priceOf(model) };
  }
  const model = await input.model.create(input.task);
  return { model, price: input.price ?? priceOf(model) };
}

const isFree = (model: Model, probe: Ask): boolean => {
  const worst = model.worstCase?.(probe) ?? { ...NO_USAGE, usd: undefined };
  return worst.usd === 0;
};

/** A journal that a killed program left torn is read up to there; a damaged one is our own bug. */
async function journalsOf(sandbox: Sandbox): Promise<Journals> {
  try {
    return await readJournals(join(sandbox.folder, "state"));
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    throw new InfraFailure("harness", error.message, { cause: error });
  }
}

async function keepJournals(folder: string, { events, misses }: Journals): Promise<void> {
  const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");
  await Promise.all([
    writeFile(join(folder, "events.jsonl"), lines(events)),
    writeFile(join(folder, "misses.jsonl"), lines(misses)),
  ]);
}

interface Ended {
  readonly input: AttemptInput;
  readonly finished: Finished;
  readonly served: ServedModel;
  readonly document: VerbDocument | undefined;
  readonly events: readonly Event[];
  /** The trial's own time was up. */
  readonly late: boolean;
}

/** What the trial's end claims. @throws InfraFailure where it says nothing about the model */
function claimed({ input, finished, served, document, events, late }: Ended): Claim {
  if (input.signal.aborted) throw new InfraFailure("killed", "the run was stopped");
  if (served.failure) throw served.failure;
  if (late) return endedClaim("limit:wall", `${input.task.file.limits["wall-s"]} seconds of work were used`);
  if (served.limit !== undefined) return endedClaim(`limit:${served.limit}`, "the host sent no further request");
  const claim = claimOf({ exit: finished.exit, document, events });
  const fault = faultOfMachine(finished, claim, document === undefined && events.length === 0);
  if (fault) throw fault;
  const broken = faultOfMirror(events, claim.success);
  if (broken) throw broken;
  return claim;
}

/** Bytes. Of a larger patch as much is read as the grading needs to refuse it. */
const MAX_MAIL = 2 * MAX_PATCH_BYTES;

/** The patch as `git diff` writes it (the program writes a mail around it), and the document of a draft. */
async function handedOver(
  sandbox: Sandbox,
  document: VerbDocument | undefined,
  events: readonly Event[],
): Promise<Pick<Submission, "patch" | "draft">> {
  const left = await readLeft(sandbox.folder, PATCH, MAX_MAIL);
  const mail = left.kind === "read" ? left.bytes.toString("utf8") : "";
  const begins = mail.search(/^diff --git /mu);
  const applied = events.find((event) => event.type === "session" && event.verb === "apply");
  const source = applied?.type === "session" ? applied.request.source : undefined;
  const drafted = events.some((event) => event.type === "session" && event.verb === "draft");
  const draft = document?.data?.document ?? (drafted && typeof source === "string" ? source : undefined);
  return { patch: begins < 0 ? "" : mail.slice(begins), ...(draft !== undefined && { draft }) };
}
