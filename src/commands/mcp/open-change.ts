import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { isResumable } from "../../agent/outcome.ts";
import { approvalHash, approvalState } from "../../crq/lifecycle/approval.ts";
import type { Crq } from "../../crq/model.ts";
import { NotApplicable, whyNot } from "../../jobs/decisions/approval.ts";
import type { Attending, Ended } from "../../mcp/workplace.ts";
import { personIdentity } from "../../repo/workspace/hand-over.ts";
import { insideJail, JailError } from "../../repo/workspace/jail.ts";
import { readBriefs, type SessionBrief } from "../../session/brief.ts";
import { outcomeText } from "../../session/show.ts";
import { listSessions, repositoryKey, type SessionSummary } from "../../session/store.ts";
import { locateCrq } from "../catalogue/find-crq.ts";
import { handOverText } from "../change/applied.ts";
import { type AppliedWork, applyApproved } from "../change/apply.ts";
import { requireNoRaisedQuestion } from "../change/approval/raised-question.ts";
import { readyCrq } from "../change/approval/ready-crq.ts";
import { resumeApply } from "../machine/sessions.ts";
import { type CliContext, CommandError } from "../wiring/context.ts";
import { type OpenSession, sessionsRoot } from "../wiring/open-session.ts";
import type { McpOptions, Repository } from "./workplace.ts";

/**
 * An approved CRQ with an MCP client as the model: the session of `apply`, begun or gone on with.
 * @throws CommandError, NotApplicable for what stands in the way, with the next move
 */
export async function openChange(
  context: CliContext,
  repository: Repository,
  options: McpOptions,
  { crq: argument, anew }: { readonly crq: string; readonly anew: boolean },
  { model, ui, signal, opened }: Attending,
): Promise<Ended> {
  const { root, git, config, limits } = repository;
  const own = { ...context, signal: AbortSignal.any([context.signal, signal]) };
  if (!git)
    throw new CommandError(
      "no-git",
      "this folder is no git repository, so a change has no branch to be handed over as; a person may run `git init` and commit, or `crq-agent apply --patch FILE`",
    );
  await requireInside(root, argument);
  const found = await locateCrq(argument, root, root, config.crqs, { cache: context.folders.cache });
  const crq = await readyCrq(found.crq, root, config, (text) => ui.say(text));
  requireApproval(crq);
  requireNoRaisedQuestion(context, crq, root);
  const id = crq.metadata?.id ?? found.path;
  const chosen = { model, limits, maxOutputTokens: config.limits["max-output-tokens"] };
  const tell = (session: OpenSession): void => opened({ id: session.id, folder: session.folder, verb: "apply", crq: id });
  const before = anew ? undefined : leftOpen(context, root, crq);
  const work = await (before
    ? resumeApply(own, ui, { session: before, root, config, options, opened: tell }, async () => chosen)
    : applyApproved(own, ui, {
        root,
        git,
        config,
        found,
        crq,
        identity: await personIdentity(root, context.folders.home),
        chosen,
        options,
        opened: tell,
      }));
  return endedOf(id, work);
}

/** The repository is the jail: a client names no file outside of it. An id or a number is no path. */
async function requireInside(root: string, argument: string): Promise<void> {
  if (/^(?:CRQ-?)?\d{1,7}$/iu.test(argument.trim())) return;
  try {
    await insideJail(root, relative(root, resolve(root, argument)) || ".");
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    throw new CommandError(
      "outside-repository",
      `${error.message}; give the id of a CRQ (crq-agent://crqs lists them) or a path inside the repository`,
    );
  }
}

/** Nobody approves over this wire: that is a person's act on a terminal. */
function requireApproval(crq: Crq): void {
  const state = approvalState(crq);
  if (state.state === "valid" && crq.metadata?.status === "approved") return;
  throw new NotApplicable(
    "not-approved",
    `${crq.path}: ${whyNot(state)}. Approval is a person's act on a terminal, and no tool here gives it: ask them to read the document and run \`crq-agent approve ${crq.path}\`, then call open_change again.`,
  );
}

/** What `apply` keeps of its request that says which work it was. */
const workedOn = z.looseObject({ id: z.string(), hash: z.string().nullable() });

/** The newest session of a client on the same criteria that can go on. */
function leftOpen(context: CliContext, root: string, crq: Crq): SessionSummary | undefined {
  const key = repositoryKey(root);
  const hash = approvalHash(crq) ?? null;
  const same = ({ header }: SessionBrief): boolean => {
    const request = workedOn.safeParse(header.request).data;
    return (
      header.verb === "apply" && header.model.startsWith("mcp:") && request?.hash === hash && request.id === crq.metadata?.id
    );
  };
  const brief = readBriefs(join(sessionsRoot(context), key)).sessions.find(same);
  const session = listSessions(sessionsRoot(context), key).find(({ id }) => id === brief?.id);
  switch (session?.state.kind) {
    case "running":
      throw new CommandError(
        "session-running",
        `${session.id} works on this CRQ in another process; wait for it or stop it, or call open_change with anew: true to begin a second session`,
      );
    case "interrupted":
      return session;
    case "ended":
      return isResumable(session.state.outcome) ? session : undefined;
    case "damaged":
    case undefined:
      return undefined;
  }
}

function endedOf(id: string, { session, result }: AppliedWork): Ended {
  const { outcome, report, handOver, notes, tally } = result;
  const criteria = (report?.criteria ?? []).map(({ id: criterion, verdict, reason }) => ({ id: criterion, verdict, reason }));
  const text = [
    `The session ended: ${outcomeText(outcome)}`,
    ...criteria.map(({ id: criterion, verdict, reason }) => `${criterion} ${verdict}: ${reason}`),
    ...handOverText(result),
    ...notes.map((note) => `Note: ${note}`),
    ...(tally ? [`${tally.turns} calls, ${tally.builds} builds.`] : []),
    `The report: crq-agent://sessions/${session.id}/files/report/report.md`,
    ...nextMove(id, session.id, outcome.kind, isResumable(outcome)),
  ].join("\n");
  return {
    text: session.place.redact(text),
    outcome,
    branch: handOver.form === "branch" ? handOver.branch : null,
    criteria: criteria.map(({ id: criterion, verdict }) => ({ id: criterion, verdict })),
  };
}

function nextMove(crq: string, session: string, kind: Ended["outcome"]["kind"], resumable: boolean): readonly string[] {
  if (kind === "limit")
    return [
      `A person may start the server with a higher limit (--max-turns, --max-builds, --max-wall); open_change with ${crq} then goes on where it was.`,
    ];
  if (resumable) return [`open_change with ${crq} goes on where it was.`];
  if (kind === "question")
    return [
      `A person has to answer; \`crq-agent sessions take ${session}\` puts the question into the CRQ, which is approved anew.`,
    ];
  return [];
}
