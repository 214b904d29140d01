import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Tally } from "../../agent/limits.ts";
import { exitCode } from "../../agent/outcome.ts";
import { plainText } from "../../agent/plain-text.ts";
import { didYouMean } from "../../agent/text/nearest.ts";
import { readConfig } from "../../config.ts";
import { type Catalogue, withId } from "../../crq/catalogue/catalogue.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { fileNameOf, slugOf } from "../../crq/ids.ts";
import { CRQ_KINDS } from "../../crq/model.ts";
import { parseCrq } from "../../crq/parse.ts";
import { type DraftResult, draft as draftJob } from "../../jobs/draft.ts";
import { createWorkspace, locate, removeCopy } from "../../repo/workspace/workspace.ts";
import { outcomeText } from "../../session/show.ts";
import type { AskPerson } from "../../tools/ask.ts";
import type { DraftFrame, ExistingCrq } from "../../tools/contract.ts";
import { money } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import { documentFolders } from "../catalogue/document-folders.ts";
import type { FoundCrq } from "../catalogue/find-crq.ts";
import { requireLists, showFindings } from "../catalogue/lists.ts";
import { allocate, listOfSettings, notesOfList, readForeignList } from "../catalogue/new-id.ts";
import { type ChosenModel, chooseModel, type ModelOptions } from "../wiring/choose-model.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { type OpenSession, openSession, runJob } from "../wiring/open-session.ts";
import type { LimitOptions } from "../wiring/run-limits.ts";
import { today } from "../wiring/today.ts";
import { type WorldOptions, worldChoice } from "../wiring/world-choice.ts";
import { wish } from "./drafting/wish.ts";
import { type DraftPlace, keepRejected, writeDraft } from "./drafting/write-draft.ts";

export interface DraftOptions extends OutputOptions, ModelOptions, LimitOptions, WorldOptions {
  readonly repo: string;
  readonly taskFile?: string;
  readonly docs?: readonly string[];
  readonly list?: string;
  readonly kind?: string;
  readonly id?: string;
  readonly unnumbered?: boolean;
  readonly stdout?: boolean;
}

export interface Drafted extends DraftPlace {
  readonly result: DraftResult;
  readonly session: string;
  readonly notes: readonly string[];
}

/** `crq-agent draft "…"`. */
export const draft: Verb<[string | undefined, DraftOptions]> = async (context, ui, task, options) => {
  requireOneAim(options);
  const drafted = await makeDraft(context, ui, await wish(context, task, options.taskFile), options, {
    written: !options.stdout,
  });
  const { result, root, notes } = drafted;
  const exit = exitCode(result.outcome);
  const data = {
    session: drafted.session,
    document: result.markdown ?? null,
    outcome: result.outcome,
    usage: result.tally.usage,
    notes,
  };
  const finish = (text: string, path: string | null): number => {
    ui.result({
      text,
      json: { schema: "crq-agent/draft/1", ok: exit === 0, exit, data: { ...data, path }, diagnostics: result.diagnostics },
    });
    return exit;
  };
  for (const note of notes) ui.say(`Note: ${note}`);
  const ended = `Outcome: ${outcomeText(result.outcome)}`;
  if (options.stdout) {
    showFindings(ui, result.diagnostics);
    const missing = result.markdown === undefined ? "No document was handed in" : "The document does not pass the strict profile";
    // Standard output is for the document alone; what is wrong with it is said even with --quiet.
    if (exit !== 0 && !options.json) ui.warn(`${missing}. ${ended}. More: crq-agent sessions show ${drafted.session}`);
    return finish(result.markdown ?? "", null);
  }
  if (result.markdown === undefined) return finish(`No document was handed in. ${ended}`, null);
  if (exit !== 0) {
    const rejected = await keepRejected(drafted, result.markdown);
    showFindings(ui, result.diagnostics);
    return finish(
      `The document does not pass the strict profile; it is kept as ${relative(context.cwd, join(root, rejected))}. Outcome: ${outcomeText(result.outcome)}`,
      rejected,
    );
  }
  const path = await writeDraft(drafted, result.markdown);
  showFindings(ui, result.diagnostics);
  const crq = parseCrq(path, result.markdown);
  const open = crq.questions.filter(({ answer }) => answer === undefined);
  const shown = relative(context.cwd, join(root, path)) || path;
  return finish(
    [
      `Wrote ${shown}: ${crq.title?.text ?? ""}`,
      ...crq.criteria.map(({ id, text }) => `  ${id}  ${text.split("\n")[0] ?? ""}`),
      ...open.map(({ id, text }) => `  ${id}  open question: ${text.split("\n")[0] ?? ""}`),
      `${result.tally.turns} turns, ${money(result.tally.usage.usd)}. Read it, then: ${open.length > 0 ? "answer the questions and " : ""}crq-agent apply ${shown}`,
    ].join("\n"),
    path,
  );
};

function requireOneAim({ stdout, events, id, unnumbered }: DraftOptions): void {
  if (stdout && events)
    throw new CommandError("option-conflict", "--stdout and --events are two texts for one standard output; give one of them");
  if (id !== undefined && unnumbered)
    throw new CommandError("option-conflict", "--id gives a number and --unnumbered gives none; give one of them");
}

/**
 * `apply --task`: drafts, writes the document nowhere in the checkout, and gives it to be approved.
 * @returns `kept`: the absolute path of the draft beside its journal, for a person who has to answer or mend something in it
 */
export async function draftForApply(
  context: CliContext,
  ui: Ui,
  options: DraftOptions & { readonly task?: string },
  root: string,
  chosen: ChosenModel,
): Promise<FoundCrq & { readonly kept: string; readonly tally: Tally }> {
  const drafted = await makeDraft(context, ui, await wish(context, options.task, options.taskFile), options, { chosen });
  const { result, name, crqFolder } = drafted;
  const exit = exitCode(result.outcome);
  if (exit !== 0 || result.markdown === undefined) {
    showFindings(ui, result.diagnostics);
    throw new CommandError(
      "draft-ended",
      `the draft did not come to an end: ${outcomeText(result.outcome)} (session ${drafted.session})`,
      result.diagnostics,
      exit === 0 ? 1 : exit,
    );
  }
  const path = join(crqFolder, name);
  const kept = join(drafted.sessionFolder, name);
  await writeFile(kept, result.markdown);
  return { crq: parseCrq(path, result.markdown), file: join(root, path), path, kept, tally: result.tally };
}

/** Drafts in a session of its own; writes nothing into the checkout. */
export async function makeDraft(
  context: CliContext,
  ui: Ui,
  task: string,
  options: DraftOptions,
  given: {
    readonly chosen?: ChosenModel;
    readonly opened?: (session: OpenSession) => void;
    /** The document is to be written into the checkout, with its lists. */
    readonly written?: boolean;
  } = {},
): Promise<Drafted> {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  if (options.kind !== undefined && !CRQ_KINDS.some((kind) => kind === options.kind)) {
    throw new CommandError(
      "bad-value",
      `--kind ${options.kind}: there are ${CRQ_KINDS.join(", ")}${didYouMean(options.kind, CRQ_KINDS)}`,
    );
  }
  if (given.written) await requireLists(root, config.crqs);
  const docs = documentFolders(context, root, options.docs, config.docs);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const listed =
    options.list === undefined
      ? await listOfSettings(root, config)
      : await readForeignList(resolve(context.cwd, options.list), root);
  const { model, limits, maxOutputTokens } = given.chosen ?? (await chooseModel(context, config, options));
  const session = await openSession(context, ui, {
    verb: "draft",
    root,
    config,
    model: model.name,
    world: worldChoice(options),
    limits,
    maxOutputTokens,
    request: { task, docs, kind: options.kind ?? null },
  });
  given.opened?.(session);
  try {
    const workspace = await createWorkspace(root, join(session.place.workFolder, "tree"), config.crqs);
    const { id, notes: numberNotes } = await allocate(root, config.crqs, catalogue, listed?.mentions ?? [], options);
    const frame: DraftFrame = {
      id,
      created: today(context),
      author: `agent:crq-agent@${context.version}/${model.name}`,
      base: workspace.baseName,
      systems: [session.place.nix.system],
      kind: options.kind,
      existing: existingCrqs(catalogue, listed?.documents ?? []),
      canAsk: ui.interactive,
    };
    const notes = [
      ...(workspace.uncommitted.length > 0
        ? [`not committed, so not part of the survey: ${workspace.uncommitted.slice(0, 10).join(", ")}`]
        : []),
      ...notesOfList(listed?.problems ?? []),
      ...numberNotes,
    ];
    const result = await runJob(
      draftJob({
        place: session.place,
        model,
        workspace,
        task,
        docs,
        frame,
        catalogue,
        listedIds: (listed?.documents ?? []).map(({ id: known }) => known),
        notes: [...(session.open.world?.announce ?? []), ...notes],
        ...(ui.interactive && { ask: askPerson(ui) }),
      }),
      session,
    );
    const title = result.markdown === undefined ? "" : (parseCrq("draft.md", result.markdown).title?.text ?? "");
    return {
      result,
      session: session.id,
      sessionFolder: session.place.sessionFolder,
      root,
      crqFolder: config.crqs,
      name: fileNameOf(id, slugOf(title)),
      notes: [...notes, ...result.notes],
    };
  } finally {
    await removeCopy(session.place.workFolder);
    await session.close();
  }
}

/** A question of the drafter on the terminal: answers to choose from are numbered, other words are taken too. */
const askPerson =
  (ui: Ui): AskPerson =>
  async (question, choices) => {
    const numbered = choices.map((choice, index) => `  ${index + 1}  ${choice}`);
    const hint = `${choices.length > 0 ? "a number, your own words" : "your words"}, or nothing to leave it open:`;
    const typed = (await ui.ask(hint, plainText([question, ...numbered].join("\n"))))?.trim();
    return typed === undefined || typed === "" ? undefined : (choices[Number(typed) - 1] ?? typed);
  };

/** The CRQs of the folder, then those that only a list names; each number of a list once. */
function existingCrqs(catalogue: Catalogue, listed: readonly ExistingCrq[]): readonly ExistingCrq[] {
  const own = catalogue.entries.flatMap(({ id, summary: { title, status, kind } }): ExistingCrq[] =>
    id === undefined ? [] : [{ id, title, status, kind }],
  );
  return [...own, ...listed.filter(({ id }) => withId(catalogue, id).length === 0)];
}
