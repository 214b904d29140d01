import { spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Duplex, Readable } from "node:stream";

/** The one place that starts children. Every child gets its own process group, an explicit environment, limits on time and output. */

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The child's whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** An open descriptor that becomes the child's standard input, in place of `stdin`. */
  readonly stdinDescriptor?: number;
  readonly timeoutMs: number;
  /** Bytes of each stream kept in memory; more is counted and dropped from the middle. Default 8 MiB. */
  readonly maxOutputBytes?: number;
  /** Called with each chunk of stderr as it comes, whatever is kept. */
  readonly onStderr?: (chunk: Buffer) => void;
  readonly onStdout?: (chunk: Buffer) => void;
  readonly signal?: AbortSignal;
  /** Given our end of a socket pair whose other end the child finds as its descriptor CHANNEL, to be read to its end. */
  readonly onChannel?: (channel: Duplex) => void;
  /** Between SIGTERM and SIGKILL. A Nix evaluation ignores SIGTERM, so SIGKILL always follows. Default 5 s. */
  readonly graceMs?: number;
}

export interface Finished {
  /** null when a signal ended the child. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly ended: "exited" | "timeout" | "aborted" | "not-started";
  /** Why the child could not be started (`not-started` only). */
  readonly problem?: string;
  readonly durationMs: number;
}

/** Where a child finds the other end of `onChannel`. */
export const CHANNEL = 3;

const DEFAULT_MAX_OUTPUT = 8 * 1024 * 1024;
const DEFAULT_GRACE_MS = 5_000;

/** Keeps the head and the tail of a stream and counts what it dropped between them. */
class Kept {
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #half: number;
  total = 0;

  constructor(limit: number) {
    this.#half = Math.ceil(limit / 2);
  }

  add(chunk: Buffer): void {
    this.total += chunk.length;
    const room = this.#half - this.#headBytes;
    if (room > 0) {
      const part = chunk.subarray(0, room);
      this.#head.push(part);
      this.#headBytes += part.length;
    }
    if (chunk.length <= room) return;
    const rest = chunk.subarray(Math.max(0, room));
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    for (let first = this.#tail[0]; first && this.#tailBytes - first.length >= this.#half; first = this.#tail[0]) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
  }

  text(): string {
    const tail = Buffer.concat(this.#tail).subarray(-this.#half);
    const dropped = this.total - this.#headBytes - tail.length;
    const gap = dropped > 0 ? Buffer.from(`\n[… ${dropped} bytes left out …]\n`) : Buffer.alloc(0);
    return Buffer.concat([...this.#head, gap, tail]).toString("utf8");
  }
}

const collect = (stream: Readable, kept: Kept, onChunk: ((chunk: Buffer) => void) | undefined): void => {
  stream.on("data", (chunk: Buffer) => {
    kept.add(chunk);
    onChunk?.(chunk);
  });
};

/**
 * Runs a command to its end and never rejects. On timeout or abort the whole process group gets SIGTERM, then SIGKILL after the grace
 * time (nix-measured.md, surprise 2 and 3: evaluation ignores SIGTERM; a killed Nix leaves its builder behind unless a pid namespace holds it).
 */
export function execute(command: Command): Promise<Finished> {
  const started = performance.now();
  const limit = command.maxOutputBytes ?? DEFAULT_MAX_OUTPUT;
  const out = new Kept(limit);
  const err = new Kept(limit);
  return new Promise((resolve) => {
    const finish = (part: Pick<Finished, "exit" | "signal" | "ended"> & { problem?: string }): void => {
      resolve({
        ...part,
        stdout: out.text(),
        stderr: err.text(),
        stdoutBytes: out.total,
        stderrBytes: err.total,
        durationMs: performance.now() - started,
      });
    };
    const [file, ...args] = command.argv;
    if (file === undefined || command.signal?.aborted) {
      finish({
        exit: null,
        signal: null,
        ended: file === undefined ? "not-started" : "aborted",
        ...(file === undefined && { problem: "empty argv" }),
      });
      return;
    }
    const child = spawn(file, args, {
      cwd: command.cwd,
      env: { ...command.env },
      detached: true,
      stdio: [
        command.stdinDescriptor ?? (command.stdin === undefined ? "ignore" : "pipe"),
        "pipe",
        "pipe",
        ...(command.onChannel ? (["pipe"] as const) : []),
      ],
    });
    const channel = child.stdio[CHANNEL];
    if (channel instanceof Socket) {
      // Its end tells that the child is gone, which the exit says as well.
      channel.on("error", () => undefined);
      command.onChannel?.(channel);
    }
    let ended: Finished["ended"] = "exited";
    let hardKill: NodeJS.Timeout | undefined;
    const killGroup = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
      }
    };
    const stop = (why: "timeout" | "aborted"): void => {
      if (ended !== "exited") return;
      ended = why;
      killGroup("SIGTERM");
      hardKill = setTimeout(() => killGroup("SIGKILL"), command.graceMs ?? DEFAULT_GRACE_MS);
    };
    const timer = setTimeout(() => stop("timeout"), command.timeoutMs);
    const onAbort = (): void => stop("aborted");
    command.signal?.addEventListener("abort", onAbort, { once: true });
    const cleanUp = (): void => {
      clearTimeout(timer);
      clearTimeout(hardKill);
      command.signal?.removeEventListener("abort", onAbort);
    };
    if (child.stdout) collect(child.stdout, out, command.onStdout);
    if (child.stderr) collect(child.stderr, err, command.onStderr);
    child.stdin?.on("error", () => {
      // A child may exit without reading its input (EPIPE); its exit code tells the story.
    });
    if (command.stdin !== undefined) child.stdin?.end(command.stdin);
    child.once("error", (error) => {
      cleanUp();
      finish({ exit: null, signal: null, ended: "not-started", problem: error.message });
    });
    child.once("close", (exit, signal) => {
      cleanUp();
      // Stragglers of the group hold no pipe any more but may still run.
      if (ended !== "exited") killGroup("SIGKILL");
      finish({ exit, signal, ended });
    });
  });
}
