import { cp, type FileHandle, mkdir, mkdtemp, open, realpath, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { limitProgram } from "../../../nix/call/memory.ts";
import { execute, type Finished } from "../../../system/process.ts";
import { removeTree } from "../../../system/remove-tree.ts";
import type { CheckContext } from "../check/kind.ts";
import { type CheckResult, failed, unavailable } from "../check/result.ts";

/** Runs an untrusted program in a private folder, confined; never in the target itself. */

export interface Program {
  readonly argv: readonly string[];
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of the target: the program then runs in a private copy of the tracked files, in that folder. Absent: an empty folder. */
  readonly cwd?: string;
  /** Put into the empty folder: name there to content. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly timeoutMs: number;
}

export interface ProgramRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly folder: string;
}

/** Bytes of one stream; a program that prints more is not judged by a part of it. */
export const OUTPUT_LIMIT = 8 * 1024 * 1024;

/** What is needed of the context of a check; `target` for a program that runs in a folder of it. */
export type ProgramContext = Pick<CheckContext, "environment" | "unsafeLocal" | "signal"> & Partial<Pick<CheckContext, "target">>;

/** Runs the program and hands what happened to `judge`, before its folder is removed. What stopped it from being judged comes back at once. */
export async function runProgram(
  program: Program,
  context: ProgramContext,
  judge: (run: ProgramRun) => Promise<CheckResult>,
): Promise<CheckResult> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "crq-run-")));
  let input: FileHandle | undefined;
  try {
    const folder = await prepare(program, context, root);
    if (folder === undefined) {
      return failed("outside-target", "text", `${program.cwd} is no folder of the target's tracked files`, undefined, {
        argv: program.argv,
      });
    }
    const places = { cwd: folder, writable: [root], ...(program.env && { variables: program.env }) };
    const confined = context.environment.confine(program.argv, places);
    if (typeof confined === "string" && !context.unsafeLocal) {
      const reason = `programs cannot be confined here: ${confined}; --unsafe-local runs them without`;
      return unavailable("no-confinement", "build", reason, { candidates: 1, checked: 0 }, { argv: program.argv });
    }
    input = program.stdin === undefined ? undefined : await openInput(join(root, "stdin"), program.stdin);
    const flood = new AbortController();
    const count = floodGate(flood);
    const finished = await execute({
      argv: limitProgram(typeof confined === "string" ? program.argv : confined),
      cwd: folder,
      env: { ...context.environment.variables, HOME: root, TMPDIR: root, ...program.env },
      timeoutMs: program.timeoutMs,
      maxOutputBytes: OUTPUT_LIMIT,
      graceMs: 500,
      ...(input && { stdinDescriptor: input.fd }),
      onStdout: count.stdout,
      onStderr: count.stderr,
      signal: AbortSignal.any([flood.signal, ...(context.signal ? [context.signal] : [])]),
    });
    return (
      notJudged(finished, program, typeof confined !== "string") ??
      (await judge({ ...finished, exit: finished.exit ?? -1, folder }))
    );
  } finally {
    await input?.close();
    await removeTree(root);
  }
}

/** A file without a name: a program may open /dev/stdin, which the socket that Node gives for a pipe refuses (ENXIO). */
async function openInput(path: string, content: string | Uint8Array): Promise<FileHandle> {
  await writeFile(path, content, { flag: "wx", mode: 0o600 });
  const file = await open(path, "r");
  await unlink(path);
  return file;
}

/** Stops a program that prints more than is judged of one stream: what it would print later changes nothing. */
function floodGate(flood: AbortController): Readonly<Record<"stdout" | "stderr", (chunk: Buffer) => void>> {
  const counter = (): ((chunk: Buffer) => void) => {
    let bytes = 0;
    return (chunk) => {
      bytes += chunk.length;
      if (bytes > OUTPUT_LIMIT) flood.abort();
    };
  };
  return { stdout: counter(), stderr: counter() };
}

async function prepare(program: Program, { target }: ProgramContext, root: string): Promise<string | undefined> {
  if (program.cwd === undefined) {
    const folder = join(root, "run");
    await mkdir(folder);
    for (const [name, content] of program.files ?? []) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }
  if (target === undefined) return undefined;
  const copy = join(root, "target");
  await mkdir(copy);
  for (const path of target.files) {
    const to = join(copy, path);
    await mkdir(dirname(to), { recursive: true });
    await cp(join(target.directory, path), to, { recursive: true, verbatimSymlinks: true });
  }
  const folder = await realpath(join(copy, program.cwd)).catch(() => undefined);
  return folder !== undefined && (folder === copy || folder.startsWith(`${copy}/`)) ? folder : undefined;
}

/** What ends a run without a judgement by its expectations. */
function notJudged(finished: Finished, program: Program, confined: boolean): CheckResult | undefined {
  const counts = { candidates: 1, checked: 1 };
  const details = {
    argv: program.argv,
    log: `${finished.stdout}${finished.stderr}`,
    ...(finished.exit !== null && { exit: finished.exit }),
  };
  const [name = "the program"] = program.argv;
  if (finished.stdoutBytes > OUTPUT_LIMIT || finished.stderrBytes > OUTPUT_LIMIT) {
    return failed("output-limit", "run", `${name} printed more than ${OUTPUT_LIMIT} bytes and was stopped`, counts, details);
  }
  switch (finished.ended) {
    case "not-started":
      return failed("missing", "run", `${name} could not be started: ${finished.problem ?? "no reason given"}`, counts, details);
    case "timeout":
      return failed(
        "timeout",
        "run",
        `${name} was still running after ${program.timeoutMs / 1000} s and was stopped`,
        counts,
        details,
      );
    case "aborted":
      return unavailable("aborted", "run", `${name} was stopped before it ended`, counts, details);
    case "exited":
      break;
  }
  if (finished.exit === null)
    return failed("signal", "run", `${name} was ended by ${finished.signal ?? "a signal"}`, counts, details);
  // bubblewrap reports its own trouble under its name and ends with 1 before the program starts; so it does for a program that is not there.
  if (confined && finished.exit === 1 && /^bwrap: execvp /.test(finished.stderr)) {
    return failed(
      "missing",
      "run",
      `${name} is not to be had where programs are confined: only the Nix store is seen there`,
      counts,
      details,
    );
  }
  if (confined && finished.exit === 1 && /^bwrap: /.test(finished.stderr)) {
    return unavailable(
      "no-confinement",
      "build",
      `the confinement itself failed: ${finished.stderr.split("\n")[0] ?? ""}`,
      counts,
      details,
    );
  }
  return undefined;
}
