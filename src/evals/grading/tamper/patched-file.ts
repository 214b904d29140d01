import { lstat, open, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { ChangedText } from "../../../nix/weakening/patterns.ts";
import { git } from "../../../system/git.ts";

/** One file that a patch changes, as it was and as it is. A move is a file that went and one that came. */
export interface PatchedFile extends ChangedText {
  /** Of the new file: `100644`, `100755`, `120000`, `160000`; absent where the file went. */
  readonly mode?: string;
  /** Bytes that are no text; `after` shows them as far as they can be decoded. */
  readonly binary: boolean;
}

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * What the worktree `directory` has other than `commit`, new files included.
 * Links are not followed: their text is where they lead.
 */
export async function readPatchedFiles(directory: string, commit: string): Promise<readonly PatchedFile[]> {
  // Intent to add: new files are then part of the diff, without their content in the object store.
  await git(["add", "--intent-to-add", "--all", "--force", "."], { cwd: directory });
  const listed = await git(["diff", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", "-z", commit, "--"], {
    cwd: directory,
    maxOutputBytes: MAX_BYTES,
  });
  const fields = listed.split("\0").filter((field) => field !== "");
  const files: PatchedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, newMode = "", oldHash = "", , status = ""] = (fields[at] ?? "").replace(/^:/u, "").split(" ");
    const path = fields[at + 1] ?? "";
    const before = status === "A" ? undefined : await blob(directory, oldHash);
    const bytes = status === "D" ? undefined : await bytesOf(join(directory, path));
    files.push({
      path,
      before,
      after: bytes?.toString("utf8"),
      binary: bytes !== undefined && isBinary(bytes),
      ...(status !== "D" && { mode: newMode }),
    });
  }
  return files;
}

const blob = (directory: string, hash: string): Promise<string> =>
  /^0+$/u.test(hash)
    ? Promise.resolve("")
    : git(["cat-file", "blob", hash], { cwd: directory, maxOutputBytes: MAX_BYTES }).catch(() => ""); // a submodule has no blob

async function bytesOf(path: string): Promise<Buffer | undefined> {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return undefined;
  if (facts.isSymbolicLink()) return Buffer.from(await readlink(path));
  return facts.isFile() ? firstBytes(path) : Buffer.alloc(0);
}

/** A binary patch of a few bytes may hold a file of gigabytes. */
async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min((await handle.stat()).size, MAX_BYTES)));
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A NUL byte, or bytes that are no UTF-8. */
export function isBinary(bytes: Buffer): boolean {
  return bytes.includes(0) || !Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
}
