import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readConfig } from "../config.ts";
import { requireCheckable } from "../jobs/approval.ts";
import { verify as verifyJob } from "../jobs/verify.ts";
import { adoptTracked, createWorkspace, locate, removeCopy, snapshot } from "../repo/workspace/workspace.ts";
import { acceptanceTable } from "../ui/acceptance-table.ts";
import { baseOf } from "./documents/base-commit.ts";
import { locateCrq } from "./documents/find-crq.ts";
import { cargoNames } from "./documents/own-names.ts";
import { canariesOf } from "./wiring/canaries.ts";
import { CommandError, type OutputOptions, type Verb } from "./wiring/context.ts";
import { openSession, runJob } from "./wiring/open-session.ts";

export interface VerifyOptions extends OutputOptions {
  readonly repo: string;
  readonly world?: string;
  readonly ac?: readonly string[];
  readonly report?: string;
  readonly answer?: readonly string[];
  readonly unsafeLocal?: boolean;
}

/** `crq-agent verify CRQ`: the acceptance alone, on the tracked files of the checkout, against the CRQ's base. */
export const verify: Verb<[string, VerifyOptions]> = async (context, ui, argument, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const found = await locateCrq(argument, context.cwd, root, config.crqs);
  requireCheckable(found.crq);
  const known = new Set(found.crq.criteria.map(({ id }) => id));
  const strangers = (options.ac ?? []).filter((id) => !known.has(id));
  if (strangers.length > 0) throw new CommandError(2, `--ac ${strangers.join(", ")}: ${found.path} has ${[...known].join(", ")}`);
  const session = await openSession(context, ui, {
    verb: "verify",
    root,
    config,
    model: "none",
    world: options.world,
    limits: {},
    maxOutputTokens: 1,
    request: { crq: found.path },
    ownNames: await cargoNames(root),
  });
  const canaries = canariesOf(context, session.place, found.crq);
  try {
    const head = await createWorkspace(root, join(session.place.workFolder, "tree"), config.crqs);
    const base = await baseOf(found.crq, head);
    const uncommitted = await adoptTracked(head);
    if (uncommitted.length > 0)
      ui.say(`The checkout differs from HEAD in tracked files, and is judged as it is: ${uncommitted.slice(0, 10).join(", ")}`);
    const { commit, tree } = await snapshot(head);
    const workspace = { ...head, base };
    const result = await runJob(
      verifyJob({
        place: session.place,
        workspace,
        commit,
        tree,
        crq: found.crq,
        only: options.ac,
        answers: answersOf(options.answer ?? []),
        unsafeLocal: options.unsafeLocal ?? false,
        canaries,
        reportFolder: join(session.folder, "report"),
      }),
      session,
    );
    const evidence = join(session.folder, "report");
    if (options.report !== undefined) await cp(evidence, resolve(context.cwd, options.report), { recursive: true });
    const text = [
      acceptanceTable(result.report, evidence),
      result.exit === 0 ? `Every criterion of ${result.report.crq.id} passes.` : `Not proven (exit ${result.exit}).`,
    ].join("\n");
    ui.result({
      text,
      json: {
        schema: "crq-agent/verify/1",
        ok: result.exit === 0,
        exit: result.exit,
        data: { report: result.report, evidence, session: session.id },
        diagnostics: [],
      },
    });
    return result.exit;
  } finally {
    await Promise.allSettled([canaries]);
    await removeCopy(session.place.workFolder);
    await session.close();
  }
};

function answersOf(given: readonly string[]): Record<string, "pass" | "fail"> {
  const answers: Record<string, "pass" | "fail"> = {};
  for (const text of given) {
    const [, id, verdict] = /^(AC-\d+)=(pass|fail)$/u.exec(text) ?? [];
    if (id === undefined || (verdict !== "pass" && verdict !== "fail"))
      throw new CommandError(2, `--answer ${text}: write AC-n=pass or AC-n=fail`);
    answers[id] = verdict;
  }
  return answers;
}
