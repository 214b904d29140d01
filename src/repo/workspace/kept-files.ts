import { chmod, lstat, mkdir, readFile, readlink, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../system/error.ts";
import { insideJail } from "./jail.ts";

/** Files with all that a text does not tell: bytes, rights, whether they are links, which folders were there. */
export interface KeptFiles {
  /** Puts every one of them back as it was; what was not there is removed, with the folders that came with it. */
  putBack(): Promise<void>;
  /** Gives a file the rights of one that was kept, and its bytes where `text` says that they are the same. */
  carry(from: string, to: string, text: string | undefined): Promise<void>;
}

type Was =
  | { readonly kind: "file"; readonly bytes: Buffer; readonly mode: number }
  | { readonly kind: "link"; readonly to: string }
  /** With the folders above that were not there either, the deepest first. */
  | { readonly kind: "none"; readonly folders: readonly string[] };

/** @param paths relative to `root`, in their one name */
export async function keepFiles(root: string, paths: readonly string[]): Promise<KeptFiles> {
  const kept = new Map<string, Was>();
  for (const path of paths) kept.set(path, await look(root, path));
  return {
    async putBack() {
      for (const [path, was] of kept) await putBack(root, path, was);
    },
    async carry(from, to, text) {
      const was = kept.get(from);
      if (was?.kind !== "file") return;
      const file = await insideJail(root, to);
      if (text === was.bytes.toString("utf8")) await writeFile(file, was.bytes);
      await chmod(file, was.mode);
    },
  };
}

async function look(root: string, path: string): Promise<Was> {
  const file = await insideJail(root, path);
  const found = await lstat(file).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined) return { kind: "none", folders: await missingAbove(root, path) };
  if (found.isSymbolicLink()) return { kind: "link", to: await readlink(file) };
  return { kind: "file", bytes: await readFile(file), mode: found.mode & 0o777 };
}

async function missingAbove(root: string, path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = dirname(path); folder !== "." && folder !== "/"; folder = dirname(folder)) {
    if (await lstat(join(root, folder)).catch(() => undefined)) break;
    missing.push(folder);
  }
  return missing;
}

async function putBack(root: string, path: string, was: Was): Promise<void> {
  const file = await insideJail(root, path);
  if (was.kind === "file" && (await isSame(file, was))) return;
  await rm(file, { force: true });
  switch (was.kind) {
    case "none":
      for (const folder of was.folders) if (!(await removedEmpty(join(root, folder)))) return;
      return;
    case "link":
      await mkdir(dirname(file), { recursive: true });
      await symlink(was.to, file);
      return;
    case "file":
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, was.bytes);
      await chmod(file, was.mode);
      return;
  }
}

/** A file that nothing happened to keeps its times, so that git need not read it anew. */
async function isSame(file: string, { bytes, mode }: Extract<Was, { kind: "file" }>): Promise<boolean> {
  const found = await lstat(file).catch(() => undefined);
  return found?.isFile() === true && (found.mode & 0o777) === mode && (await readFile(file)).equals(bytes);
}

async function removedEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOTEMPTY" || errorCode(error) === "ENOENT") return errorCode(error) === "ENOENT";
    throw error;
  }
}
