import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { exitCode, isResumable } from "../../agent/outcome.ts";
import { type Config, readConfig } from "../../config.ts";
import { parseCrq } from "../../crq/parse.ts";
import { apply as applyJob } from "../../jobs/apply.ts";
import { personIdentity } from "../../repo/workspace/hand-over.ts";
import { createWorkspace, locate, openWorkspace } from "../../repo/workspace/workspace.ts";
import { fold } from "../../session/fold.ts";
import { JOURNAL_FILE, Journal } from "../../session/journal.ts";
import { readJournal } from "../../session/read-journal.ts";
import { outcomeText, showSession } from "../../session/show.ts";
import { findSession, listSessions, repositoryKey, type SessionSummary } from "../../session/store.ts";
import { table } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import { showResult } from "../change/applied.ts";
import type { AppliedWork } from "../change/apply.ts";
import { askProposal, asksProposals } from "../change/approval/ask-proposal.ts";
import { chooseHandOver } from "../change/approval/choose-hand-over.ts";
import { offerQuestion } from "../change/approval/raised-question.ts";
import { type FormOptions, handOverForm } from "../change/hand-over.ts";
import { cargoNames } from "../change/verification/own-names.ts";
import { canariesOf } from "../wiring/canaries.ts";
import { type ChosenModel, chooseModel, type ModelOptions } from "../wiring/choose-model.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { type OpenSession, openSession, runJob, sessionsRoot, workFolderOf } from "../wiring/open-session.ts";
import { type LimitOptions, limitOptions } from "../wiring/run-limits.ts";
import { type WorldChoice, worldChoice } from "../wiring/world-choice.ts";

export interface RepoOptions extends OutputOptions {
  readonly repo: string;
}

/** `crq-agent sessions list`. */
export const list: Verb<[RepoOptions]> = async (context, ui, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const sessions = listSessions(sessionsRoot(context), repositoryKey(root));
  const rows = sessions.map((session) => [session.id, session.verb, session.model, stateText(session)]);
  ui.result({
    text: rows.length === 0 ? "No sessions of this repository yet." : table(rows),
    json: { schema: "crq-agent/sessions-list/1", ok: true, exit: 0, data: { sessions }, diagnostics: [] },
  });
  return 0;
};

/** `crq-agent sessions show [ID]`. */
export const show: Verb<[string | undefined, RepoOptions]> = async (context, ui, id, options) => {
  const { session } = await pick(context, id, options);
  const { events, warnings } = readJournal(join(session.folder, JOURNAL_FILE));
  for (const warning of warnings) ui.say(`Note: ${warning}`);
  const report = join(session.folder, "report", "report.md");
  ui.result({
    text: showSession(events) + (existsSync(report) ? `report: ${report}\n` : ""),
    json: { schema: "crq-agent/sessions-show/1", ok: true, exit: 0, data: { session, events }, diagnostics: [] },
  });
  return 0;
};

interface ResumeOptions extends OutputOptions, ModelOptions, LimitOptions {
  readonly repo: string;
  readonly world?: string;
  readonly unsafeLocal?: boolean;
}

/** What `apply` keeps of its request; a journal of another version that lacks it cannot be resumed. */
const applyRequest = z.object({
  crq: z.string(),
  source: z.string(),
  docs: z.array(z.string()),
  yes: z.boolean(),
  approve: z.enum(["ask", "auto"]).nullable().default(null),
  patch: z.string().nullable(),
  branch: z.string().nullable(),
  world: z.string().nullable(),
  recordWorld: z.string().nullable().default(null),
  unsafeLocal: z.boolean(),
  task: z.string().nullable(),
  kept: z.object({ session: z.string(), patch: z.string(), model: z.string(), question: z.string() }).nullable().default(null),
  limits: limitOptions.default({}),
});

/** `crq-agent sessions resume [ID]`: goes on with the same CRQ, worktree, model and hand-over. */
export const resume: Verb<[string | undefined, ResumeOptions]> = async (context, ui, id, options) => {
  const { session, root } = await pick(context, id, options);
  if (session.state.kind === "running") throw new CommandError("session-running", `${session.id} is running in another process`);
  if (session.verb !== "apply")
    throw new CommandError(
      "session-over",
      `${session.id} is a session of \`${session.verb}\`, which has nothing to go on with; run the verb again`,
    );
  if (session.state.kind === "ended" && !isResumable(session.state.outcome)) {
    const { outcome } = session.state;
    const exit = exitCode(outcome);
    const next = outcome.kind === "question" ? `crq-agent sessions take ${session.id}` : "crq-agent apply";
    ui.result({
      text: exit === 0 ? `${session.id} is done already.` : `${session.id} ended: ${outcomeText(outcome)}. Next: ${next}`,
      json: { schema: "crq-agent/sessions-resume/1", ok: exit === 0, exit, data: { session }, diagnostics: [] },
    });
    return exit;
  }
  const config = await readConfig(root);
  const { session: open, result } = await resumeApply(context, ui, { session, root, config, options }, (name, limits) =>
    chooseModel(context, config, { ...limits, ...options, model: options.model ?? name }),
  );
  const taken = await offerQuestion(context, ui, session.id, result.outcome, { root, crqFolder: config.crqs });
  return showResult(ui, open, result, taken, "sessions-resume");
};

export interface ResumedWork {
  readonly session: SessionSummary;
  readonly root: string;
  readonly config: Config;
  readonly options: Pick<ResumeOptions, "world" | "unsafeLocal">;
  /** Is told of the session as soon as it is open again. */
  readonly opened?: (session: OpenSession) => void;
}

/**
 * A session of `apply` from where its journal ends to its end.
 * @param choose the model that goes on, given the name of the one that was at it and the limits that it was begun with
 * @throws CommandError (exit 2) for a journal of another version
 */
export async function resumeApply(
  context: CliContext,
  ui: Ui,
  { session, root, config, options, opened }: ResumedWork,
  choose: (name: string, limits: LimitOptions) => Promise<ChosenModel>,
): Promise<AppliedWork> {
  // What may be refused comes first: a journal that is reopened has lost how its session ended.
  const { header } = fold(readJournal(join(session.folder, JOURNAL_FILE)).events);
  const request = applyRequest.safeParse(header.request);
  if (!request.success)
    throw new CommandError(
      "session-over",
      `${session.id} was written by another version (${header.agent}) and cannot be resumed; run apply again`,
    );
  const { crq: path, source, docs, yes, approve, patch, branch, world, recordWorld, task, kept } = request.data;
  const unsafeLocal = options.unsafeLocal ?? request.data.unsafeLocal;
  const asking = asksProposals(ui, approve ?? undefined, config);
  const { model, limits, maxOutputTokens } = await choose(header.model, request.data.limits);
  const { journal, events } = Journal.reopen(session.folder, context.now);
  const open = await openSession(context, ui, {
    verb: "apply",
    root,
    config,
    model: model.name,
    world: resumedWorld(options.world, world, recordWorld),
    limits,
    maxOutputTokens,
    request: {},
    ownNames: await cargoNames(root),
    resume: { id: session.id, folder: session.folder, journal },
  }).catch((error: unknown) => {
    // Nobody else would let go of its lock.
    journal.close();
    throw error;
  });
  opened?.(open);
  const crq = parseCrq(path, source);
  const canaries = canariesOf(context, open.place, crq, unsafeLocal);
  try {
    const directory = join(workFolderOf(context, root, session.id), "tree");
    const workspace = existsSync(directory)
      ? await openWorkspace(root, directory, config.crqs)
      : await createWorkspace(root, directory, config.crqs);
    const form: FormOptions = { ...(patch !== null && { patch }), ...(branch !== null && { branch }) };
    const chooseForm = workspace.git ? chooseHandOver(context, ui, crq, { ...form, yes }, config) : undefined;
    const result = await runJob(
      applyJob({
        place: open.place,
        model,
        workspace,
        crq,
        crqPath: path,
        docs,
        task: task ?? undefined,
        yes,
        unsafeLocal,
        canaries,
        form: handOverForm(context, form, { config, name: crq.metadata?.id ?? "CRQ" }),
        ...(chooseForm && { chooseForm }),
        ...(asking && { askProposal: askProposal(ui) }),
        identity: await personIdentity(root, context.folders.home),
        announce: open.open.world?.announce ?? [],
        resume: fold(events),
        ...(kept && { kept }),
      }),
      open,
    );
    return { session: open, result };
  } finally {
    await Promise.allSettled([canaries]);
    await open.close();
  }
}

/**
 * The session of this repository that a person means; the newest when none is named.
 * @throws CommandError (exit 2) where there is none, or its journal cannot be read
 */
export async function pick(
  context: CliContext,
  id: string | undefined,
  options: RepoOptions,
): Promise<{ readonly session: SessionSummary; readonly root: string }> {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const found = findSession(sessionsRoot(context), id ?? "last", repositoryKey(root));
  if (found.kind !== "found") throw new CommandError("unknown-session", found.problem);
  const { session } = found;
  if (session.state.kind === "damaged")
    throw new CommandError("unreadable-file", `${session.state.problem}; nothing can be said of ${session.id}`);
  return { session, root };
}

/** How it stands with a session, for people. */
export function stateText({ state, verb }: SessionSummary): string {
  switch (state.kind) {
    case "running":
      return "running";
    case "interrupted":
      return verb === "apply" ? "interrupted; can be resumed" : "interrupted";
    case "ended":
      return outcomeText(state.outcome);
    case "damaged":
      return `damaged: ${state.problem}`;
  }
}

/** As the session was begun, but for another folder that the person names now. */
function resumedWorld(named: string | undefined, world: string | null, recordWorld: string | null): WorldChoice {
  if (named !== undefined) return worldChoice({ world: named });
  return worldChoice({ ...(world !== null && { world }), ...(recordWorld !== null && { recordWorld }) });
}
