import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type { Call } from "../../repo/steps/calls/call.ts";
import { foldCalls, type LeftOut } from "../../repo/steps/calls/fold.ts";
import { type Layout, places } from "../../repo/steps/calls/places.ts";
import { stepsOf } from "../../repo/steps/calls/steps.ts";
import { parseRecords, type Step } from "../../repo/steps/records.ts";
import { errorCode } from "../../system/error.ts";
import { ForeseenError } from "../../system/errors/foreseen.ts";
import { git } from "../../system/git.ts";
import { runInherited, shellExit } from "../../system/inherited.ts";
import { execute } from "../../system/process.ts";
import { secretsOf } from "../../system/redact.ts";
import { filesBelow, hashedAll, isBelow } from "./calls/files.ts";
import { readCalls, restoreAll, restoreLeftOvers } from "./calls/give-back.ts";
import { INSIDE_VARIABLE, wrappersOf, writeSettings } from "./calls/recording.ts";
import { onPath } from "./calls/target.ts";
import { printedBy } from "./calls/traces.ts";
import { writeWrappers } from "./calls/wrappers.ts";

/** The walk of `steps record`: wrappers in front of a person's own build, the build, and what the wrappers saw as records. */

export interface RecordRequest {
  readonly command: readonly string[];
  readonly cwd: string;
  /** The person's environment. What `withheld` names stays out of the build. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly withheld: readonly string[];
  readonly source: string;
  readonly build: string | undefined;
  /** Folder of the records. */
  readonly out: string;
  readonly also: readonly string[];
  /** Starts this program: Node, and the file to give it. */
  readonly program: readonly [string, string];
  /** The build's stdout goes to stderr: ours is for a document. */
  readonly quietStdout: boolean;
  /** `device:inode` of our own streams. */
  readonly streams: readonly string[];
}

export interface Recorded {
  /** As shells count. */
  readonly exit: number;
  readonly file: string;
  readonly steps: readonly Step[];
  readonly leftOut: LeftOut;
  /** What kept single calls from being recorded. */
  readonly problems: readonly string[];
  /** Nothing was recorded, and the file holds an earlier recording still. */
  readonly kept: boolean;
}

/** A request that cannot be served; the message says the next move. */
export class RecordingError extends ForeseenError {
  override readonly name = "RecordingError";

  constructor(message: string) {
    super("not-recorded", message);
  }
}

export const RECORDS_FILE = "steps.jsonl";

export async function recordSteps(request: RecordRequest): Promise<Recorded> {
  const { cwd, out, also } = request;
  const source = await folderOf(request.source, "--source");
  if (request.build !== undefined) await mkdir(request.build, { recursive: true });
  const build = request.build === undefined ? undefined : await folderOf(request.build, "--build");
  const file = join(out, RECORDS_FILE);
  await mayWrite(file);
  const trees = [source, ...(build === undefined || isBelow(build, [source]) ? [] : [build])];
  await restoreLeftOvers(trees);
  const sources = await sourceFiles(source, [out, ...(build === undefined ? [] : [build])]);
  const folder = await realpath(await mkdtemp(join(tmpdir(), "crq-steps-")));
  try {
    const own = Object.fromEntries(Object.entries(request.env).filter(([name]) => !request.withheld.includes(name)));
    for (const name of also) {
      if ((await onPath(name, own.PATH ?? "", "")) === undefined)
        throw new RecordingError(`--also ${name}: there is no such program on PATH`);
    }
    const wrapped = await writeWrappers({ folder, env: own, cwd, also, program: request.program });
    await writeSettings(folder, {
      trees,
      ignored: [out],
      named: wrapped.named,
      also: [...also],
      describe: false,
      streams: [...request.streams],
      program: [...request.program],
    });
    const [name = "", ...args] = request.command;
    const tool = name.includes("/") ? resolve(cwd, name) : name;
    const env = { ...own, ...wrapped.env };
    const end = await runInherited({
      file: (await onPath(tool, wrapped.path, "")) ?? tool,
      args,
      argv0: name,
      cwd,
      env,
      ...(request.quietStdout && { stdout: "stderr" as const }),
    }).finally(() => restoreAll(folder, trees));
    if (end.problem !== undefined) throw new RecordingError(`${name} could not be started: ${end.problem}`);
    const exit = shellExit(end);
    const { calls, problems } = await readCalls(folder);
    const known = await Promise.all(calls.map((call) => withReads(call, source, sources)));
    const { steps, leftOut } = await fold(known, exit === 0, { source, build, request, folder, sources, env });
    await mkdir(out, { recursive: true });
    // What is built already is not built again: that is no reason to lose the recording of when it was.
    if (steps.length === 0 && ((await stat(file).catch(() => undefined))?.size ?? 0) > 0)
      return { exit, file, steps, leftOut, problems, kept: true };
    await writeRecords(file, steps.map((step) => `${JSON.stringify(step)}\n`).join(""));
    return { exit, file, steps, leftOut, problems, kept: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whole or not at all, under a name that nobody could have led elsewhere by a link. */
export async function writeRecords(file: string, text: string): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  await writeFile(part, text, { flag: "wx" });
  await rename(part, file);
}

async function folderOf(path: string, option: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw new RecordingError(`${option} ${path} is no folder`);
  return realpath(path);
}

/** An earlier recording is replaced; anything else that has its name is not ours. */
export async function mayWrite(file: string): Promise<void> {
  try {
    const [line = ""] = (await readFile(file, "utf8")).split("\n");
    if (line !== "" && parseRecords(file, line).records.length === 0)
      throw new RecordingError(`${file} holds something else than step records; give another folder with --out`);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
  }
}

/** The project's files before the build: what git knows or does not ignore, else everything. */
async function sourceFiles(source: string, without: readonly string[]): Promise<ReadonlySet<string>> {
  const listed = await git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: source }).catch(
    () => undefined,
  );
  const paths =
    listed === undefined
      ? (await filesBelow([source], without)).map((path) => relative(source, path))
      : listed.split("\0").filter((path) => path !== "");
  return new Set(paths.filter((path) => !isBelow(join(source, path), without)));
}

/**
 * What a build script read: the files it told cargo to watch, and where it told none, cargo's own rule, every file of its package (the Cargo
 * book, "rerun-if-changed").
 */
async function withReads(call: Call, source: string, sources: ReadonlySet<string>): Promise<Call> {
  const { OUT_DIR: out, CARGO_MANIFEST_DIR: manifest } = call.env;
  if (call.type !== "build_script_run" || out === undefined || manifest === undefined) return call;
  const printed = await readFile(printedBy(out), "utf8").catch(() => "");
  const watched = [...printed.matchAll(/^cargo::?rerun-if-changed=(.+)$/gmu)].flatMap(([, path]) =>
    path === undefined ? [] : [resolve(manifest, path)],
  );
  const inTree = isBelow(manifest, [source]);
  const named = watched.length > 0 ? watched : [manifest];
  const below = inTree
    ? [...sources].map((path) => join(source, path)).filter((path) => isBelow(path, named))
    : (
        await Promise.all(
          named.map(async (path) => ((await stat(path).catch(() => undefined))?.isDirectory() ? filesBelow([path], []) : [path])),
        )
      ).flat();
  const known = new Set(call.inputs.map(({ path }) => path));
  const more = await hashedAll([...below, ...watched].filter((path) => !known.has(path) && isBelow(path, [source, manifest])));
  return { ...call, inputs: [...call.inputs, ...more] };
}

interface Surroundings {
  readonly source: string;
  readonly build: string | undefined;
  readonly request: RecordRequest;
  readonly folder: string;
  readonly sources: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

async function fold(calls: readonly Call[], succeeded: boolean, at: Surroundings) {
  const produced = calls.flatMap(({ outputs }) => outputs.map(({ path }) => path));
  const there = new Set(
    (await Promise.all(produced.map(async (path) => ((await stat(path).catch(() => undefined)) ? path : undefined)))).filter(
      (path) => path !== undefined,
    ),
  );
  const { steps, leftOut } = foldCalls({ calls, succeeded, exists: (path) => there.has(path) });
  const used = steps.map(({ call }) => call);
  const reals = [...new Set(used.filter(({ command }) => !command.startsWith("/")).map(({ real }) => real))];
  const env = Object.fromEntries(
    Object.entries({ ...at.env, [INSIDE_VARIABLE]: "1" }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const ask = async (real: string, args: readonly string[]): Promise<string> =>
    (await execute({ argv: [real, ...args], cwd: at.request.cwd, env, timeoutMs: 10_000 })).stdout.split("\n")[0]?.trim() ?? "";
  const versions = new Map(await Promise.all(reals.map(async (real) => [real, await ask(real, ["--version"])] as const)));
  const compilers = [...new Set(used.filter(({ type }) => type === "rust_compiler_invocation").map(({ real }) => real))];
  const toolchain = (await Promise.all(compilers.map((real) => ask(real, ["--print", "sysroot"])))).filter((path) =>
    path.startsWith("/"),
  );
  const layout: Layout = {
    source: [...new Set([at.source, resolve(at.request.source)])],
    build: at.build === undefined ? [] : [...new Set([at.build, resolve(at.request.build ?? at.build)])],
    crates: crateFolders(used, [at.source, ...(at.build === undefined ? [] : [at.build])]),
    toolchain: [...new Set(toolchain)],
    wrappers: wrappersOf(at.folder),
    sources: at.sources,
    written: new Set(used.flatMap(({ outputs }) => outputs.map(({ path }) => path))),
  };
  const secrets = secretsOf(at.request.env);
  return {
    steps: stepsOf(steps, {
      places: places(layout),
      secrets,
      versions: new Map([...versions].filter(([, version]) => version !== "")),
    }),
    leftOut,
  };
}

/** Packages that cargo compiled and that do not lie in the project. */
function crateFolders(calls: readonly Call[], trees: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    calls.flatMap(({ env }) => {
      const { CARGO_MANIFEST_DIR: folder, CARGO_PKG_NAME: name, CARGO_PKG_VERSION: version } = env;
      return folder === undefined || name === undefined || version === undefined || isBelow(folder, trees)
        ? []
        : [[dirname(join(folder, "Cargo.toml")), `${name}-${version}`] as const];
    }),
  );
}
