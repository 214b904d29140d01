import { isUtf8 } from "node:buffer";
import { lstat, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, normalize } from "node:path";
import { errorCode } from "../../system/error.ts";
import type { FileEdit } from "./edits.ts";
import { nameInJail } from "./jail.ts";

/** What an edit may name: regular files by their one name, parts of them only where they are text. */

/** Larger files are no work of a person's hand. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The edit with its paths in the form that git gives them: without `.` and `..`, with the links of the folders above resolved. A link at the
 * end stays a name of its own.
 * @throws JailError as `insideJail`
 */
export async function withOneName(root: string, edit: FileEdit): Promise<FileEdit> {
  const path = await oneName(root, edit.path);
  return "move" in edit ? { path, move: await oneName(root, edit.move) } : { ...edit, path };
}

async function oneName(root: string, path: string): Promise<string> {
  const clean = normalize(path).replace(/(?<=.)\/$/u, "");
  // Also where the last part is a link: what it leads to has to lie inside.
  await nameInJail(root, clean);
  return join(await nameInJail(root, dirname(clean)), basename(clean));
}

/**
 * Why an edit whose paths are in that form cannot be made there, with the next move; undefined: it can.
 * @param written the content that it edits is one that was proposed, and not the file's own
 */
export async function hindranceOf(root: string, edit: FileEdit, written: boolean): Promise<string | undefined> {
  const own = await hindranceAt(root, edit.path, written && "replace" in edit ? { path: edit.path, create: "" } : edit);
  if (own !== undefined || !("move" in edit)) return own;
  const target = await hindranceAt(root, edit.move, { path: edit.move, create: "" });
  return target === undefined ? undefined : `cannot move to ${edit.move}: it ${target}`;
}

async function hindranceAt(root: string, path: string, edit: FileEdit): Promise<string | undefined> {
  const file = join(await realpath(root), path);
  const found = await lstat(file).catch((error: unknown) => errorCode(error) ?? String(error));
  if (typeof found === "string") return BY_CODE.get(found);
  if (found.isDirectory()) return "is a folder; name a file";
  if (found.isSymbolicLink()) return "delete" in edit ? undefined : `is a link to ${await readlink(file)}; name that file`;
  if (!found.isFile()) return "is no regular file";
  if (found.size > MAX_BYTES) return `has ${found.size} bytes, and only files of up to ${MAX_BYTES} are edited`;
  if ("replace" in edit && !isUtf8(await readFile(file)))
    return "is no UTF-8 text, so an edit of a part would change the rest; it can be deleted, moved, restored or created anew";
  return undefined;
}

/** A file that is not there is what `create` wants; what else needs it says so itself. */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ["ENOTDIR", "lies below a file; a folder can take its place once a proposal has deleted it"],
  ["ENAMETOOLONG", "has a name that is too long for a file"],
]);
