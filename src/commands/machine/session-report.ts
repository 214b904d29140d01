import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { sessionPage } from "../../jobs/session-report/page.ts";
import { readSession } from "../../jobs/session-report/read.ts";
import { writeWhole } from "../../jobs/work/acceptance/evidence-files.ts";
import { JournalError } from "../../session/read-journal.ts";
import { errorText } from "../../system/error.ts";
import { redactEvidence, secretsOf } from "../../system/redact.ts";
import { CommandError, type Verb } from "../wiring/context.ts";
import { pick, type RepoOptions } from "./sessions.ts";

interface ReportOptions extends RepoOptions {
  readonly output?: string;
}

/** `crq-agent sessions report [ID]`: the journal as one HTML page. */
export const sessionReport: Verb<[string | undefined, ReportOptions]> = async (context, ui, id, options) => {
  const { session } = await pick(context, id, options);
  const file =
    options.output === undefined ? join(session.folder, "report", "report.html") : resolve(context.cwd, options.output);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new CommandError(
      "bad-value",
      `${file} is a folder; name a file, for instance --output ${join(options.output ?? "", "session.html")}`,
    );
  const page = pageOf(session.folder, secretsOf(context.env));
  try {
    await writeWhole(file, page);
  } catch (error) {
    throw new CommandError(
      "not-written",
      `${file} cannot be written (${errorText(error)}); choose another place with --output FILE`,
    );
  }
  const address = pathToFileURL(file).href;
  const bytes = Buffer.byteLength(page);
  ui.result({
    text: `Wrote ${file} (${Math.ceil(bytes / 1024)} KiB). Open it in a browser: ${address}`,
    json: {
      schema: "crq-agent/sessions-report/1",
      ok: true,
      exit: 0,
      data: { session: session.id, file, address, bytes },
      diagnostics: [],
    },
  });
  return 0;
};

function pageOf(folder: string, secrets: readonly string[]): string {
  try {
    return sessionPage(readSession(folder, (text) => redactEvidence(text, secrets)));
  } catch (error) {
    if (error instanceof JournalError) throw new CommandError("unreadable-file", error.message);
    throw error;
  }
}
