import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "../../../system/remove-tree.ts";

/** A folder for what a trial needs and nobody keeps: its store, its home, its copy of the repository. */
export async function openScratch(parent: string, name: string): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, `${name}-`));
  return { folder, remove: () => removeTree(folder) };
}
