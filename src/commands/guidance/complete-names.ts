import { resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { listSessions, repositoryKey } from "../../session/store.ts";
import type { CliContext } from "../wiring/context.ts";
import { sessionsRoot } from "../wiring/open-session.ts";

/** What a shell may offer and nothing that it could take for more than a word. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/u;

/**
 * Names for a shell that completes, one a line: ids of CRQs or of sessions. A person who presses Tab is told nothing of what went wrong:
 * there is just no name.
 */
export async function namesFor(what: string, repository: string, context: CliContext): Promise<readonly string[]> {
  try {
    const { root } = await locate(resolve(context.cwd, repository));
    if (what === "sessions")
      return listSessions(sessionsRoot(context), repositoryKey(root)).flatMap(({ id }) => (PLAIN.test(id) ? [id] : []));
    const { crqs } = await readConfig(root);
    const { entries } = await readCatalogue(root, crqs, context.folders.cache);
    return entries.flatMap(({ id }) => (id !== undefined && PLAIN.test(id) ? [id] : []));
  } catch {
    return [];
  }
}
