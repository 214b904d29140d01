import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Catalogue, INDEX_FILE, LIST_FILE } from "../../crq/catalogue/catalogue.ts";
import { compareGenerated, generateIndex, generateList, indexProblem } from "../../crq/catalogue/generated.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { saveTexts } from "../../crq/catalogue/save.ts";
import type { CrqDiagnostic } from "../../crq/model.ts";
import type { Ui } from "../../ui/ui.ts";
import { CommandError } from "../wiring/context.ts";

/**
 * Lists that cannot be written are better known before a document is, or a model is paid for one.
 * @throws CommandError (exit 2) that says what is wrong with INDEX.md
 */
export async function requireLists(root: string, crqFolder: string): Promise<void> {
  const file = join(root, crqFolder, INDEX_FILE);
  const problem = indexProblem(await textOf(file));
  if (problem !== undefined) throw badIndex(file, problem);
}

const badIndex = (file: string, problem: string): CommandError =>
  new CommandError("bad-index", `${file}: ${problem}, then run \`crq-agent index\``);

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
  const files = { list: join(root, crqFolder, LIST_FILE), index: join(root, crqFolder, INDEX_FILE) };
  const before = { list: await textOf(files.list), index: await textOf(files.index) };
  const stale = compareGenerated(catalogue, before);
  const index = generateIndex(catalogue, before.index);
  if ("problem" in index) throw badIndex(files.index, index.problem);
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
