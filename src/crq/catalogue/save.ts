import { randomUUID } from "node:crypto";
import { chmod, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { errorCode, errorText } from "../../system/error.ts";

/** A text file to be replaced. */
export interface TextChange {
  readonly file: string;
  /** The text that was read; undefined: the file must not exist yet. */
  readonly before: string | undefined;
  /** undefined: the file is removed. */
  readonly after: string | undefined;
}

/**
 * Replaces a text file atomically (temporary file beside it, then rename), and only if it still holds what was read.
 * @param before the text that was read; undefined: the file must not exist yet
 * @returns undefined, or why nothing was written
 */
export function saveText(file: string, before: string | undefined, after: string): Promise<string | undefined> {
  return saveTexts([{ file, before, after }]);
}

/**
 * Replaces, makes and removes several text files together: all are written beside their places, and all places still hold what was read, before the first is
 * renamed. What was renamed before a later one failed is put back.
 * @returns undefined, or why nothing was written
 */
export async function saveTexts(changes: readonly TextChange[]): Promise<string | undefined> {
  const staged: { change: TextChange; temporary: string }[] = [];
  const renamed: TextChange[] = [];
  let at = changes[0]?.file ?? "";
  try {
    for (const change of changes) {
      at = change.file;
      const now = await currentBytes(change.file);
      if (!isExpected(now, change.before))
        return `${change.file}: ${change.before === undefined ? "exists already" : "was changed by someone else meanwhile"}; nothing was written`;
      const temporary = `${change.file}.${randomUUID()}.tmp`;
      staged.push({ change, temporary });
      if (change.after === undefined) continue;
      await writeFile(temporary, change.after, { flag: "wx" });
      if (now !== undefined) await chmod(temporary, (await stat(change.file)).mode & 0o7777);
    }
    for (const { change, temporary } of staged) {
      at = change.file;
      if (change.after === undefined) await rm(change.file);
      else await rename(temporary, change.file);
      renamed.push(change);
    }
    return undefined;
  } catch (error) {
    for (const { file, before } of renamed) await (before === undefined ? rm(file, { force: true }) : writeFile(file, before));
    return `${at}: could not be written (${errorText(error)}); ${changes.length === 1 ? "it is as it was" : "nothing was changed"}`;
  } finally {
    for (const { temporary } of staged) await rm(temporary, { force: true });
  }
}

function isExpected(now: Buffer | undefined, before: string | undefined): boolean {
  return now === undefined || before === undefined ? now === before : now.equals(Buffer.from(before, "utf8"));
}

async function currentBytes(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
