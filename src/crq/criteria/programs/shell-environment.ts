import type { CheckContext } from "../check/kind.ts";
import { evaluator } from "../check/kind.ts";

/** Prints the environment it was given, each entry ended by NUL; it lies at this place wherever there is a POSIX system, NixOS included. */
const SHOW_ENVIRONMENT = ["/usr/bin/env", "-0"] as const;

export interface ShellEnvironment {
  /** PATH of the shell, in order. */
  readonly path: readonly string[];
  /** All that was printed: what the shell's own hook says stands before the list. */
  readonly printed: string;
}

/** The environment of `devShells.SYSTEM.NAME`; undefined when the shell cannot be entered. */
export async function shellEnvironment(
  shell: string,
  context: CheckContext,
  timeoutMs: number,
): Promise<ShellEnvironment | undefined> {
  const shown = await evaluator(context).develop(shell, SHOW_ENVIRONMENT, timeoutMs);
  if (!shown.ok || shown.value.exit !== 0) return undefined;
  const { stdout } = shown.value;
  // The last entry: a hook may print before, but not after the list.
  const entry = stdout.split("\0").findLast((line) => line.startsWith("PATH="));
  return { path: entry === undefined ? [] : entry.slice("PATH=".length).split(":"), printed: stdout };
}

/** A program's own stdout, without what the shell's hook printed before it. */
export function withoutHook(stdout: string, shell: ShellEnvironment): string {
  let common = 0;
  while (common < stdout.length && stdout[common] === shell.printed[common]) common += 1;
  return common === stdout.length ? "" : stdout.slice(stdout.lastIndexOf("\n", common - 1) + 1);
}
