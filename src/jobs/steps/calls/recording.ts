import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Call, callSchema } from "../../../repo/steps/calls/call.ts";

/** The private folder that a recording and its wrappers share: settings, one file a call, one a stand-in. */

const settingsSchema = z.strictObject({
  /** Folders whose files count: the project's, and the build's where that is another. */
  trees: z.array(z.string()),
  /** Folders of the trees that are looked at neither for inputs nor outputs. */
  ignored: z.array(z.string()),
  /** Real files of tools that a variable named by path. */
  named: z.record(z.string(), z.string()),
  /** Tools that are recorded because they were asked for. */
  also: z.array(z.string()),
  /** `device:inode` of what stdout and stderr of the whole command go to: no output of a step. */
  streams: z.array(z.string()),
  /** Starts this program: the Node and the file to give it. */
  program: z.tuple([z.string(), z.string()]),
});
export type Settings = z.infer<typeof settingsSchema>;

export const RECORDING_VARIABLE = "CRQ_STEPS";
/** Set while a compiler runs: what it starts in turn is part of it. */
export const INSIDE_VARIABLE = "CRQ_STEPS_INSIDE";
export const DESCRIPTORS_VARIABLE = "CRQ_STEPS_DESCRIPTORS";
/** First word of a command line by which a wrapper calls the program. */
export const STEP_CALL = "__step-call";

export const wrappersOf = (folder: string): string => join(folder, "bin");
const settingsFile = (folder: string): string => join(folder, "settings.json");
export const callsOf = (folder: string): string => join(folder, "calls");
export const standInsOf = (folder: string): string => join(folder, "stand-ins");

export const writeSettings = (folder: string, settings: Settings): Promise<void> =>
  writeFile(settingsFile(folder), JSON.stringify(settings));

export const readSettings = async (folder: string): Promise<Settings> =>
  settingsSchema.parse(JSON.parse(await readFile(settingsFile(folder), "utf8")));

/** Wrappers run side by side: each file appears whole under a name of its own. */
export async function writeWhole(folder: string, value: unknown): Promise<void> {
  const name = randomUUID();
  const part = join(folder, `${name}.part`);
  await writeFile(part, JSON.stringify(value));
  await rename(part, join(folder, `${name}.json`));
}

export const parseCall = (text: string): Call => callSchema.parse(JSON.parse(text));
