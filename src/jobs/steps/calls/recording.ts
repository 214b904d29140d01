import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The private folder that a recording and its wrappers share: settings, one file a call, one a stand-in. */

export interface Settings {
  /** Folders whose files count: the project's, and the build's where that is another. */
  readonly trees: readonly string[];
  /** Folders of the trees that are looked at neither for inputs nor outputs. */
  readonly ignored: readonly string[];
  /** Real files of tools that a variable named by path. */
  readonly named: ReadonlyMap<string, string>;
  /** Tools that are recorded because they were asked for. */
  readonly also: readonly string[];
  /** `device:inode` of what stdout and stderr of the whole command go to: no output of a step. */
  readonly streams: readonly string[];
  /** Calls are described and not run. */
  readonly describe: boolean;
  /** Starts this program: the Node and the file to give it. */
  readonly program: readonly [string, string];
}

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

export const writeSettings = (folder: string, { named, ...settings }: Settings): Promise<void> =>
  writeFile(settingsFile(folder), JSON.stringify({ ...settings, named: [...named] }));

/** Read at every call of a compiler, so that no library of schemas is loaded for it. */
export async function readSettings(folder: string): Promise<Settings> {
  const json: unknown = JSON.parse(await readFile(settingsFile(folder), "utf8"));
  const field = (name: string): unknown =>
    json instanceof Object ? Object.entries(json).find(([key]) => key === name)?.[1] : undefined;
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  const named = field("named");
  const [node = "", file = ""] = list(field("program"));
  return {
    trees: list(field("trees")),
    ignored: list(field("ignored")),
    named: new Map(
      Array.isArray(named)
        ? named.map(list).flatMap(([tool, real]) => (tool === undefined || real === undefined ? [] : [[tool, real]]))
        : [],
    ),
    also: list(field("also")),
    streams: list(field("streams")),
    describe: field("describe") === true,
    program: [node, file],
  };
}

/** Wrappers run side by side: each file appears whole under a name of its own. */
export async function writeWhole(folder: string, value: unknown): Promise<void> {
  const name = randomUUID();
  const part = join(folder, `${name}.part`);
  await writeFile(part, JSON.stringify(value));
  await rename(part, join(folder, `${name}.json`));
}
