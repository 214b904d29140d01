import { join, resolve } from "node:path";
import { type Config, readConfig } from "../../config.ts";
import { approvalHash } from "../../crq/lifecycle/approval.ts";
import type { Crq } from "../../crq/model.ts";
import { apply as applyJob } from "../../jobs/apply.ts";
import { type Approver, approved, NotApplicable } from "../../jobs/decisions/approval.ts";
import { currentTree } from "../../jobs/facts/runs/current-tree.ts";
import type { ApplyResult } from "../../jobs/work/apply-contract.ts";
import type { HandOverForm } from "../../jobs/work/hand-over.ts";
import { personIdentity } from "../../repo/workspace/hand-over.ts";
import { createWorkspace, locate } from "../../repo/workspace/workspace.ts";
import type { Ui } from "../../ui/ui.ts";
import { type FoundCrq, locateCrq } from "../catalogue/find-crq.ts";
import { canariesOf } from "../wiring/canaries.ts";
import { type ChosenModel, chooseModel, type ModelOptions } from "../wiring/choose-model.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { type OpenSession, openSession, runJob } from "../wiring/open-session.ts";
import type { LimitOptions } from "../wiring/run-limits.ts";
import { type WorldOptions, worldChoice, worldRequest } from "../wiring/world-choice.ts";
import { showResult } from "./applied.ts";
import { acceptParts } from "./approval/accept-parts.ts";
import { askProposal, asksProposals } from "./approval/ask-proposal.ts";
import { chooseHandOver } from "./approval/choose-hand-over.ts";
import { personName } from "./approval/person.ts";
import { keptChangeOf, offerQuestion, requireNoRaisedQuestion } from "./approval/raised-question.ts";
import { readyCrq } from "./approval/ready-crq.ts";
import { draftForApply } from "./draft.ts";
import { baseOf } from "./verification/base-commit.ts";
import { cargoNames } from "./verification/own-names.ts";

export interface ApplyOptions extends OutputOptions, ModelOptions, LimitOptions, WorldOptions {
  readonly repo: string;
  readonly task?: string;
  readonly taskFile?: string;
  readonly docs?: readonly string[];
  readonly yes?: boolean;
  readonly patch?: string;
  readonly branch?: string;
  readonly unsafeLocal?: boolean;
  readonly approve?: "ask" | "auto";
}

/** `crq-agent apply CRQ` and `apply --task "…" --yes`. */
export const apply: Verb<[string | undefined, ApplyOptions]> = async (context, ui, argument, options) => {
  requireOneSubject(ui, argument, options);
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  // Before anything is asked or spent.
  asksProposals(ui, approveOf(options), config);
  const identity = await personIdentity(root, context.folders.home);
  // A CRQ that is not there is told before any question about what to do with its change.
  const named =
    argument === undefined
      ? undefined
      : await locateCrq(argument, context.cwd, root, config.crqs, { cache: context.folders.cache });
  if (writesBack(git, options, config)) await askToWriteBack(ui, root, options.yes ?? false);
  const found: FoundCrq & { readonly kept?: string } = named ?? (await draftForApply(context, ui, options, root));
  const ready = await readyCrq(found.crq, root, config, (text) => ui.say(text)).catch((error: unknown) => {
    throw found.kept !== undefined && error instanceof NotApplicable ? whereKept(error, found.path, found.kept) : error;
  });
  if (argument !== undefined) requireNoRaisedQuestion(context, ready, root);
  const ask = (why: string): Promise<Approver | undefined> =>
    askApproval(ui, ready, why, options.yes ?? false, () => personName(context, root));
  const { crq } = await approved(ready, new Date(context.now()), ask);
  const chosen = await chooseModel(context, config, options);
  const { session, result } = await applyApproved(context, ui, { root, git, config, found, crq, identity, chosen, options });
  const taken = await offerQuestion(context, ui, session.id, result.outcome, { root, crqFolder: config.crqs });
  return showResult(ui, session, result, taken);
};

export interface ApprovedWork {
  readonly root: string;
  readonly git: boolean;
  readonly config: Config;
  readonly found: FoundCrq;
  /** As it is approved. */
  readonly crq: Crq;
  readonly identity: Awaited<ReturnType<typeof personIdentity>>;
  readonly chosen: ChosenModel;
  readonly options: Omit<ApplyOptions, "repo">;
  /** Is told of the session as soon as there is one. */
  readonly opened?: (session: OpenSession) => void;
}

export interface AppliedWork {
  /** Closed. */
  readonly session: OpenSession;
  readonly result: ApplyResult;
}

/** An approved CRQ in a session of its own, to its end. */
export async function applyApproved(
  context: CliContext,
  ui: Ui,
  { root, git, config, found, crq, identity, chosen, options, opened }: ApprovedWork,
): Promise<AppliedWork> {
  const { model, limits, maxOutputTokens } = chosen;
  const asking = asksProposals(ui, approveOf(options), config);
  const docs = options.docs?.map((path) => resolve(context.cwd, path)) ?? config.docs;
  const kept = keptChangeOf(context, crq, root);
  const chooseForm = git ? chooseHandOver(context, ui, crq, options, config) : undefined;
  const request = {
    crq: crq.path,
    id: crq.metadata?.id ?? "",
    file: found.file,
    hash: approvalHash(crq) ?? null,
    tree: (await currentTree(root, config.crqs)) ?? null,
    source: crq.source,
    docs,
    yes: options.yes ?? false,
    approve: approveOf(options) ?? null,
    patch: options.patch === undefined ? null : resolve(context.cwd, options.patch),
    branch: options.branch ?? null,
    ...worldRequest(context, options),
    unsafeLocal: options.unsafeLocal ?? false,
    task: options.task ?? null,
    kept: kept ?? null,
    git,
  };
  const session = await openSession(context, ui, {
    verb: "apply",
    root,
    config,
    model: model.name,
    world: worldChoice(options),
    limits,
    maxOutputTokens,
    request,
    ownNames: await cargoNames(root),
  });
  opened?.(session);
  const canaries = canariesOf(context, session.place, crq, options.unsafeLocal ?? false);
  try {
    const workspace = await createWorkspace(root, join(session.place.workFolder, "tree"), config.crqs);
    await baseOf(crq, workspace);
    const result = await runJob(
      applyJob({
        place: session.place,
        model,
        workspace,
        crq,
        crqPath: found.path,
        docs,
        task: options.task,
        yes: options.yes ?? false,
        unsafeLocal: options.unsafeLocal ?? false,
        canaries,
        form: handOverForm(context, options, { config, name: crq.metadata?.id ?? "CRQ" }),
        ...(chooseForm && { chooseForm }),
        ...(asking && { askProposal: askProposal(ui) }),
        identity,
        announce: session.open.world?.announce ?? [],
        ...(kept && { kept }),
      }),
      session,
    );
    return { session, result };
  } finally {
    await Promise.allSettled([canaries]);
    await session.close();
  }
}

/** Who says yes to everything is shown nothing. */
const approveOf = ({ approve, yes }: Pick<ApplyOptions, "approve" | "yes">): ApplyOptions["approve"] => (yes ? "auto" : approve);

/** As the options say it, else as crq-agent.toml does; `name` is the patch's where nobody named one. */
export function handOverForm(
  context: CliContext,
  { patch, branch }: Pick<ApplyOptions, "patch" | "branch">,
  usual: { readonly config: Config; readonly name: string },
): HandOverForm {
  if (patch !== undefined) return { form: "patch", path: resolve(context.cwd, patch) };
  return branch === undefined && usual.config["hand-over"] === "patch"
    ? { form: "patch", path: resolve(context.cwd, `${usual.name}.patch`) }
    : { form: "branch", name: branch };
}

/** Whether the change would be written into a folder without git, where no patch is wanted. */
export const writesBack = (git: boolean, { patch, branch }: Pick<ApplyOptions, "patch" | "branch">, config: Config): boolean =>
  !git && patch === undefined && (branch !== undefined || config["hand-over"] === "branch");

function requireOneSubject(ui: Ui, argument: string | undefined, { task, taskFile, yes }: ApplyOptions): void {
  const drafts = task !== undefined || taskFile !== undefined;
  if (argument !== undefined && drafts) throw new CommandError("option-conflict", "give a CRQ or --task, not both");
  if (argument === undefined && !drafts)
    throw new CommandError(
      "missing-argument",
      'what is to be applied? Give a CRQ (crq-agent apply CRQ-001) or --task "one sentence"',
    );
  if (drafts && !yes && !ui.interactive)
    throw new CommandError("not-asked", "--task approves what it drafts: pass --yes, or run it on a terminal");
}

/** What stops a draft of `--task` is mended in a file that is there: the checkout has none, and another draft would cost again. */
const whereKept = (error: NotApplicable, path: string, kept: string): NotApplicable =>
  new NotApplicable(
    error.code,
    `${error.message.replaceAll(path, kept)}. The draft is kept there; mend it, then: crq-agent apply "${kept}"`,
    error.diagnostics,
    error.exit,
  );

/** A folder without git has no branch to hand over: its files themselves change, which nobody is surprised with. */
export async function askToWriteBack(
  ui: Ui,
  root: string,
  yes: boolean,
  question = "Write it back once every criterion is proven?",
): Promise<void> {
  const why = `${root} is no git repository, so the change would be written into it`;
  if (yes || (ui.interactive && (await ui.confirm(question, `${why}.`)))) return;
  throw new CommandError("not-asked", `${why}: pass --yes, or --patch FILE to get it as a patch`);
}

async function askApproval(
  ui: Ui,
  crq: Crq,
  why: string,
  yes: boolean,
  person: () => Promise<string>,
): Promise<Approver | undefined> {
  if (yes) return { kind: "unattended" };
  if (!ui.interactive) return undefined;
  const name = await person();
  return (await acceptParts(ui, crq, why, "Approve this and apply it?")) ? { kind: "person", name, via: "prompt" } : undefined;
}
