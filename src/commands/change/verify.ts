import { join, relative, resolve } from "node:path";
import { didYouMean } from "../../agent/text/nearest.ts";
import { readConfig } from "../../config.ts";
import type { CrqReport } from "../../crq/criteria/report/evidence.ts";
import { approvalHash } from "../../crq/lifecycle/approval.ts";
import { requireCheckable } from "../../jobs/decisions/approval.ts";
import { type Closed, requireClosable } from "../../jobs/decisions/close.ts";
import { currentTree } from "../../jobs/facts/runs/current-tree.ts";
import { type BaselineResult, verifyBaseline, verify as verifyJob } from "../../jobs/verify.ts";
import { adoptTracked, createWorkspace, locate, removeCopy, snapshot } from "../../repo/workspace/workspace.ts";
import { acceptanceTable } from "../../ui/acceptance-table.ts";
import { oneLine, table } from "../../ui/text.ts";
import type { Ui } from "../../ui/ui.ts";
import { type FoundCrq, locateCrq } from "../catalogue/find-crq.ts";
import { requireLists } from "../catalogue/lists.ts";
import { canariesOf } from "../wiring/canaries.ts";
import { type CliContext, CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { openSession, runJob } from "../wiring/open-session.ts";
import { type WorldOptions, worldChoice } from "../wiring/world-choice.ts";
import { personName } from "./approval/person.ts";
import { baseOf, baseOfReport } from "./verification/base-commit.ts";
import { closeCrq } from "./verification/close-crq.ts";
import { writableFolder } from "./verification/evidence-folder.ts";
import { answersFor, givenAnswers } from "./verification/manual-answers.ts";
import { cargoNames } from "./verification/own-names.ts";

export interface VerifyOptions extends OutputOptions, WorldOptions {
  readonly repo: string;
  readonly ac?: readonly string[];
  readonly report?: string;
  readonly answer?: readonly string[];
  readonly baselineOnly?: boolean;
  readonly close?: boolean;
  readonly unsafeLocal?: boolean;
}

/** `crq-agent verify CRQ`: the acceptance alone, on the tracked files of the checkout, against the CRQ's base. */
export const verify: Verb<[string, VerifyOptions]> = async (context, ui, argument, options) => {
  requireOneAim(options);
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const found = await locateCrq(argument, context.cwd, root, config.crqs, { cache: context.folders.cache });
  requireCheckable(found.crq);
  requireKnown(found, options.ac ?? []);
  const wanted = options.report === undefined ? [] : [await writableFolder(resolve(context.cwd, options.report))];
  const given = givenAnswers(options.answer ?? [], found.crq);
  const closer = options.close ? await closerOf(context, found, { root, crqFolder: config.crqs }) : undefined;
  const checkoutTree = await currentTree(root, config.crqs);
  const answers = await answersFor(
    context,
    ui,
    { crq: found.crq, root, tree: checkoutTree ?? "", only: options.baselineOnly ? [] : options.ac },
    given,
  );
  const session = await openSession(context, ui, {
    verb: "verify",
    root,
    config,
    model: "none",
    world: worldChoice(options),
    limits: {},
    maxOutputTokens: 1,
    request: {
      crq: found.path,
      id: found.crq.metadata?.id ?? "",
      hash: approvalHash(found.crq) ?? null,
      tree: checkoutTree ?? null,
      baselineOnly: options.baselineOnly ?? false,
    },
    ownNames: await cargoNames(root),
  });
  const canaries = canariesOf(context, session.place, found.crq, options.unsafeLocal ?? false);
  try {
    const head = await createWorkspace(root, join(session.place.workFolder, "tree"), config.crqs);
    const reported = await baseOfReport(found.crq, head, config.crqs);
    if (reported !== undefined)
      ui.say(`${found.path} names no base; it is judged against ${reported.slice(0, 12)}, which its report started from`);
    const base = reported ?? (await baseOf(found.crq, head));
    const uncommitted = await adoptTracked(head);
    if (uncommitted.length > 0)
      ui.say(`The checkout differs from HEAD in tracked files, and is judged as it is: ${uncommitted.slice(0, 10).join(", ")}`);
    const { commit, tree } = await snapshot(head);
    const evidence = join(session.folder, "report");
    const input = {
      place: session.place,
      workspace: { ...head, base },
      commit,
      tree,
      crq: found.crq,
      only: options.ac,
      answers,
      unsafeLocal: options.unsafeLocal ?? false,
      canaries,
      reportFolders: [evidence, ...wanted],
    };
    if (options.baselineOnly) return showBaseline(ui, found, session.id, await runJob(verifyBaseline(input), session));
    const { report, exit } = await runJob(verifyJob(input), session);
    const date = new Date(context.now()).toISOString().slice(0, 10);
    const closed =
      closer !== undefined && exit === 0
        ? await closeCrq(found, report, { root, crqFolder: config.crqs, date, by: closer })
        : undefined;
    ui.result({
      text: [acceptanceTable(report, evidence, ui.width), ...endText(report, exit, closer !== undefined, closed)].join("\n"),
      json: {
        schema: "crq-agent/verify/1",
        ok: exit === 0,
        exit,
        data: { report, evidence, session: session.id, closed: closed ?? null },
        diagnostics: [],
      },
    });
    return exit;
  } finally {
    await Promise.allSettled([canaries]);
    await removeCopy(session.place.workFolder);
    await session.close();
  }
};

function requireOneAim({ close, ac, baselineOnly, answer, report }: VerifyOptions): void {
  if (baselineOnly && report !== undefined)
    throw new CommandError("option-conflict", "a baseline alone makes no report; leave --report or --baseline-only out");
  if (close && ac !== undefined) throw new CommandError("option-conflict", "--close needs every criterion; leave --ac out");
  if (close && baselineOnly)
    throw new CommandError("option-conflict", "--close needs every criterion; leave --baseline-only out");
  if (baselineOnly && ac !== undefined)
    throw new CommandError("option-conflict", "the baseline is one of all criteria; leave --ac out");
  if (baselineOnly && answer !== undefined)
    throw new CommandError(
      "option-conflict",
      "an answer is about the files as they are, not about the base; leave --answer or --baseline-only out",
    );
}

function requireKnown({ crq, path }: FoundCrq, wanted: readonly string[]): void {
  const known = new Set(crq.criteria.map(({ id }) => id));
  const strangers = wanted.filter((id) => !known.has(id));
  if (strangers.length > 0)
    throw new CommandError(
      "unknown-criterion",
      `--ac ${strangers.join(", ")}: ${path} has ${[...known].join(", ")}${didYouMean(strangers[0] ?? "", known)}`,
    );
}

/** Who closes the CRQ once its gate is ok: better known before an hour of builds than after it. */
async function closerOf(
  context: CliContext,
  { crq, file }: FoundCrq,
  { root, crqFolder }: { readonly root: string; readonly crqFolder: string },
): Promise<string> {
  requireClosable(crq);
  await requireLists(root, crqFolder);
  if (relative(root, file).startsWith(".."))
    throw new CommandError(
      "outside-repository",
      `${file}: lies outside the repository, so it cannot carry its report; move it into the CRQ folder`,
    );
  return `human:${await personName(context, root)}`;
}

function endText(report: CrqReport, exit: number, wanted: boolean, closed: Closed["evidence"] | undefined): readonly string[] {
  const { id } = report.crq;
  if (closed !== undefined)
    return [
      `Every criterion of ${id} passes. It is closed; its report is ${closed.report}. Commit both.`,
      ...(report.subject.dirty ? ["The proof is of files that are not committed yet: commit them with it."] : []),
    ];
  return [
    exit === 0 ? `Every criterion of ${id} passes.` : `Not proven (exit ${exit}).`,
    ...(wanted ? [`${id} was not closed: only a gate that is ok closes it.`] : []),
  ];
}

function showBaseline(ui: Ui, { crq, path }: FoundCrq, session: string, { baseline, exit, findings }: BaselineResult): number {
  const rows = baseline.checks.map(({ criterion, index, kind, verdict, tier, reason }) => [
    `${criterion}.${index}`,
    kind,
    verdict,
    tier,
    oneLine(reason, 100),
  ]);
  const end = exit === 0 ? [`At ${baseline.base.slice(0, 12)} the criteria are red where they ask for a change.`] : findings;
  ui.result({
    text: [table(rows), ...end].join("\n"),
    json: {
      schema: "crq-agent/verify/1",
      ok: exit === 0,
      exit,
      data: { crq: crq.metadata?.id ?? null, path, baseline, findings, session },
      diagnostics: [],
    },
  });
  return exit;
}
