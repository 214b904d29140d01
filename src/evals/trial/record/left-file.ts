import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../../../system/error.ts";

/** Files that a trial left behind: whoever wrote them may have put a link to this machine there, or more than anybody wants to read. */

export type LeftFile =
  | { readonly kind: "absent" }
  /** A link, on the way or at its end, or no file at all. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "read"; readonly bytes: Buffer; readonly whole: boolean };

/**
 * @param root folder of the trial
 * @param path below it
 * @param limit bytes; of a larger file the first ones are read
 */
export async function readLeft(root: string, path: string, limit: number): Promise<LeftFile> {
  const file = join(root, path);
  try {
    if ((await realpath(file)) !== join(await realpath(root), path))
      return { kind: "refused", why: `${file} is reached by a link` };
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) return { kind: "refused", why: `${file} is no file` };
      const bytes = Buffer.alloc(Math.min(facts.size, limit));
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return { kind: "read", bytes: bytes.subarray(0, length), whole: facts.size <= limit };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    if (code === "ELOOP") return { kind: "refused", why: `${file} is a link` };
    throw error;
  }
}
