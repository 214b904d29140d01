import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { saveText } from "../../crq/catalogue/save.ts";
import { approvalState } from "../../crq/lifecycle/approval.ts";
import type { Crq } from "../../crq/model.ts";
import { isProposed } from "../../crq/write/waivers.ts";
import { approved } from "../../jobs/decisions/approval.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { oneLine } from "../../ui/text.ts";
import { locateCrq } from "../catalogue/find-crq.ts";
import { requireLists, writeLists } from "../catalogue/lists.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { acceptParts } from "./approval/accept-parts.ts";
import { answerQuestions } from "./approval/answer-questions.ts";
import { personName } from "./approval/person.ts";
import { requireNoRaisedQuestion } from "./approval/raised-question.ts";
import { readyCrq } from "./approval/ready-crq.ts";

interface ApproveOptions extends OutputOptions {
  readonly repo: string;
  readonly yes?: boolean;
}

/** `crq-agent approve CRQ`: binds scope and criteria to a hash, with the name of the person who said yes. */
export const approve: Verb<[string, ApproveOptions]> = async (context, ui, argument, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  await requireLists(root, config.crqs);
  const located = await locateCrq(argument, context.cwd, root, config.crqs, { cache: context.folders.cache });
  const found = options.yes ? located : await answerQuestions(ui, located);
  const ready = await readyCrq(found.crq, root, config, (text) => ui.say(text));
  requireNoRaisedQuestion(context, ready, root);
  const before = await readFile(found.file, "utf8");
  const { crq, fresh } = await approved(ready, new Date(context.now()), async (why) => {
    if (options.yes) return { kind: "unattended" };
    if (!ui.interactive) return undefined;
    const name = await personName(context, root);
    return (await acceptParts(ui, ready, why, "Approve this?")) ? { kind: "person", name, via: "approve" } : undefined;
  });
  if (fresh) {
    const refused = await saveText(found.file, before, crq.source);
    if (refused !== undefined) throw new CommandError("not-written", refused);
    await writeLists(root, config.crqs);
  }
  const state = approvalState(crq);
  const hash = state.state === "valid" ? state.hash : "";
  ui.result({
    text: [`${found.path} is ${fresh ? "now" : "already"} approved ${approvedBy(crq)} (${hash}).`, ...idleProposals(crq)].join(
      "\n",
    ),
    json: {
      schema: "crq-agent/approve/1",
      ok: true,
      exit: 0,
      data: { path: found.path, approval: crq.metadata?.approval ?? null, fresh },
      diagnostics: [],
    },
  });
  return 0;
};

const approvedBy = ({ metadata }: Crq): string => {
  const by = metadata?.approval?.by ?? "?";
  return by === "unattended" ? "unattended: nobody was asked" : `by ${by}`;
};

/** What an approval without a person leaves open would else be found out after the work. */
const idleProposals = ({ metadata }: Crq): readonly string[] =>
  (metadata?.waivers ?? [])
    .filter(isProposed)
    .map(
      ({ ac, weakening, reason }) =>
        `A waiver is proposed and does not count, since no person approved it: ${oneLine(weakening ?? ac ?? "?", 60)} (${oneLine(reason, 100)}).`,
    );
