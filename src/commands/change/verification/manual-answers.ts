import { join } from "node:path";
import { plainText } from "../../../agent/plain-text.ts";
import type { Answer, Answers } from "../../../crq/criteria/answers.ts";
import { approvalHash } from "../../../crq/lifecycle/approval.ts";
import type { Criterion, Crq } from "../../../crq/model.ts";
import { type AnswerPlace, keepAnswers, readAnswers } from "../../../jobs/facts/runs/stored-answers.ts";
import { repositoryKey } from "../../../session/store.ts";
import type { Ui } from "../../../ui/ui.ts";
import { type CliContext, CommandError } from "../../wiring/context.ts";
import { personName } from "../approval/person.ts";

/** What `--answer` says, by criterion. */
export type GivenAnswers = ReadonlyMap<string, Answer["verdict"]>;

/** @throws CommandError (exit 2) for a form that is none, and for a criterion that asks nobody */
export function givenAnswers(given: readonly string[], crq: Crq): GivenAnswers {
  const asking = manualCriteria(crq).map(({ id }) => id);
  return new Map(
    given.map((text) => {
      const [, id, verdict] = /^(AC-\d+)=(pass|fail)$/u.exec(text) ?? [];
      if (id === undefined || (verdict !== "pass" && verdict !== "fail"))
        throw new CommandError("bad-value", `--answer ${text}: write AC-n=pass or AC-n=fail`);
      if (!asking.includes(id))
        throw new CommandError(
          "unknown-criterion",
          `--answer ${text}: ${asking.length > 0 ? `only ${asking.join(", ")} of ${crq.path} ask a person` : `no criterion of ${crq.path} asks a person`}`,
        );
      return [id, verdict];
    }),
  );
}

/**
 * The answers for a run: those kept for these criteria and files, those given now, and, on a terminal, those asked for. What was given
 * now is kept.
 * @param tree as reports name the files to be judged
 */
export async function answersFor(
  context: CliContext,
  ui: Ui,
  { crq, root, tree, only }: { crq: Crq; root: string; tree: string; only: readonly string[] | undefined },
  given: GivenAnswers,
): Promise<Answers> {
  const place: AnswerPlace = {
    folder: join(context.folders.state, "answers", repositoryKey(root)),
    crq: crq.metadata?.id ?? "CRQ-XXX",
    hash: approvalHash(crq),
    tree,
  };
  const kept = await readAnswers(place);
  if (kept.problem !== undefined) ui.say(`Note: ${kept.problem}`);
  const now = new Map(given);
  for (const criterion of manualCriteria(crq)) {
    const { id } = criterion;
    if (kept.answers[id] !== undefined || now.has(id) || (only !== undefined && !only.includes(id))) continue;
    const verdict = await askFor(ui, criterion);
    if (verdict !== undefined) now.set(id, verdict);
  }
  if (now.size === 0) return kept.answers;
  const by = `human:${await personName(context, root)}`;
  const at = new Date(context.now()).toISOString();
  const fresh = Object.fromEntries([...now].map(([id, verdict]): [string, Answer] => [id, { verdict, by, at }]));
  const answers = { ...kept.answers, ...fresh };
  await keepAnswers(place, answers);
  return answers;
}

function manualCriteria(crq: Crq): readonly Criterion[] {
  return crq.criteria.filter(
    ({ checks, withdrawn }) => withdrawn === undefined && checks.some((check) => check.kind === "manual"),
  );
}

async function askFor(ui: Ui, { id, text, checks }: Criterion): Promise<Answer["verdict"] | undefined> {
  if (!ui.interactive) return undefined;
  const questions = checks.flatMap((check) => (check.kind === "manual" ? [`${check.ask} (${check.who})`] : []));
  const typed = await ui.ask("pass, fail, or nothing to leave it open:", plainText([`${id}: ${text}`, ...questions].join("\n")));
  return typed === "pass" || typed === "fail" ? typed : undefined;
}
