import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, delimiter, isAbsolute, join, resolve } from "node:path";
import { READERS_OF_PROGRAMS, TOOL_VARIABLES, toolType } from "../../../repo/steps/calls/tools.ts";
import { callsOf, INSIDE_VARIABLE, RECORDING_VARIABLE, STEP_CALL, standInsOf, wrappersOf } from "./recording.ts";
import { descriptorLines, standInTest } from "./stand-ins.ts";
import { onPath, RUSTC_WRAPPER } from "./target.ts";

/** The wrappers in front of PATH, and the variables that lead to them. */

export interface Wrapped {
  /** Real files of tools that a variable named by path. */
  readonly named: ReadonlyMap<string, string>;
  /** Variables that the build gets instead of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** The build's PATH. */
  readonly path: string;
}

export interface WrapRequest {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly also: readonly string[];
  readonly program: readonly [string, string];
}

/** Only tools that are there get a wrapper, so that a configure script finds what it found before. */
export async function writeWrappers({ folder, env, cwd, also, program }: WrapRequest): Promise<Wrapped> {
  const wrappers = wrappersOf(folder);
  for (const path of [wrappers, callsOf(folder), standInsOf(folder)]) await mkdir(path);
  const path = env.PATH ?? "/usr/bin:/bin";
  const present = await programsOf(path);
  const tools = new Set([...present.filter((name) => toolType(name) !== undefined || also.includes(name))]);
  const named = new Map<string, string>();
  const variables: Record<string, string> = {};
  for (const variable of TOOL_VARIABLES) {
    const value = env[variable];
    // A bare name is found on PATH; words (`ccache gcc`) start something that looks there in turn.
    if (value === undefined || !value.includes("/") || /\s/u.test(value)) continue;
    const tool = basename(value);
    const real = resolve(cwd, value);
    if ((named.get(tool) ?? real) !== real) continue;
    named.set(tool, real);
    variables[variable] = join(wrappers, tool);
    tools.add(tool);
  }
  for (const tool of tools) await script(join(wrappers, tool), wrapper(tool, folder, program, named.get(tool)));
  await script(join(wrappers, RUSTC_WRAPPER), rustcWrapper(folder, program));
  for (const reader of READERS_OF_PROGRAMS) {
    const real = tools.has(reader) ? undefined : await onPath(reader, path, wrappers);
    if (real !== undefined) await script(join(wrappers, reader), readerWrapper(real, folder, program));
  }
  const front = `${wrappers}${delimiter}${path}`;
  return {
    named,
    path: front,
    env: {
      ...variables,
      PATH: front,
      RUSTC_WRAPPER: join(wrappers, RUSTC_WRAPPER),
      // What an incremental compilation keeps beside its outputs would be an input that no step wrote.
      CARGO_INCREMENTAL: "0",
      [RECORDING_VARIABLE]: folder,
    },
  };
}

async function programsOf(path: string): Promise<readonly string[]> {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const names = await Promise.all([...new Set(folders)].map((folder) => readdir(folder).catch((): string[] => [])));
  return [...new Set(names.flat())];
}

const script = (path: string, lines: readonly string[]): Promise<void> =>
  writeFile(path, `${lines.join("\n")}\n`, { mode: 0o755 });

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const HEAD = ["#!/bin/sh", "# Made by crq-agent steps record, for the time of one build."];

const call = (name: string, folder: string, program: readonly [string, string]): readonly string[] => [
  ...descriptorLines,
  `exec ${program.map(quoted).join(" ")} ${STEP_CALL} ${quoted(folder)} ${quoted(name)} "$@"`,
];

/** Inside another tool's call it is passed at once, without a start of Node. */
function wrapper(tool: string, folder: string, program: readonly [string, string], real: string | undefined): readonly string[] {
  const behind =
    real === undefined
      ? [
          "  set -f; IFS=:",
          `  for at in $PATH; do`,
          `    if [ "$at" != ${quoted(wrappersOf(folder))} ] && [ -f "$at"/${quoted(tool)} ] && [ -x "$at"/${quoted(tool)} ]; then`,
          `      unset IFS; set +f; exec "$at"/${quoted(tool)} "$@"`,
          "    fi",
          "  done",
          `  echo ${quoted(`${tool}: not found`)} >&2; exit 127`,
        ]
      : [`  exec ${quoted(real)} "$@"`];
  return [...HEAD, `if [ -n "\${${INSIDE_VARIABLE}:-}" ]; then`, ...behind, "fi", ...call(tool, folder, program)];
}

const rustcWrapper = (folder: string, program: readonly [string, string]): readonly string[] => [
  ...HEAD,
  `if [ -n "\${${INSIDE_VARIABLE}:-}" ]; then exec "$@"; fi`,
  ...call(RUSTC_WRAPPER, folder, program),
];

/** Gives programs back before they are read as files. */
const readerWrapper = (real: string, folder: string, program: readonly [string, string]): readonly string[] => [
  ...HEAD,
  ...standInTest(`${program.map(quoted).join(" ")} ${STEP_CALL} ${quoted(folder)} ${quoted(RESTORE)} "$@"`),
  `exec ${quoted(real)} "$@"`,
];

/** A wrapper's name that asks for stand-ins among the arguments to be given back. */
export const RESTORE = ".restore";
