import { posix } from "node:path";
import type { Call, CallFile } from "./call.ts";

/** From the calls of one build to its steps: which of them count, in which order they began, which wrote what another read. Pure. */

export interface Build {
  readonly calls: readonly Call[];
  /** Whether the command as a whole ended well: what failed in it was a probe then. */
  readonly succeeded: boolean;
  /** Files that are there after the build. */
  readonly exists: (path: string) => boolean;
}

export interface Numbered {
  readonly seq: number;
  readonly call: Call;
  /** `writer` is the step that wrote it; absent for a file that was there before, or that nobody saw written. */
  readonly inputs: readonly { readonly path: string; readonly sha256?: string; readonly writer?: number }[];
}

export interface LeftOut {
  /** Calls that failed in a build that ended well. */
  readonly failed: number;
  /** Calls that left no file behind: probes of a configure script, tests, build scripts that only print. */
  readonly traceless: number;
}

/** The steps in the order in which their calls began; an input's writer always began before its reader, so there is no cycle. */
export function foldCalls(build: Build): { readonly steps: readonly Numbered[]; readonly leftOut: LeftOut } {
  const ordered = withoutClaimed([...build.calls].sort((a, b) => a.started - b.started || a.ended - b.ended));
  const successful = build.succeeded ? ordered.filter(({ exit }) => exit === 0) : ordered;
  const kept = withTrace(successful, build);
  const written = writers(kept);
  const steps = kept.map((call, at) => ({ seq: at + 1, call, inputs: inputsOf(call, at, kept, written) }));
  return { steps, leftOut: { failed: ordered.length - successful.length, traceless: successful.length - kept.length } };
}

/**
 * A program is known by what changed in the tree while it ran. What a compiler wrote meanwhile is the compiler's, which knows its own outputs; of
 * two programs that ran at once, a file is that one's whose words or standard output name it.
 */
function withoutClaimed(ordered: readonly Call[]): readonly Call[] {
  const claims = new Map<string, Call[]>();
  for (const call of ordered) for (const { path } of call.outputs) claims.set(path, [...(claims.get(path) ?? []), call]);
  return ordered.map((call) => {
    if (isExact(call)) return call;
    const mine = ({ path }: CallFile): boolean => {
      const others = (claims.get(path) ?? []).filter((other) => other !== call && overlap(other, call));
      return !others.some((other) => isExact(other) || (names(other, path) && !names(call, path)));
    };
    return { ...call, outputs: call.outputs.filter(mine) };
  });
}

const isExact = ({ type }: Call): boolean => type !== "program_run" && type !== "build_script_run";

const overlap = (a: Call, b: Call): boolean => a.started <= b.ended && a.ended >= b.started;

const names = ({ args, cwd, stdout }: Call, path: string): boolean =>
  stdout === path ||
  args
    .flatMap((arg) => [arg, ...(/=(.+)$/su.exec(arg)?.slice(1) ?? [])])
    .some((arg) => {
      const named = posix.resolve(cwd, arg);
      return path === named || (named !== cwd && path.startsWith(`${named}/`));
    });

function withTrace(calls: readonly Call[], { succeeded, exists }: Build): readonly Call[] {
  let kept = calls.filter(({ outputs, exit }) => outputs.length > 0 || (!succeeded && exit !== 0));
  // A probe's program may have been read by its stripping, and so on: until nothing more falls away.
  for (;;) {
    const read = new Map<string, number>();
    for (const { inputs, rust, started } of kept) {
      for (const path of [...inputs.map((input) => input.path), ...(rust?.externs ?? [])])
        read.set(path, Math.max(read.get(path) ?? 0, started));
    }
    const next = kept.filter(
      ({ outputs, exit, started }) => exit !== 0 || outputs.some(({ path }) => exists(path) || (read.get(path) ?? 0) > started),
    );
    if (next.length === kept.length) return next;
    kept = next;
  }
}

type Writers = ReadonlyMap<string, readonly { readonly at: number; readonly sha256: string }[]>;

function writers(calls: readonly Call[]): Writers {
  const found = new Map<string, { at: number; sha256: string }[]>();
  for (const [at, { outputs }] of calls.entries()) {
    for (const { path, sha256 } of outputs) found.set(path, [...(found.get(path) ?? []), { at, sha256 }]);
  }
  return found;
}

function inputsOf(call: Call, at: number, calls: readonly Call[], written: Writers): Numbered["inputs"] {
  const files = new Map<string, { sha256?: string; writer?: number }>();
  const add = (path: string, sha256: string | undefined): number | undefined => {
    const earlier = (written.get(path) ?? []).filter((one) => one.at < at);
    const writer =
      earlier.findLast((one) => one.sha256 === sha256) ??
      earlier.findLast((one) => ended(one.at) <= call.started) ??
      earlier.at(-1);
    const hash = sha256 ?? writer?.sha256;
    // A file that was there with this very content before a step wrote it anew was not read from that step.
    files.set(path, { ...(hash !== undefined && { sha256: hash }), ...(writer && { writer: writer.at + 1 }) });
    return writer?.at;
  };
  const ended = (index: number): number => calls[index]?.ended ?? 0;
  for (const { path, sha256 } of call.inputs) add(path, sha256);
  const links = call.rust?.links ?? false;
  const open = [...(call.rust?.externs ?? [])];
  const seen = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const from = add(path, undefined);
    const rust = from === undefined ? undefined : calls[from]?.rust;
    // A macro is loaded as one library; what it was made of is not looked at again.
    if (rust === undefined || rust.macro || from === undefined) continue;
    open.push(...rust.externs.map((extern) => needed(extern, links, written)));
  }
  return [...files].map(([path, rest]) => ({ path, ...rest })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Which of a library's two files is read: the whole one where it is linked in, else the metadata where there are some. */
function needed(extern: string, links: boolean, written: Writers): string {
  const [from, to] = links ? [".rmeta", ".rlib"] : [".rlib", ".rmeta"];
  const other = extern.endsWith(from) ? `${extern.slice(0, -from.length)}${to}` : extern;
  return written.has(other) ? other : extern;
}
