import { join, resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { raisedIn } from "../../jobs/decisions/question.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { readBriefs } from "../../session/brief.ts";
import { findSession, repositoryKey } from "../../session/store.ts";
import { giveWaiver, takenText, takeQuestion } from "../change/approval/raised-question.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { sessionsRoot } from "../wiring/open-session.ts";

interface TakeOptions extends OutputOptions {
  readonly repo: string;
  /** Why what the run asks for may be left out. */
  readonly waive?: string;
  readonly until?: string;
}

/** `crq-agent sessions take [ID]`: puts the question that a run ended with into its CRQ, which is proposed again then. */
export const take: Verb<[string | undefined, TakeOptions]> = async (context, ui, id, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const key = repositoryKey(root);
  const { sessions } = readBriefs(join(sessionsRoot(context), key));
  const found = id === undefined ? undefined : findSession(sessionsRoot(context), id, key);
  if (found !== undefined && found.kind !== "found") throw new CommandError("no-question", found.problem);
  const raised = sessions
    .filter((session) => found === undefined || session.id === found.session.id)
    .flatMap((session) => raisedIn(session) ?? [])[0];
  if (raised === undefined)
    throw new CommandError(
      "no-question",
      `${found === undefined ? "no session of this repository" : found.session.id} ${found === undefined ? "ended" : "did not end"} with a question; see \`crq-agent sessions list\``,
    );
  if (options.until !== undefined && options.waive === undefined)
    throw new CommandError("option-conflict", "--until says how long a waiver holds; give it together with --waive REASON");
  const place = { root, crqFolder: config.crqs };
  const taken =
    options.waive === undefined
      ? await takeQuestion(context, raised, place)
      : await giveWaiver(
          context,
          raised,
          { reason: options.waive, ...(options.until !== undefined && { until: options.until }) },
          place,
        );
  ui.result({
    text: takenText(taken),
    json: {
      schema: "crq-agent/sessions-take/1",
      ok: true,
      exit: 0,
      data: { session: raised.session, ...taken },
      diagnostics: [],
    },
  });
  return 0;
};
