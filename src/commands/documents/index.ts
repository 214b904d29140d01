import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readConfig } from "../../config.ts";
import { type Catalogue, INDEX_FILE, LIST_FILE, withId } from "../../crq/catalogue/catalogue.ts";
import { compareGenerated } from "../../crq/catalogue/generated.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { numberOf } from "../../crq/ids.ts";
import { lint } from "../../crq/lint/lint.ts";
import type { LintContext } from "../../crq/lint/rule.ts";
import { duplicate, takenOnOtherRef } from "../../crq/lint/rules/id.ts";
import type { CrqDiagnostic } from "../../crq/model.ts";
import { readCollisions } from "../../jobs/facts/numbers/collisions.ts";
import { locate } from "../../repo/workspace/workspace.ts";
import { showFindings, writeLists } from "../catalogue/lists.ts";
import { CommandError, type OutputOptions, type Verb } from "../wiring/context.ts";
import { renumber } from "./renumber.ts";

interface IndexOptions extends OutputOptions {
  readonly repo: string;
  readonly check?: boolean;
  readonly renumber?: string;
  readonly to?: string;
  readonly yes?: boolean;
}

/** `crq-agent index`: brings list.txt and INDEX.md in step with the documents, says that they are not, or gives a document another number. */
export const index: Verb<[IndexOptions]> = async (context, ui, options) => {
  const { check, to, yes } = options;
  if (options.renumber === undefined && (to !== undefined || yes))
    throw new CommandError("option-conflict", `${to === undefined ? "--yes" : "--to"} belongs to --renumber FILE`);
  if (options.renumber !== undefined && check) throw new CommandError("option-conflict", "give --check or --renumber, not both");
  const { root } = await locate(resolve(context.cwd, options.repo));
  const config = await readConfig(root);
  if (options.renumber !== undefined) return renumber(context, ui, { ...options, renumber: options.renumber }, { root, config });
  const catalogue = await readCatalogue(root, config.crqs, context.folders.cache);
  if (!check) {
    const stale = await writeLists(root, config.crqs, { catalogue });
    const found = [...catalogue.problems, ...(await numberFindings(root, config.crqs, catalogue))];
    showFindings(ui, [...stale.filter(({ message }) => message.includes("merge conflict")), ...found]);
    ui.result({
      text: stale.length === 0 ? "The lists are up to date." : `Wrote ${stale.map(({ file }) => file).join(", ")}.`,
      json: {
        schema: "crq-agent/index/1",
        ok: true,
        exit: 0,
        data: { written: stale.map(({ file }) => file) },
        diagnostics: found,
      },
    });
    return 0;
  }
  const text = (name: string): Promise<string | undefined> =>
    readFile(join(root, config.crqs, name), "utf8").catch(() => undefined);
  const stale = compareGenerated(catalogue, { list: await text(LIST_FILE), index: await text(INDEX_FILE) });
  showFindings(ui, stale);
  const exit = stale.length === 0 ? 0 : 1;
  ui.result({
    text: exit === 0 ? "The lists are up to date." : "Run `crq-agent index` to write them anew.",
    json: { schema: "crq-agent/index/1", ok: exit === 0, exit, data: {}, diagnostics: stale },
  });
  return exit;
};

/** A folder where more documents share numbers is a foreign one; `lint` names them all. */
const MAX_CONCERNED = 50;

/**
 * Numbers that several documents have, here or on another ref. The lists are written all the same, so they are warnings; `--check` does
 * not look for them, it depends on the files of the folder alone.
 */
async function numberFindings(root: string, folder: string, catalogue: Catalogue): Promise<readonly CrqDiagnostic[]> {
  const { otherRefs } = await readCollisions(root, folder, catalogue);
  const facts: LintContext = { catalogue, otherRefs };
  const isMeant = ({ rule }: CrqDiagnostic): boolean => rule === duplicate.name || rule === takenOnOtherRef.name;
  const ids = new Set(otherRefs.map(({ id }) => numberOf(id)));
  const concerned = catalogue.entries.filter(
    (entry) => entry.id !== undefined && (withId(catalogue, entry.id).length > 1 || ids.has(numberOf(entry.id))),
  );
  return concerned
    .slice(0, MAX_CONCERNED)
    .flatMap(({ path, source }) => lint(`${folder}/${path}`, source, "standard", facts).filter(isMeant))
    .map((diagnostic) => ({ ...diagnostic, severity: "warning" }));
}
