import { readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Catalogue, INDEX_FILE, LIST_FILE } from "../../../crq/catalogue/catalogue.ts";
import { readCatalogue } from "../../../crq/catalogue/read.ts";
import { saveText } from "../../../crq/catalogue/save.ts";
import type { Fixed } from "../../../crq/lint/fix.ts";
import type { Files, Renames } from "../../../crq/lint/folder/folder.ts";
import { lintLists } from "../../../crq/lint/folder/lists.ts";
import type { Profile } from "../../../crq/lint/rule.ts";
import type { CrqDiagnostic } from "../../../crq/model.ts";
import { errorText } from "../../../system/error.ts";
import { writeLists } from "../../catalogue/lists.ts";
import { CommandError } from "../../wiring/context.ts";

export interface Written {
  /** The texts as they are on disk now, by their new names. */
  readonly files: Files;
  readonly renames: Renames;
  readonly fixes: Fixed["applied"];
  /** Files that were left as they were, and why. */
  readonly refused: readonly CrqDiagnostic[];
}

/** Writes what the fixes made of the texts, then renames. What is refused is as it was, and the rest is written all the same. */
export async function writeFixes(root: string, texts: Files, fixed: Fixed): Promise<Written> {
  const files = new Map<string, string>();
  const renames = new Map<string, string>();
  const refused: CrqDiagnostic[] = [];
  const kept = new Set<string>();
  const refuse = (file: string, message: string) => refused.push(refusal(file, message));
  for (const [path, before] of texts) {
    const name = fixed.renames.get(path) ?? path;
    const after = fixed.files.get(name) ?? before;
    const problem = after === before ? undefined : await saveText(join(root, path), before, after);
    if (problem !== undefined) {
      refuse(path, problem);
      files.set(path, before);
      kept.add(path).add(name);
      continue;
    }
    const moved = name === path ? undefined : await move(join(root, path), join(root, name));
    if (moved !== undefined) refuse(path, `cannot be renamed to ${name}: ${moved}`);
    if (name !== path && moved === undefined) renames.set(path, name);
    files.set(renames.get(path) ?? path, after);
    if (moved !== undefined) kept.add(name);
  }
  return {
    files,
    renames,
    fixes: fixed.applied.filter(({ file, renamedTo }) => !kept.has(file) && !kept.has(renamedTo ?? file)),
    refused,
  };
}

/** The person's index stays theirs: git sees a file that went and one that came, as after any rename by hand. */
async function move(from: string, to: string): Promise<string | undefined> {
  if ((await stat(to).catch(() => undefined)) !== undefined) return "a file of that name is there";
  return rename(from, to).then(
    () => undefined,
    (error: unknown) => errorText(error),
  );
}

export interface ListedFolder {
  readonly root: string;
  /** The CRQ folder, relative to the root. */
  readonly folder: string;
  readonly catalogue: Catalogue;
}

/** What is wrong with the lists of the CRQ folder as they are on disk. */
export async function findInLists(
  { root, folder, catalogue }: ListedFolder,
  profile: Profile,
): Promise<readonly CrqDiagnostic[]> {
  const text = (name: string): Promise<string | undefined> => readFile(join(root, folder, name), "utf8").catch(() => undefined);
  return lintLists(catalogue, { list: await text(LIST_FILE), index: await text(INDEX_FILE) }, profile);
}

/** Writes the lists from the documents as they are on disk now. */
export async function mendLists({
  root,
  folder,
}: ListedFolder): Promise<Pick<Written, "fixes" | "refused"> & { readonly catalogue: Catalogue }> {
  const outcome = await writeLists(root, folder).catch((error: unknown) => {
    if (error instanceof CommandError) return error;
    throw error;
  });
  const catalogue = await readCatalogue(root, folder);
  if (outcome instanceof CommandError) return { fixes: [], refused: [refusal(folder, outcome.message)], catalogue };
  const fixes = outcome.map(({ file, rule }) => ({ file, rule, description: "write it from the documents" }));
  return { fixes, refused: [], catalogue };
}

function refusal(file: string, message: string): CrqDiagnostic {
  return { severity: "error", rule: "crq-agent", message, file, line: 1, column: 1 };
}
