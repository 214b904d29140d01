import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readConfig } from "../config.ts";
import { INDEX_FILE, LIST_FILE } from "../crq/catalogue/catalogue.ts";
import { compareGenerated } from "../crq/catalogue/generated.ts";
import { readCatalogue } from "../crq/catalogue/read.ts";
import { locate } from "../repo/workspace/workspace.ts";
import { showFindings, writeLists } from "./documents/lists.ts";
import type { OutputOptions, Verb } from "./wiring/context.ts";

interface IndexOptions extends OutputOptions {
  readonly repo: string;
  readonly check?: boolean;
}

/** `crq-agent index`: brings list.txt and INDEX.md in step with the documents, or says that they are not. */
export const index: Verb<[IndexOptions]> = async (context, ui, options) => {
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  if (!options.check) {
    const stale = await writeLists(root, config.crqs);
    ui.result({
      text: stale.length === 0 ? "The lists are up to date." : `Wrote ${stale.map(({ file }) => file).join(", ")}.`,
      json: { schema: "crq-agent/index/1", ok: true, exit: 0, data: { written: stale.map(({ file }) => file) }, diagnostics: [] },
    });
    return 0;
  }
  const text = (name: string): Promise<string | undefined> =>
    readFile(join(root, config.crqs, name), "utf8").catch(() => undefined);
  const stale = compareGenerated(await readCatalogue(root, config.crqs), {
    list: await text(LIST_FILE),
    index: await text(INDEX_FILE),
  });
  showFindings(ui, stale);
  const exit = stale.length === 0 ? 0 : 1;
  ui.result({
    text: exit === 0 ? "The lists are up to date." : "Run `crq-agent index` to write them anew.",
    json: { schema: "crq-agent/index/1", ok: exit === 0, exit, data: {}, diagnostics: stale },
  });
  return exit;
};
