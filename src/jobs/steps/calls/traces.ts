import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { readAr, readChanger } from "../../../repo/steps/calls/ar-call.ts";
import type { CallFile } from "../../../repo/steps/calls/call.ts";
import { type CcCall, includeCall, readCc } from "../../../repo/steps/calls/cc-call.ts";
import { parseMakeRules } from "../../../repo/steps/calls/make-rules.ts";
import { dependencyCall, links, type RustcCall, readRustc, rustcOutputs } from "../../../repo/steps/calls/rustc-call.ts";
import { execute } from "../../../system/process.ts";
import { changed, filesBelow, hashedAll, isBelow, type Snapshot, snapshot } from "./files.ts";
import { INSIDE_VARIABLE, type Settings } from "./recording.ts";
import type { Caller, Target } from "./target.ts";

/** What a call reads and writes: what can only be seen before it runs, then what is seen after. */

export interface Trace {
  readonly inputs: readonly CallFile[];
  readonly outputs: readonly CallFile[];
  /** Outputs that may be run later. */
  readonly programs: readonly string[];
  /** Variables its source reads. */
  readonly variables: readonly string[];
  readonly makes: string;
  readonly rust?: { readonly externs: string[]; readonly links: boolean; readonly macro: boolean };
}

/** undefined: a question to the tool, no step. */
export type Watched = (() => Promise<Trace>) | undefined;

export interface Watch {
  readonly target: Target;
  /** Its arguments with those of response files in their places. */
  readonly args: readonly string[];
  readonly responseFiles: readonly string[];
  readonly caller: Caller;
  readonly settings: Settings;
  /** A file of the trees that its standard output goes to. */
  readonly stdout: string | undefined;
  readonly stdin: string | undefined;
}

/** Looks before the call; the function it gives looks after a call that ended well. */
export async function watch(one: Watch): Promise<Watched> {
  switch (one.target.type) {
    case "rust_compiler_invocation": {
      const call = readRustc(one.args);
      return call.probe ? undefined : () => traceRustc(call, one);
    }
    case "c_compiler_invocation":
    case "linker_invocation": {
      const call = readCc(one.args, one.target.type === "linker_invocation" || basename(one.target.real).endsWith("as"));
      return call.probe ? undefined : () => traceCc(call, one);
    }
    case "archiver_invocation":
      return watchChange(one, readArchiver(one));
    case "build_script_run":
      return () => traceBuildScript(one);
    case "program_run": {
      const name = basename(one.target.shown);
      return /strip|objcopy/u.test(name) && !one.settings.also.includes(name)
        ? watchChange(one, readChanger(name, one.args))
        : watchProgram(one);
    }
  }
}

const readArchiver = ({ target, args }: Watch) =>
  basename(target.shown).includes("ranlib") ? readChanger("ranlib", args) : readAr(args);

const at = ({ caller }: Watch, path: string): string => resolve(caller.cwd, path);

/** Folders whose files are inputs: the trees, and the crate that is compiled. */
const counted = ({ settings, caller }: Watch): readonly string[] => [
  ...settings.trees,
  ...[caller.env.CARGO_MANIFEST_DIR, caller.env.OUT_DIR].flatMap((folder) => folder ?? []),
];

const inside = ({ caller }: Watch): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...caller.env, [INSIDE_VARIABLE]: "1" }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

const ASK_MS = 300_000;

async function traceRustc(call: RustcCall, one: Watch): Promise<Trace> {
  const candidates = rustcOutputs(call).map((path) => at(one, path));
  const rules = parseMakeRules(await dependencyText(call, candidates, one));
  const outputs = await hashedAll([
    ...candidates,
    ...rules.targets.map((path) => at(one, path)).filter((path) => isBelow(path, one.settings.trees)),
  ]);
  const natives = await nativeLibraries(call, one);
  const mentioned = one.args.flatMap((arg) =>
    /\.json$/u.test(arg) ? [arg] : (/link-args?=(.*)$/su.exec(arg)?.[1]?.split(" ") ?? []),
  );
  const inputs = await hashedAll(
    [...rules.prerequisites, ...one.responseFiles, ...mentioned.map((path) => path.replace(/^-T/u, ""))]
      .map((path) => at(one, path))
      .concat(natives),
  );
  const runs = call.emits.has("link") && (call.test || call.types.includes("bin"));
  return {
    inputs,
    outputs: outputs.filter(({ path }) => !path.includes(".crq-steps-")),
    programs: runs ? outputs.map(({ path }) => path) : [],
    variables: rules.variables,
    makes: call.crate,
    rust: { externs: call.externs.map((path) => at(one, path)), links: links(call), macro: call.types.includes("proc-macro") },
  };
}

/** The dependencies as the call wrote them, or, where it was not asked to, as the compiler tells when it is asked again for them alone. */
async function dependencyText(call: RustcCall, candidates: readonly string[], one: Watch): Promise<string> {
  if (call.emits.has("dep-info")) {
    const given = call.emits.get("dep-info");
    for (const path of given === undefined ? candidates.filter((name) => name.endsWith(".d")) : [at(one, given)]) {
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text !== undefined) return text;
    }
  }
  const folder = await mkdtemp(join(tmpdir(), "crq-steps-dependencies-"));
  try {
    const file = join(folder, "info.d");
    const argv = [one.target.real, ...dependencyCall(one.target.args, file)];
    await execute({ argv, cwd: one.caller.cwd, env: inside(one), timeoutMs: ASK_MS });
    const text = await readFile(file, "utf8").catch(() => "");
    return text.replaceAll(file, "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const LIBRARY = /\.(?:a|so(?:\.[\d.]+)?|dylib|lib|o)$/u;

async function nativeLibraries(call: RustcCall, one: Watch): Promise<readonly string[]> {
  const folders = call.searched.filter(({ kind }) => kind === "native" || (kind === "all" && call.libraries.length > 0));
  const found = await Promise.all(
    folders
      .map(({ folder }) => at(one, folder))
      .filter((folder) => isBelow(folder, one.settings.trees))
      .map(async (folder) =>
        (await readdir(folder).catch(() => [])).filter((name) => LIBRARY.test(name)).map((name) => join(folder, name)),
      ),
  );
  return found.flat();
}

async function traceCc(call: CcCall, one: Watch): Promise<Trace> {
  const include =
    one.target.type === "c_compiler_invocation" && !basename(one.target.real).endsWith("as") ? includeCall(one.args) : undefined;
  const asked =
    include && (await execute({ argv: [one.target.real, ...include], cwd: one.caller.cwd, env: inside(one), timeoutMs: ASK_MS }));
  const included = asked === undefined ? [] : parseMakeRules(asked.stdout).prerequisites;
  const linked =
    call.mode === "link"
      ? call.libraries.flatMap((name) => call.searched.flatMap((folder) => libraryFiles(name).map((file) => join(folder, file))))
      : [];
  const read = [...call.files, ...included, ...linked, ...call.mentioned, ...one.responseFiles].map((path) => at(one, path));
  const outputs = await hashedAll([
    ...call.outputs.map((path) => at(one, path)),
    ...(one.stdout === undefined || call.outputs.length > 0 ? [] : [one.stdout]),
  ]);
  const written = new Set(outputs.map(({ path }) => path));
  return {
    inputs: await hashedAll(read.filter((path) => isBelow(path, counted(one)) && !written.has(path))),
    outputs,
    programs: call.mode === "link" && !call.shared ? outputs.map(({ path }) => path) : [],
    variables: [],
    makes: basename(outputs[0]?.path ?? call.output ?? ""),
  };
}

const libraryFiles = (name: string): readonly string[] =>
  name.startsWith(":") ? [name.slice(1)] : [`lib${name}.so`, `lib${name}.dylib`, `lib${name}.a`];

/** A file that is changed in place is an input too, with the hash it had before. */
async function watchChange(
  one: Watch,
  call: { probe: boolean; inputs: readonly string[]; outputs: readonly string[] },
): Promise<Watched> {
  if (call.probe) return undefined;
  const outputs = call.outputs.map((path) => at(one, path));
  const before = await hashedAll(outputs);
  return async () => ({
    inputs: [
      ...before,
      ...(await hashedAll(
        [...call.inputs, ...one.responseFiles]
          .map((path) => at(one, path))
          .filter((path) => isBelow(path, counted(one)) && !outputs.includes(path)),
      )),
    ],
    outputs: await hashedAll(outputs),
    programs: /strip|objcopy/u.test(basename(one.target.shown)) ? outputs : [],
    variables: [],
    makes: basename(outputs[0] ?? ""),
  });
}

/** A program is known by its words alone: files and folders they name are read, and what changed in the trees was written. */
async function watchProgram(one: Watch): Promise<Watched> {
  const { trees, ignored } = one.settings;
  const named = one.args.flatMap((arg) => [arg, ...(/=(.+)$/su.exec(arg)?.slice(1) ?? [])]).map((path) => at(one, path));
  const inputs = await namedFiles([one.target.shown, ...named, ...(one.stdin === undefined ? [] : [one.stdin])], one);
  const before: Snapshot = await snapshot(trees, ignored);
  return async () => {
    const outputs = await hashedAll([
      ...changed(before, await snapshot(trees, ignored)),
      ...(one.stdout === undefined ? [] : [one.stdout]),
    ]);
    return {
      inputs: inputs.filter((input) => !outputs.some(({ path, sha256 }) => path === input.path && sha256 === input.sha256)),
      outputs,
      programs: [],
      variables: [],
      makes: basename(one.stdout ?? outputs[0]?.path ?? ""),
    };
  };
}

/** What stands in OUT_DIR after it is what a build script wrote. What it read is added when the build has ended: cargo keeps what it printed. */
async function traceBuildScript(one: Watch): Promise<Trace> {
  const { OUT_DIR: out = "", CARGO_PKG_NAME: name = "", ...env } = one.caller.env;
  const given = Object.entries(env).flatMap(([key, value]) => (key.startsWith("DEP_") && value !== undefined ? [value] : []));
  return {
    inputs: await namedFiles([one.target.shown, ...given], one),
    outputs: await hashedAll(await filesBelow([out], [])),
    programs: [],
    variables: [],
    makes: name,
  };
}

/** More files than this below a folder that is merely named are no argument. */
const MOST_FILES = 5000;

async function namedFiles(paths: readonly string[], one: Watch): Promise<CallFile[]> {
  const files: string[] = [];
  for (const path of new Set(paths)) {
    if (!isBelow(path, counted(one)) || one.settings.trees.includes(path)) continue;
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile()) files.push(path === one.target.shown ? one.target.real : path);
    else if (found?.isDirectory()) files.push(...(await filesBelow([path], one.settings.ignored)).slice(0, MOST_FILES));
  }
  const hashes = await hashedAll(files);
  return hashes.map((file) => (file.path === one.target.real ? { ...file, path: one.target.shown } : file));
}

/** Where cargo keeps what a build script printed. */
export const printedBy = (outDir: string): string => join(dirname(outDir), "output");
