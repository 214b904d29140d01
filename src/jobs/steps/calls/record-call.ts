import { fstatSync, readFileSync, readlinkSync } from "node:fs";
import { resolve } from "node:path";
import type { Call } from "../../../repo/steps/calls/call.ts";
import { stepEnvironment } from "../../../repo/steps/variables.ts";
import { errorText } from "../../../system/error.ts";
import { type InheritedEnd, runInherited, shellExit } from "../../../system/inherited.ts";
import { redactEvidence, secretsOf } from "../../../system/redact.ts";
import { describeCall } from "./describe-call.ts";
import { isBelow } from "./files.ts";
import { callsOf, DESCRIPTORS_VARIABLE, INSIDE_VARIABLE, readSettings, type Settings, writeWhole } from "./recording.ts";
import { realOf, restore, standInFor } from "./stand-ins.ts";
import { type Caller, type Target, targetOf } from "./target.ts";
import { type Trace, watch } from "./traces.ts";

/** What a wrapper does: starts the real tool in its place, and writes down what it read and wrote. The build never notices a failure to record. */

/** Runs one call. `words`: the recording's folder, the wrapper's name, the arguments. */
export async function recordCall(
  [folder = "", ...words]: readonly string[],
  outer: Caller,
  say: (text: string) => void,
): Promise<InheritedEnd> {
  const settings = await readSettings(folder);
  const { [DESCRIPTORS_VARIABLE]: handed = "", ...env } = outer.env;
  const caller: Caller = { cwd: outer.cwd, env };
  const target = await targetOf(folder, settings, words, caller);
  if (target === undefined) {
    say(`${words[0]}: not found\n`);
    return { exit: 127, signal: null };
  }
  if (settings.describe) {
    const ended = await describeCall(folder, target, caller);
    if (ended !== undefined) return ended;
  }
  const stdout = target.type === "program_run" || target.type === "c_compiler_invocation" ? redirected(1, settings) : undefined;
  const stdin = target.type === "program_run" ? redirected(0, settings) : undefined;
  const { args, responseFiles } = withResponseFiles(target, caller.cwd);
  const one = { target, args, responseFiles, caller, settings, stdout, stdin };
  const look = await attempt(folder, async () => {
    for (const path of namedPrograms(args, caller.cwd)) if ((await realOf(path)) !== undefined) await restore(path);
    return watch(one);
  });
  const started = now();
  const program = target.type === "build_script_run" || target.type === "program_run";
  const end = await runInherited({
    file: target.real,
    args: target.args,
    ...(target.argv0 !== undefined && { argv0: target.argv0 }),
    cwd: caller.cwd,
    env: program ? env : { ...env, [INSIDE_VARIABLE]: "1" },
    descriptors: descriptors(handed, env),
  });
  if (end.problem !== undefined) say(`${target.real}: ${end.problem}\n`);
  const ended = now();
  if (look === undefined) return end;
  await attempt(folder, async () => {
    const ok = end.exit === 0;
    const trace = ok ? await look() : undefined;
    await writeWhole(callsOf(folder), callOf(target, caller, { started, ended, exit: shellExit(end) }, trace, { stdin, stdout }));
    for (const path of trace?.programs ?? []) if (isBelow(path, settings.trees)) await standInFor(path, folder, settings);
  });
  return end;
}

/** Comparable between processes. */
const now = (): number => performance.timeOrigin + performance.now();

async function attempt<T>(folder: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    await writeWhole(callsOf(folder), { problem: errorText(error) }).catch(() => {
      // The folder is gone with the recording; the build goes on.
    });
    return undefined;
  }
}

function callOf(
  target: Target,
  { cwd, env }: Caller,
  run: { readonly started: number; readonly ended: number; readonly exit: number },
  trace: Trace | undefined,
  streams: { readonly stdin: string | undefined; readonly stdout: string | undefined },
): Call {
  const { kept, withheld } = stepEnvironment(env, trace?.variables ?? []);
  const secrets = secretsOf(env);
  const clean = (text: string): string => redactEvidence(text, secrets);
  const outputs = [...(trace?.outputs ?? [])];
  const toFile = streams.stdout !== undefined && outputs.some(({ path }) => path === streams.stdout);
  return {
    type: target.type,
    ...run,
    command: target.shown,
    real: target.real,
    args: target.args.map(clean),
    env: Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, clean(value)])),
    withheld: [...withheld],
    cwd,
    ...(streams.stdin !== undefined && { stdin: streams.stdin }),
    ...(toFile && streams.stdout !== undefined && { stdout: streams.stdout }),
    inputs: [...(trace?.inputs ?? [])],
    outputs,
    makes: trace?.makes ?? "failed",
    ...(trace?.rust && { rust: trace.rust }),
  };
}

/** The file of the trees that a stream goes to, where it is not simply that of the whole build. Linux tells; elsewhere it stays unknown. */
function redirected(descriptor: 0 | 1, { streams, trees }: Settings): string | undefined {
  try {
    const about = fstatSync(descriptor);
    if (!about.isFile() || streams.includes(`${about.dev}:${about.ino}`)) return undefined;
    const path = readlinkSync(`/proc/self/fd/${descriptor}`);
    return isBelow(path, trees) ? path : undefined;
  } catch {
    return undefined;
  }
}

function withResponseFiles(
  target: Target,
  cwd: string,
): { readonly args: readonly string[]; readonly responseFiles: readonly string[] } {
  if (target.type === "program_run" || target.type === "build_script_run") return { args: target.args, responseFiles: [] };
  const responseFiles: string[] = [];
  const args = target.args.flatMap((arg) => {
    if (!/^@./u.test(arg)) return [arg];
    const path = resolve(cwd, arg.slice(1));
    try {
      const text = readFileSync(path, "utf8");
      responseFiles.push(path);
      // rustc takes one argument a line, the others words as a shell does.
      return target.type === "rust_compiler_invocation" ? text.split(/\r?\n/u).filter((line) => line !== "") : shellWords(text);
    } catch {
      return [arg];
    }
  });
  return { args, responseFiles };
}

const shellWords = (text: string): readonly string[] =>
  [...text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gsu)].map(([word]) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gsu, (_, double?: string, single?: string, one?: string) =>
      double !== undefined ? double.replaceAll(/\\(["\\])/gu, "$1") : (single ?? one ?? ""),
    ),
  );

const namedPrograms = (args: readonly string[], cwd: string): readonly string[] =>
  args.flatMap((arg) => (arg.startsWith("-") ? [] : [resolve(cwd, arg)]));

/** A jobserver's pipes (GNU make manual, "Job Slots") may have high numbers; low ones the wrapper saw. */
function descriptors(handed: string, env: Caller["env"]): readonly number[] {
  const flags = `${env.MAKEFLAGS ?? ""} ${env.CARGO_MAKEFLAGS ?? ""}`;
  const pipes = [...flags.matchAll(/--jobserver-(?:auth|fds)=(\d+),(\d+)/gu)].flatMap(([, read, write]) => [
    Number(read),
    Number(write),
  ]);
  return [
    ...new Set([
      ...handed
        .split(" ")
        .filter((word) => word !== "")
        .map(Number),
      ...pipes,
    ]),
  ].filter((number) => number > 2 && number < 256 && isOpen(number));
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}
