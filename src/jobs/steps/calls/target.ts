import { access, constants, stat } from "node:fs/promises";
import { basename, delimiter, isAbsolute, join, resolve } from "node:path";
import { toolType } from "../../../repo/steps/calls/tools.ts";
import type { StepType } from "../../../repo/steps/records.ts";
import { type Settings, wrappersOf } from "./recording.ts";

/** What a wrapper stands for, found again at each call: a build may change PATH. */

export interface Target {
  readonly type: StepType;
  /** The file to start. */
  readonly real: string;
  /** What records call it: a name, or the path of a program of the build. */
  readonly shown: string;
  readonly argv0?: string;
  readonly args: readonly string[];
}

export interface Caller {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Names that no tool has: rustc called by cargo through RUSTC_WRAPPER, and a program of the build called through its stand-in. */
export const RUSTC_WRAPPER = ".rustc-wrapper";
export const PROGRAM_RUN = ".run";

/** undefined: there is no such tool behind the wrapper. */
export async function targetOf(
  folder: string,
  settings: Settings,
  [name = "", ...words]: readonly string[],
  caller: Caller,
): Promise<Target | undefined> {
  if (name === PROGRAM_RUN) {
    const [real = "", shown = "", argv0 = "", ...args] = words;
    const byCargo = caller.env.OUT_DIR !== undefined && caller.env.CARGO_MANIFEST_DIR !== undefined;
    const type = byCargo && basename(argv0).startsWith("build-script-") ? "build_script_run" : "program_run";
    return { type, real, shown, argv0, args };
  }
  const [called, args] = name === RUSTC_WRAPPER ? [words[0] ?? "rustc", words.slice(1)] : [name, words];
  const wrappers = wrappersOf(folder);
  const path = called.includes("/") ? resolve(caller.cwd, called) : undefined;
  const tool = basename(called);
  const real =
    path !== undefined && !path.startsWith(`${wrappers}/`)
      ? path
      : (settings.named.get(tool) ?? (await onPath(tool, caller.env.PATH ?? "", wrappers)));
  if (real === undefined) return undefined;
  const type = settings.also.includes(tool)
    ? "program_run"
    : name === RUSTC_WRAPPER
      ? "rust_compiler_invocation"
      : toolType(tool);
  const own = settings.trees.some((tree) => real.startsWith(`${tree}/`));
  return { type: type ?? "program_run", real, shown: own ? real : tool, args };
}

/** The first program of that name on PATH, the wrappers' folder left out. */
export async function onPath(name: string, path: string, without: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    if (folder === "" || folder === without || !isAbsolute(folder)) continue;
    const file = join(folder, name);
    const can = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (can && (await stat(file)).isFile()) return file;
  }
  return undefined;
}
