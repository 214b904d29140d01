import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { compareGenerated, generateIndex, generateList } from "../../crq/catalogue/generated.ts";
import { readCatalogue } from "../../crq/catalogue/read.ts";
import { saveText } from "../../crq/catalogue/save.ts";
import type { CrqDiagnostic } from "../../crq/model.ts";
import type { Ui } from "../../ui/ui.ts";
import { CommandError } from "../wiring/context.ts";

/** Brings list.txt and INDEX.md in step with the documents; gives what was out of date. */
export async function writeLists(root: string, crqFolder: string): Promise<readonly CrqDiagnostic[]> {
  const catalogue = await readCatalogue(root, crqFolder);
  const files = { list: join(root, crqFolder, "list.txt"), index: join(root, crqFolder, "INDEX.md") };
  const before = { list: await textOf(files.list), index: await textOf(files.index) };
  const stale = compareGenerated(catalogue, before);
  const index = generateIndex(catalogue, before.index);
  if ("problem" in index)
    throw new CommandError(2, `${files.index}: ${index.problem}; mend the markers and run \`crq-agent index\``);
  await mkdir(join(root, crqFolder), { recursive: true });
  for (const [file, was, now] of [
    [files.list, before.list, generateList(catalogue)],
    [files.index, before.index, index.text],
  ] as const) {
    const refused = was === now ? undefined : await saveText(file, was, now);
    if (refused !== undefined) throw new CommandError(2, refused);
  }
  return stale;
}

const textOf = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

export function showFindings(ui: Ui, diagnostics: readonly CrqDiagnostic[]): void {
  for (const { file, line, column, severity, rule, message } of diagnostics)
    ui.say(`${file}:${line}:${column} ${severity} ${rule}: ${message}`);
}
