import { posix } from "node:path";
import { readAr, readChanger } from "../calls/ar-call.ts";
import { isPreprocessed, readCc } from "../calls/cc-call.ts";
import { type Places, places } from "../calls/places.ts";
import { readRustc, rustcOutputs } from "../calls/rustc-call.ts";
import { toolType } from "../calls/tools.ts";
import type { StepRecord } from "../records.ts";
import { stepEnvironment } from "../variables.ts";

/**
 * Steps from calls that were described and not run (`command`, `args`, `env`, `cwd`: the older form). Nobody saw what they read and wrote, so it is
 * taken from their words: outputs by the names that the tools give, and of the project's files all that such a call could read. Pure.
 */

export type DescribedCall = Pick<StepRecord, "place" | "command" | "args" | "env" | "cwd">;

export interface DescribedFacts {
  /** Absolute: what the calls' paths begin with for the project's files. */
  readonly source: string;
  /** Where what they write lies, if elsewhere. */
  readonly build: string | undefined;
  /** The project's files, relative to the source, with their sha256. */
  readonly files: ReadonlyMap<string, string>;
}

export interface DescribedSteps {
  readonly steps: readonly StepRecord[];
  readonly problems: readonly { readonly place: string; readonly message: string }[];
}

interface Words {
  /** Names that the call may read, and those it writes, as they stand in its words. */
  readonly reads: readonly string[];
  /** Read only where somebody made them: places in which a library is looked for. */
  readonly searched: readonly string[];
  readonly writes: readonly string[];
  /** Project files that it could read without naming them. */
  readonly unnamed: (path: string) => boolean;
  /** What others made and these libraries rest on. */
  readonly transitive: boolean;
  readonly makes: string;
}

export function describeSteps(calls: readonly DescribedCall[], facts: DescribedFacts): DescribedSteps {
  const problems: { place: string; message: string }[] = [];
  const steps: StepRecord[] = [];
  const known = calls.map((call) => withoutRoots(call, facts));
  const layout = layoutOf(known, facts);
  const writers = new Map<string, StepRecord>();
  for (const call of known) {
    const tool = posix.basename(call.command);
    const type = toolType(tool);
    const words = type === undefined ? undefined : wordsOf(type, tool, call, facts);
    if (type === undefined || words === undefined || words.writes.length === 0) {
      const why =
        type === undefined
          ? `describes ${tool}, which is no compiler: what it would start is not said; run it: crq-agent steps record -- ${tool} …`
          : `describes a call of ${tool} that writes no file; take it out`;
      problems.push({ place: call.place, message: why });
      continue;
    }
    const seq = steps.length + 1;
    const absolute = (path: string): string => posix.resolve(call.cwd, path);
    const inputs = new Map<string, string>();
    const depends = new Set<string>();
    const read = (path: string): void => {
      const writer = writers.get(path);
      const below = path.startsWith(`${facts.source}/`) ? path.slice(facts.source.length + 1) : undefined;
      const shown = layout.input(path, writer !== undefined);
      if (shown !== undefined) inputs.set(shown, (below !== undefined && writer === undefined && facts.files.get(below)) || "");
      if (writer === undefined || depends.has(writer.id)) return;
      depends.add(writer.id);
      if (!words.transitive) return;
      for (const id of writer.depends) {
        const lower = steps.find((step) => step.id === id);
        for (const output of lower?.outputs ?? []) inputs.set(output, "");
        depends.add(id);
      }
    };
    for (const path of words.reads) read(absolute(path));
    for (const path of words.searched.map(absolute)) if (writers.has(path)) read(path);
    for (const path of facts.files.keys()) if (words.unnamed(path)) read(`${facts.source}/${path}`);
    const step: StepRecord = {
      place: call.place,
      form: "current",
      seq,
      id: `step-${String(seq).padStart(4, "0")}-${`${tool}-${words.makes}`.replaceAll(/[^A-Za-z0-9._+-]+/gu, "_")}`.slice(0, 100),
      type,
      command: tool,
      tool,
      args: call.args.map((arg) => layout.text(arg, "argument")),
      env: Object.fromEntries(
        Object.entries(stepEnvironment(call.env, []).kept).map(([name, value]) => [name, layout.text(value, "variable")]),
      ),
      cwd: layout.folder(call.cwd),
      inputs: [...inputs].map(([path, sha256]) => ({ path, sha256 })).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      outputs: words.writes.map((path) => layout.output(absolute(path))),
      depends: [...depends],
      exit: null,
    };
    for (const path of words.writes) writers.set(absolute(path), step);
    steps.push(step);
  }
  return { steps, problems };
}

/** Roots that stand in a description already become paths again: then one rule says what is the project's and what the build's. */
function withoutRoots(call: DescribedCall, { source, build }: DescribedFacts): DescribedCall {
  const plain = (text: string): string => text.replaceAll("@source@", source).replaceAll("@build@", build ?? source);
  return {
    ...call,
    args: call.args.map(plain),
    env: Object.fromEntries(Object.entries(call.env).map(([name, value]) => [name, plain(value)])),
    cwd: plain(call.cwd),
  };
}

function layoutOf(calls: readonly DescribedCall[], { source, build, files }: DescribedFacts): Places {
  const crates = calls.flatMap(({ env }) => {
    const { CARGO_MANIFEST_DIR: folder, CARGO_PKG_NAME: name, CARGO_PKG_VERSION: version } = env;
    const own = folder === undefined || folder.startsWith("@") || `${folder}/`.startsWith(`${source}/`);
    return own || name === undefined || version === undefined ? [] : [[folder, `${name}-${version}`] as const];
  });
  const written = calls.flatMap((call) => {
    const tool = posix.basename(call.command);
    const type = toolType(tool);
    const words = type && wordsOf(type, tool, call, { source, build, files });
    return (words?.writes ?? []).map((path) => posix.resolve(call.cwd, path));
  });
  return places({
    source: [source],
    build: build === undefined ? [] : [build],
    crates: new Map(crates),
    toolchain: [],
    wrappers: "/nowhere",
    sources: new Set(files.keys()),
    written: new Set(written),
  });
}

/** Endings that outputs have on systems other than the one whose calls are described. */
const ELSEWHERE = /\.(?:exe|wasm|dylib)$/u;
const HEADER = /\.(?:h|hh|hpp|hxx|inc|inl|def|tcc|ipp)$/u;

function wordsOf(type: string, tool: string, { args, cwd }: DescribedCall, { source }: DescribedFacts): Words | undefined {
  const none = (): boolean => false;
  switch (type) {
    case "rust_compiler_invocation": {
      const call = readRustc(args);
      if (call.probe || call.source === undefined) return undefined;
      const folder = posix.relative(source, posix.dirname(posix.resolve(cwd, call.source)));
      return {
        reads: [call.source, ...call.externs],
        searched: [],
        writes: rustcOutputs(call).filter((path) => !ELSEWHERE.test(path)),
        // Modules and files taken in lie beside the root of a crate or below it.
        unnamed: (path) => !folder.startsWith("..") && (folder === "" || path.startsWith(`${folder}/`)),
        transitive: true,
        makes: call.crate,
      };
    }
    case "c_compiler_invocation":
    case "linker_invocation": {
      const call = readCc(args, type === "linker_invocation");
      if (call.probe) return undefined;
      const libraries = call.libraries.flatMap((name) => call.searched.map((folder) => posix.join(folder, `lib${name}.a`)));
      return {
        reads: call.files,
        searched: libraries,
        writes: call.outputs,
        unnamed: call.files.some(isPreprocessed) ? (path) => HEADER.test(path) : none,
        transitive: false,
        makes: posix.basename(call.outputs[0] ?? ""),
      };
    }
    case "archiver_invocation": {
      const call = tool.includes("ranlib") ? readChanger("ranlib", args) : readAr(args);
      if (call.probe) return undefined;
      return {
        reads: call.inputs,
        searched: [],
        writes: call.outputs,
        unnamed: none,
        transitive: false,
        makes: posix.basename(call.outputs[0] ?? ""),
      };
    }
    default:
      return undefined;
  }
}
