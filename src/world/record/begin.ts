import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorCode } from "../../system/error.ts";
import { WORLD_FILE } from "../content/manifest.ts";
import { WorldError } from "../problem.ts";

export interface NewWorld {
  /** Default: made from the folder's name. */
  readonly name?: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/**
 * Makes sure that there is a world to record into: an empty or missing folder gets a world.toml, a world goes on.
 * @throws WorldError for a folder that holds something else
 */
export async function beginRecording(directory: string, { name, date }: NewWorld): Promise<void> {
  const there = await namesIn(directory);
  if (there.includes(WORLD_FILE)) return;
  if (there.length > 0) {
    throw new WorldError("content", [
      {
        file: directory,
        message: "holds files and no world.toml: it is no world",
        next: "name a new folder, or an existing world",
      },
    ]);
  }
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, WORLD_FILE), `name = ${JSON.stringify(name ?? nameOf(directory))}\ndate = ${date}\n`, {
    mode: 0o644,
  });
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    if (errorCode(error) === "ENOTDIR") {
      throw new WorldError("content", [{ file: directory, message: "is a file, and no folder", next: "name a new folder" }]);
    }
    throw error;
  }
}

function nameOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return name === "" ? "recorded" : name;
}
