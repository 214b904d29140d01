import { randomBytes } from "node:crypto";
import { link, open, rename, rm, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "../../../system/error.ts";

/** Files that are on the disk when the call returns, whole or not at all. */

/** Ends the names of files that are being written: whatever a crash leaves of them may be deleted. */
const UNFINISHED = ".unfinished";

export const isUnfinished = (name: string): boolean => name.endsWith(UNFINISHED);

const draftOf = (path: string): string => `${path}.${process.pid}.${randomBytes(4).toString("hex")}${UNFINISHED}`;

/** A name is only found after a power cut when its folder is on the disk too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Characters of one write: a line each would be a call each, and all lines together a second copy of what they are made of. */
const CHARACTERS_A_WRITE = 2 ** 18;

async function writeDraft(path: string, content: string | Iterable<string>): Promise<string> {
  const draft = draftOf(path);
  const handle = await open(draft, "wx", 0o600);
  try {
    let text = "";
    for (const part of typeof content === "string" ? [content] : content) {
      text += part;
      if (text.length < CHARACTERS_A_WRITE) continue;
      await handle.writeFile(text);
      text = "";
    }
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return draft;
}

/** Writes a file in place of the one that may be there; a long one part by part. */
export async function replaceFile(path: string, content: string | Iterable<string>): Promise<void> {
  const draft = await writeDraft(path, content);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Writes a file that nobody has written yet: of several writers the first one wins, and the others leave no trace. Yields after each
 * step that a crash could follow.
 * @returns whether this writer was the first
 */
export async function* createFileSteps(path: string, text: string): AsyncGenerator<string, boolean> {
  const draft = await writeDraft(path, text);
  yield "written";
  let first = true;
  try {
    await link(draft, path);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    first = false;
  }
  yield "linked";
  await syncFolder(dirname(path));
  yield "synced";
  await unlink(draft);
  return first;
}
