import { spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";

/** Children that take this process's place: its terminal, its streams, its open files, its signals. For programs a person started, never for untrusted ones. */

export interface Inherited {
  readonly file: string;
  readonly args: readonly string[];
  /** What the child sees as its own name; default: the file. */
  readonly argv0?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further open files that are handed on under their own numbers (a jobserver's pipes). */
  readonly descriptors?: readonly number[];
  /** Where the child's stdout goes instead of ours. */
  readonly stdout?: "stderr";
}

export interface InheritedEnd {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly problem?: string;
}

const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGCONT", "SIGWINCH"] as const;

/** Runs it to its end and never rejects. */
export function runInherited(command: Inherited): Promise<InheritedEnd> {
  return new Promise((resolve) => {
    const descriptors = new Set(command.descriptors ?? []);
    const highest = Math.max(2, ...descriptors);
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: Object.fromEntries(Object.entries(command.env).filter(([, value]) => value !== undefined)),
      ...(command.argv0 !== undefined && { argv0: command.argv0 }),
      stdio: [
        0,
        command.stdout === "stderr" ? 2 : 1,
        2,
        ...Array.from({ length: highest - 2 }, (_, at) => (descriptors.has(at + 3) ? at + 3 : ("ignore" as const))),
      ],
    });
    const handlers = PASSED_ON.map((name) => {
      const handler = (): void => {
        if (!byTerminal(name)) child.kill(name);
      };
      process.on(name, handler);
      return [name, handler] as const;
    });
    const finish = (end: InheritedEnd): void => {
      for (const [name, handler] of handlers) process.off(name, handler);
      resolve(end);
    };
    child.once("error", (error) => finish({ exit: null, signal: null, problem: error.message }));
    child.once("exit", (exit, signal) => finish({ exit, signal }));
  });
}

/** What a terminal sends goes to every process in front of it, so the child has it already. */
const byTerminal = (name: string): boolean => (name === "SIGINT" || name === "SIGQUIT" || name === "SIGWINCH") && isatty(0);

/** As shells count: the code, or 128 and the signal's number; 127 where it could not be started. */
export const shellExit = ({ exit, signal }: InheritedEnd): number =>
  exit ?? (signal === null ? 127 : 128 + (constants.signals[signal] ?? 0));

/** Ends this process as the child was ended, so that whoever waits sees the same. */
export function dieAs(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
