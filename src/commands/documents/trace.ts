import { resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { traceCommit } from "../../jobs/trace/commit.ts";
import { locateTraced } from "../../jobs/trace/locate.ts";
import { tracePath } from "../../jobs/trace/path.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { entryFor } from "../catalogue/find-crq.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { commitTraceText, pathTraceText } from "./text/trace-text.ts";

interface TraceOptions extends OutputOptions {
  readonly repo: string;
  readonly trace: string;
}

/** `crq-agent show [CRQ] --trace PATH|COMMIT`: what explains a file or a commit. Writes nothing. */
export const trace: Verb<[string | undefined, TraceOptions]> = async (context, ui, argument, options) => {
  const { root, git } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  const only = argument === undefined ? undefined : await entryFor(argument, context.cwd, root, config.crqs, catalogue);
  const place = { root, git, catalogue, ...(only && { only }) };
  const traced = await locateTraced(options.trace, context.cwd, root, git);
  if (traced.kind === "unknown") throw new CommandError("unknown-commit", `--trace ${traced.problem}`);
  const found =
    traced.kind === "commit" ? await traceCommit(place, traced.commit) : await tracePath(place, traced.path, traced.state);
  if (traced.kind === "path" && traced.alsoCommit)
    ui.say(`${options.trace} is a commit too; this is about the file. For the commit give more of its id.`);
  ui.result({
    text: found.kind === "commit" ? commitTraceText(found) : pathTraceText(found),
    json: { schema: "crq-agent/show/1", ok: true, exit: 0, data: { trace: found }, diagnostics: catalogue.problems },
  });
  return 0;
};
