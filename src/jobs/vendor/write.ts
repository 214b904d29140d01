import { rm } from "node:fs/promises";
import { join } from "node:path";
import { saveText } from "../../crq/catalogue/save.ts";
import type { FileChange } from "../../repo/workspace/edits.ts";

/**
 * Writes the changes into the checkout, each atomically and only over what was read; when one cannot be written those before it are put back.
 * @returns undefined, or why nothing was written
 */
export async function writeAll(root: string, changes: readonly FileChange[]): Promise<string | undefined> {
  const done: FileChange[] = [];
  for (const change of changes) {
    const problem = await saveText(join(root, change.path), change.before, change.after ?? "");
    if (problem === undefined) {
      done.push(change);
      continue;
    }
    const stuck = await putBack(root, done);
    return stuck.length === 0 ? problem : `${problem}; ${stuck.join("; ")}`;
  }
  return undefined;
}

async function putBack(root: string, done: readonly FileChange[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { path, before, after } of [...done].reverse()) {
    const file = join(root, path);
    if (before === undefined) await rm(file, { force: true });
    else {
      const problem = await saveText(file, after ?? "", before);
      if (problem !== undefined) problems.push(`${path} could not be put back: ${problem}`);
    }
  }
  return problems;
}
