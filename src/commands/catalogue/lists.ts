import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Catalogue } from "../../crq/catalogue/catalogue.ts";
import { compareGenerated, generateIndex, generateList } from "../../crq/catalogue/generated.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { saveTexts } from "../../crq/catalogue/save.ts";
import type { CrqDiagnostic } from "../../crq/model.ts";
import type { Ui } from "../../ui/ui.ts";
import { CommandError } from "../wiring/context.ts";

/**
 * Brings list.txt and INDEX.md in step with the documents; gives what was out of date.
 * @param known the documents, where they were read just now; else the cache folder that saves parsing what did not change
 */
export async function writeLists(
  root: string,
  crqFolder: string,
  known: { readonly catalogue?: Catalogue; readonly cache?: string } = {},
): Promise<readonly CrqDiagnostic[]> {
  const catalogue = known.catalogue ?? (await readCatalogue(root, crqFolder, known.cache));
  const files = { list: join(root, crqFolder, "list.txt"), index: join(root, crqFolder, "INDEX.md") };
  const before = { list: await textOf(files.list), index: await textOf(files.index) };
  const stale = compareGenerated(catalogue, before);
  const index = generateIndex(catalogue, before.index);
  if ("problem" in index) throw new CommandError("bad-index", `${files.index}: ${index.problem}, then run \`crq-agent index\``);
  await mkdir(join(root, crqFolder), { recursive: true });
  const refused = await saveTexts(
    [
      { file: files.list, before: before.list, after: generateList(catalogue) },
      { file: files.index, before: before.index, after: index.text },
    ].filter((change) => change.before !== change.after),
  );
  if (refused !== undefined) throw new CommandError("not-written", refused);
  return stale;
}

const textOf = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

export function showFindings(ui: Ui, diagnostics: readonly CrqDiagnostic[]): void {
  for (const { file, line, column, severity, rule, message } of diagnostics)
    ui.say(`${file}:${line}:${column} ${severity} ${rule}: ${message}`);
}
