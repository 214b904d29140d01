import { join, resolve } from "node:path";
import type { Limits } from "../../agent/limits.ts";
import { plainText } from "../../agent/plain-text.ts";
import { type Config, readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { openPrompts } from "../../jobs/prompts.ts";
import type { CrqListing, Workplace } from "../../mcp/workplace.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { fold } from "../../session/fold.ts";
import { JOURNAL_FILE } from "../../session/journal.ts";
import { readJournal } from "../../session/read-journal.ts";
import { showSession } from "../../session/show.ts";
import { listSessions, repositoryKey } from "../../session/store.ts";
import { redactEvidence, secretsOf } from "../../system/redact.ts";
import { stateText } from "../machine/sessions.ts";
import { surveyOf } from "../repository/survey.ts";
import type { CliContext } from "../wiring/context.ts";
import { sessionsRoot } from "../wiring/open-session.ts";
import { type LimitOptions, limitsOf } from "../wiring/run-limits.ts";
import { foreseen } from "../wiring/run-verb.ts";
import { type WorldOptions, worldChoice } from "../wiring/world-choice.ts";
import { openChange } from "./open-change.ts";
import { openDraft } from "./open-draft.ts";

export interface McpOptions extends Pick<LimitOptions, "maxTurns" | "maxWall" | "maxBuilds">, WorldOptions {
  readonly repo: string;
  readonly unsafeLocal?: boolean;
  readonly quiet?: boolean;
}

/** The repository as it is now: its settings may change while a client is connected. */
export interface Repository {
  readonly root: string;
  readonly git: boolean;
  readonly config: Config;
  /** None of tokens and money: what the client spends is not seen here, so such a cap could not be kept. */
  readonly limits: Limits;
}

export async function openRepository(context: CliContext, options: McpOptions): Promise<Repository> {
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const { usd: _usd, tokens: _tokens, ...limits } = limitsOf(config, options, false);
  return { root, git, config, limits };
}

/** @throws what makes the server useless from the start: no repository, settings that cannot be read */
export async function openWorkplace(context: CliContext, options: McpOptions): Promise<Workplace> {
  const { root, limits, config } = await openRepository(context, options);
  const key = repositoryKey(root);
  const secrets = secretsOf(context.env);
  const stateOf = (folder: string) => fold(readJournal(join(folder, JOURNAL_FILE)).events);
  let surveying: Promise<unknown> | undefined;
  return {
    version: context.version,
    prompts: openPrompts(context.packageRoot),
    network: worldChoice(options).mode !== "replay",
    limits,
    notes: config.limits.usd === undefined ? [] : [noCap(config.limits.usd)],
    openChange: async (request, attending) =>
      openChange(context, await openRepository(context, options), options, request, attending),
    openDraft: async (request, attending) =>
      openDraft(context, await openRepository(context, options), options, request, attending),
    explain: (error) => {
      const { message } = foreseen(error, context.env.CRQ_AGENT_DEBUG !== undefined);
      return redactEvidence(plainText(message), secrets).replaceAll(`${root}/`, "");
    },
    clean: (text) => redactEvidence(plainText(text), secrets),
    async crqs() {
      const { config } = await openRepository(context, options);
      const { entries, folder } = await readCatalogue(root, config.crqs, context.folders.cache);
      return entries.flatMap(({ id, path, source, summary: { title, status } }): CrqListing[] =>
        id === undefined ? [] : [{ id, title, status: status ?? "unknown", path: `${folder}/${path}`, source }],
      );
    },
    // Each makes a copy of the repository: requests that come together share one.
    survey() {
      surveying ??= openRepository(context, options)
        .then(({ config }) => surveyOf(context, root, config, config.docs))
        .finally(() => {
          surveying = undefined;
        });
      return surveying;
    },
    sessions: async () =>
      listSessions(sessionsRoot(context), key).map((session) => ({
        id: session.id,
        folder: session.folder,
        verb: session.verb,
        model: session.model,
        state: stateText(session),
      })),
    timeline: (folder) => showSession(readJournal(join(folder, JOURNAL_FILE)).events),
    used(folder) {
      const tally = stateOf(folder).conversations.at(-1)?.state.tally;
      return { turns: tally?.turns ?? 0, builds: tally?.builds ?? 0, seconds: Math.round((tally?.wallMs ?? 0) / 1000) };
    },
  };
}

const noCap = (usd: number): string =>
  `the cap of $${usd} in crq-agent.toml does not hold here: the client pays its own model, and what that costs is not seen; turns, builds and seconds of work hold`;
