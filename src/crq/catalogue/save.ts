import { randomUUID } from "node:crypto";
import { chmod, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { errorCode, errorText } from "../../system/error.ts";

/**
 * Replaces a text file atomically (temporary file beside it, then rename), and only if it still holds what was read.
 * @param before the text that was read; undefined: the file must not exist yet
 * @returns undefined, or why nothing was written
 */
export async function saveText(file: string, before: string | undefined, after: string): Promise<string | undefined> {
  const now = await currentBytes(file);
  const expected = before === undefined ? undefined : Buffer.from(before, "utf8");
  const unchanged = now === undefined || expected === undefined ? now === expected : now.equals(expected);
  if (!unchanged)
    return `${file}: ${before === undefined ? "exists already" : "was changed by someone else meanwhile"}; nothing was written`;
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, after, { flag: "wx" });
    if (now !== undefined) await chmod(temporary, (await stat(file)).mode & 0o7777);
    await rename(temporary, file);
    return undefined;
  } catch (error) {
    await rm(temporary, { force: true });
    return `${file}: could not be written (${errorText(error)}); it is as it was`;
  }
}

async function currentBytes(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
