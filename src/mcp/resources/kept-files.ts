import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { JailError, nameInJail } from "../../repo/workspace/jail.ts";
import type { SessionListing } from "../workplace.ts";

/** Texts that a session kept in its folder: reports with their evidence, logs of criteria, outputs that were clipped for the model. */

export interface Content {
  readonly text: string;
  readonly mimeType: string;
}

/** A larger one is read into memory for no client. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Of a session's folder; the journal itself is shown as its timeline. */
const READABLE = ["report", "runs", "output"] as const;

/** In the order of their paths. */
export async function keptFiles(folder: string): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const found = await Promise.all(
    READABLE.map((part) =>
      readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch((error: unknown) => {
        // Not every session came as far as a report.
        if (isMissing(error)) return [];
        throw error;
      }),
    ),
  );
  const files = found.flat().filter((entry) => entry.isFile());
  const sized = await Promise.all(
    files.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      return { path: relative(folder, file), bytes: (await stat(file)).size };
    }),
  );
  return sized.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * One of them; a path that leaves its folder is no file of it.
 * @throws ProtocolError for one that is too large, with its size
 */
export async function keptFile({ id, folder }: SessionListing, path: string): Promise<Content | undefined> {
  const name = await realName(folder, path);
  if (name === undefined) return undefined;
  const file = join(folder, name);
  const { size } = await stat(file);
  if (size > MAX_FILE_BYTES)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `${name} has ${size} bytes, and ${MAX_FILE_BYTES} are the most that is shown here; a person finds it in the folder of session ${id}`,
    );
  return { text: await readFile(file, "utf8"), mimeType: name.endsWith(".json") ? "application/json" : "text/plain" };
}

/** By its real name: `report/../events.jsonl` is no report. */
async function realName(folder: string, path: string): Promise<string | undefined> {
  try {
    const name = await nameInJail(folder, path);
    if (!READABLE.some((part) => name.startsWith(`${part}/`))) return undefined;
    return (await stat(join(folder, name))).isFile() ? name : undefined;
  } catch (error) {
    if (error instanceof JailError || isMissing(error)) return undefined;
    throw error;
  }
}

const NOTHING_THERE: readonly unknown[] = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ELOOP", "ERR_INVALID_ARG_VALUE"];
const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && NOTHING_THERE.includes(error.code);
