import { join, resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { statusOf } from "../../jobs/status.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { repositoryKey } from "../../session/store.ts";
import { entryFor } from "../catalogue/find-crq.ts";
import { showFindings } from "../catalogue/lists.ts";
import type { OutputOptions, Verb } from "../wiring/context.ts";
import { sessionsRoot } from "../wiring/open-session.ts";
import { statusText } from "./text/status-text.ts";

interface StatusOptions extends OutputOptions {
  readonly repo: string;
}

/** `crq-agent status [CRQ]`: where each change stands, from its document, the runs of this machine and the reports in the tree. Writes nothing. */
export const status: Verb<[string | undefined, StatusOptions]> = async (context, ui, argument, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const entries =
    argument === undefined ? catalogue.entries : [await entryFor(argument, context.cwd, root, config.crqs, catalogue)];
  const { tree, crqs, problems } = await statusOf(
    { root, catalogue, sessions: join(sessionsRoot(context), repositoryKey(root)), now: context.now() },
    entries,
  );
  showFindings(ui, problems);
  ui.result({
    text:
      crqs.length === 0 ? `${config.crqs}/ holds no CRQ; write one with \`crq-agent draft "one sentence"\`.` : statusText(crqs),
    json: { schema: "crq-agent/status/1", ok: true, exit: 0, data: { tree, crqs }, diagnostics: problems },
  });
  return 0;
};
