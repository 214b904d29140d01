import { join, resolve } from "node:path";
import type { Tally } from "../../agent/limits.ts";
import { type Config, readConfig } from "../../config.ts";
import { approvalHash } from "../../crq/lifecycle/approval.ts";
import type { Crq } from "../../crq/model.ts";
import { apply as applyJob } from "../../jobs/apply.ts";
import { type Approver, approved, NotApplicable } from "../../jobs/decisions/approval.ts";
import { currentTree } from "../../jobs/facts/runs/current-tree.ts";
import type { ApplyResult } from "../../jobs/work/apply-contract.ts";
import { personIdentity } from "../../repo/workspace/hand-over.ts";
import { createWorkspace, locate } from "../../repo/workspace/workspace.ts";
import type { Ui } from "../../ui/ui.ts";
import { documentFolders } from "../catalogue/document-folders.ts";
import { type FoundCrq, locateCrq } from "../catalogue/find-crq.ts";
import { canariesOf } from "../wiring/canaries.ts";
import { type ChosenModel, chooseModel, type ModelOptions } from "../wiring/choose-model.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { type OpenSession, openSession, runJob } from "../wiring/open-session.ts";
import { type LimitOptions, limitsGiven, usdLeft } from "../wiring/run-limits.ts";
import { type WorldOptions, worldChoice, worldRequest } from "../wiring/world-choice.ts";
import { showResult } from "./applied.ts";
import { acceptParts } from "./approval/accept-parts.ts";
import { askProposal, asksProposals } from "./approval/ask-proposal.ts";
import { chooseHandOver } from "./approval/choose-hand-over.ts";
import { personName } from "./approval/person.ts";
import { keptChangeOf, offerQuestion, requireNoRaisedQuestion } from "./approval/raised-question.ts";
import { readyCrq } from "./approval/ready-crq.ts";
import { draftForApply } from "./draft.ts";
import { askToWriteBack, handOverForm, requireOneForm, writesBack } from "./hand-over.ts";
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
  requireOneForm(root, git, options);
  const config = await readConfig(root);
  // Before anything is asked or spent.
  asksProposals(ui, approveOf(options), config);
  const identity = await personIdentity(root, context.folders.home);
  // A CRQ that is not there is told before any question about what to do with its change.
  const named =
    argument === undefined
      ? undefined
      : await locateCrq(argument, context.cwd, root, config.crqs, { cache: context.folders.cache });
  // A missing key is told before a person has read and accepted every part.
  const chosen = await chooseModel(context, config, options);
  if (writesBack(git, options, config)) await askToWriteBack(ui, root, options.yes ?? false);
  const found: FoundCrq & { readonly kept?: string; readonly tally?: Tally } =
    named ?? (await draftForApply(context, ui, options, root, chosen));
  const ready = await readyCrq(found.crq, root, config, (text) => ui.say(text)).catch((error: unknown) => {
    throw found.kept !== undefined && error instanceof NotApplicable ? whereKept(error, found.path, found.kept) : error;
  });
  if (argument !== undefined) requireNoRaisedQuestion(context, ready, root);
  const ask = (why: string): Promise<Approver | undefined> =>
    askApproval(ui, ready, why, options.yes ?? false, () => personName(context, root));
  const { crq } = await approved(ready, new Date(context.now()), ask);
  const work = { root, git, config, found, crq, identity, ...afterDraft({ chosen, options }, found.tally) };
  const { session, result } = await applyApproved(context, ui, work);
  const taken = await offerQuestion(context, ui, session.id, result.outcome, { root, crqFolder: config.crqs });
  return showResult(ui, session, result, taken);
};

/** A cap in dollars is one for the command: what the draft cost is no longer there for the change. */
function afterDraft<Paid extends Pick<ApprovedWork, "chosen" | "options">>(paid: Paid, tally: Tally | undefined): Paid {
  const usd = tally && usdLeft(paid.chosen.limits, tally);
  return usd === undefined
    ? paid
    : {
        ...paid,
        chosen: { ...paid.chosen, limits: { ...paid.chosen.limits, usd } },
        options: { ...paid.options, maxUsd: usd },
      };
}

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
  const docs = documentFolders(context, root, options.docs, config.docs);
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
    limits: limitsGiven(options),
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
