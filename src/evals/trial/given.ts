import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCrq } from "../../crq/parse.ts";
import type { Task } from "../task/task.ts";
import { stagedFiles } from "./staged-files.ts";
import { isCrqFile, isListFile } from "./verb.ts";

/** What a task gives besides its wish, relative to the staged repository. */
export interface Given {
  /** The approved CRQ that is to be applied: the last one, where several are. */
  readonly crq: string | undefined;
  readonly list: string | undefined;
}

export async function givenWith(task: Task): Promise<Given> {
  const given = stagedFiles(task.leaves).filter(({ source }) => source.startsWith("crq/"));
  let crq: string | undefined;
  for (const { path, source } of given) {
    if (!isCrqFile(path)) continue;
    const { metadata } = parseCrq(path, await readFile(join(task.directory, source), "utf8"));
    if (metadata?.status === "approved") crq = path;
  }
  return { crq, list: given.find(({ path }) => isListFile(path))?.path };
}
