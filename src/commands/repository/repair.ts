import { join, resolve } from "node:path";
import { exitCode } from "../../agent/outcome.ts";
import { type Config, readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { NotRepairable, type RepairResult, repair as repairJob } from "../../jobs/repair.ts";
import { personIdentity } from "../../repo/workspace/hand-over.ts";
import { createWorkspace, locate, removeCopy } from "../../repo/workspace/workspace.ts";
import { RULES } from "../../rules/rules.ts";
import { allocate, listOfSettings, notesOfList } from "../catalogue/new-id.ts";
import { ownWords } from "../change/drafting/wish.ts";
import { askToWriteBack, handOverForm, requireOneForm, writesBack } from "../change/hand-over.ts";
import { cargoNames } from "../change/verification/own-names.ts";
import { canariesOf } from "../wiring/canaries.ts";
import { type ChosenModel, chooseModel, type ModelOptions } from "../wiring/choose-model.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { type OpenSession, openSession, runJob } from "../wiring/open-session.ts";
import type { LimitOptions } from "../wiring/run-limits.ts";
import { type WorldOptions, worldChoice, worldRequest } from "../wiring/world-choice.ts";
import { repairData, repairText } from "./repair-report.ts";

export interface RepairOptions extends OutputOptions, ModelOptions, LimitOptions, WorldOptions {
  readonly repo: string;
  readonly task?: string;
  readonly taskFile?: string;
  /** The model that is named works alone; the mechanics, which every model profits from, stay. */
  readonly withoutRules?: boolean;
  readonly yes?: boolean;
  readonly patch?: string;
  readonly branch?: string;
  readonly crq?: boolean;
  readonly unsafeLocal?: boolean;
}

/** `crq-agent repair [ATTR]`: what does not build is diagnosed, mended in a private copy, proven and handed over. */
export const repair: Verb<[string | undefined, RepairOptions]> = async (context, ui, attribute, options) => {
  const started = context.now();
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  requireOneForm(root, git, options);
  const config = await readConfig(root);
  if (writesBack(git, options, config))
    await askToWriteBack(ui, root, options.yes ?? false, "Write it back once the build is proven?");
  const task = await ownWords(context, options.task, options.taskFile);
  const { first, next } = await chooseModels(context, config, options);
  const chosen = next ?? first;
  const number = options.crq ? await nextNumber(context, config, root) : undefined;
  const session = await openSession(context, ui, {
    verb: "repair",
    root,
    config,
    model: chosen.model.name,
    world: worldChoice(options),
    limits: chosen.limits,
    maxOutputTokens: chosen.maxOutputTokens,
    request: {
      attribute: attribute ?? null,
      task: task ?? null,
      yes: options.yes ?? false,
      ...worldRequest(context, options),
      crq: number?.id ?? null,
    },
    ownNames: await cargoNames(root),
  });
  const running: Promise<unknown>[] = [];
  try {
    const workspace = await createWorkspace(root, join(session.place.workFolder, "tree"), config.crqs);
    const job = repairJob({
      place: session.place,
      attribute,
      model: first.model,
      otherwise: next?.model,
      task,
      workspace,
      yes: options.yes ?? false,
      unsafeLocal: options.unsafeLocal ?? false,
      canaries: (crq) => {
        const canaries = canariesOf(context, session.place, crq, options.unsafeLocal ?? false);
        running.push(canaries);
        return canaries;
      },
      form: handOverForm(context, options, { config, name: number?.id ?? "repair" }),
      identity: await personIdentity(root, context.folders.home),
      announce: session.open.world?.announce ?? [],
      documentId: number?.id,
    });
    const result = await foreseen(session, () => runJob(job, session));
    const exit = exitCode(result.outcome);
    const facts = {
      session: session.id,
      evidence: join(session.folder, "report"),
      nixRuns: session.open.nix.processes,
      seconds: (context.now() - started) / 1000,
      width: ui.width,
    };
    const notes = [...(number?.notes ?? []), ...result.notes];
    ui.result({
      text: repairText({ ...result, notes }, facts),
      json: {
        schema: "crq-agent/repair/1",
        ok: exit === 0,
        exit,
        data: repairData({ ...result, notes }, facts),
        diagnostics: [],
      },
    });
    return exit;
  } finally {
    await Promise.allSettled(running);
    await removeCopy(session.place.workFolder);
    await session.close();
  }
};

/** Rules come first, as they cost nothing, and a language model only where a person named one; alone where that was asked for. */
async function chooseModels(
  context: CliContext,
  config: Config,
  options: RepairOptions,
): Promise<{ readonly first: ChosenModel; readonly next: ChosenModel | undefined }> {
  const { model = RULES, cassette, ...limits } = options;
  if (model === RULES) {
    if (options.withoutRules)
      throw new CommandError("option-conflict", "--without-rules leaves nobody to ask: name a model with --model");
    return { first: await chooseModel(context, config, { ...options, model: RULES }), next: undefined };
  }
  const given = await chooseModel(context, config, { ...limits, model, ...(cassette !== undefined && { cassette }) });
  if (options.withoutRules) return { first: given, next: undefined };
  return { first: await chooseModel(context, config, { ...limits, model: RULES }), next: given };
}

async function nextNumber(context: CliContext, config: Config, root: string) {
  const listed = await listOfSettings(root, config);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const { id, notes } = await allocate(root, config.crqs, catalogue, listed?.mentions ?? [], {});
  return { id, notes: [...notesOfList(listed?.problems ?? []), ...notes] };
}

/** What cannot be repaired at all ends the session, too. */
async function foreseen(session: OpenSession, run: () => Promise<RepairResult>): Promise<RepairResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NotRepairable)) throw error;
    session.append({ type: "outcome", outcome: { kind: "gave-up", reason: "not-understood", detail: error.message } });
    throw error;
  }
}
