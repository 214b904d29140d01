import type { Stats } from "node:fs";
import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Call, callSchema } from "../../../repo/steps/calls/call.ts";
import { filesBelow, isBelow } from "./files.ts";
import { callsOf, standInsOf } from "./recording.ts";
import { LARGEST, realOf, restore } from "./stand-ins.ts";

/** What is done when the build has ended: programs go back to their places, and what the wrappers wrote down is read. */

const standInSchema = z.strictObject({ path: z.string(), real: z.string() });

/** Gives every program back: where it was linked, and wherever a copy or link of its stand-in lies in the trees. */
export async function restoreAll(folder: string, trees: readonly string[]): Promise<void> {
  const names = (await readdir(standInsOf(folder))).filter((name) => name.endsWith(".json"));
  if (names.length === 0) return;
  const all = await Promise.all(
    names.map(async (name) => standInSchema.parse(JSON.parse(await readFile(join(standInsOf(folder), name), "utf8")))),
  );
  const paths = new Set(all.map(({ path }) => path));
  for (const path of await filesBelow(trees, [], isSmallProgram)) paths.add(path);
  for (const path of paths) await restore(path);
  for (const { real } of all) await rm(real, { force: true });
}

/** What a recording that was killed left behind: its stand-ins still pass every call on, but are programs again from now on. */
export async function restoreLeftOvers(trees: readonly string[]): Promise<void> {
  const reals = new Set<string>();
  for (const path of await filesBelow(trees, [], isSmallProgram)) {
    const real = await realOf(path);
    // What lies elsewhere is not of a recording of these trees, whatever the file says.
    if (real === undefined || !isBelow(await realpath(real), trees)) continue;
    reals.add(real);
    await restore(path);
  }
  for (const real of reals) await rm(real, { force: true });
}

const isSmallProgram = (entry: Stats): boolean => entry.size <= LARGEST && (entry.mode & 0o111) !== 0;

const problemSchema = z.strictObject({ problem: z.string() });

export async function readCalls(
  folder: string,
): Promise<{ readonly calls: readonly Call[]; readonly problems: readonly string[] }> {
  const calls: Call[] = [];
  const problems: string[] = [];
  for (const name of (await readdir(callsOf(folder))).filter((one) => one.endsWith(".json")).sort()) {
    const read = z.union([callSchema, problemSchema]).parse(JSON.parse(await readFile(join(callsOf(folder), name), "utf8")));
    if ("problem" in read) problems.push(read.problem);
    else calls.push(read);
  }
  return { calls, problems };
}
