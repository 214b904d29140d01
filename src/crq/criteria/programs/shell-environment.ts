import { randomUUID } from "node:crypto";
import type { NixResult } from "../../../nix/nix.ts";
import type { CheckContext } from "../check/kind.ts";
import { evaluator } from "../check/kind.ts";
import type { ShellRun } from "../shared-nix.ts";

/**
 * Runs a program in a development shell and keeps apart what the shell's own hook printed before it: /bin/sh, which is there wherever there is
 * a POSIX system, NixOS included, prints a mark that the hook cannot know and becomes the program.
 */
export async function runInShell(
  shell: string,
  argv: readonly string[],
  context: CheckContext,
  timeoutMs: number,
): Promise<NixResult<ShellRun & { readonly hook: string }>> {
  const mark = `crq-${randomUUID()}`;
  const marked = ["/bin/sh", "-c", `echo ${mark}; echo ${mark} >&2; exec "$@"`, "sh", ...argv];
  const ran = await evaluator(context).develop(shell, marked, timeoutMs);
  if (!ran.ok) return ran;
  const [stdout, stderr] = [cut(ran.value.stdout, mark), cut(ran.value.stderr, mark)];
  return {
    ...ran,
    value: { exit: ran.value.exit, stdout: stdout.after, stderr: stderr.after, hook: `${stdout.before}${stderr.before}` },
  };
}

/** Without the mark nothing was printed by the program: the hook ended the shell before it. */
function cut(text: string, mark: string): { readonly before: string; readonly after: string } {
  const at = text.indexOf(`${mark}\n`);
  return at < 0 ? { before: text, after: "" } : { before: text.slice(0, at), after: text.slice(at + mark.length + 1) };
}

/** Prints the environment it was given, each entry ended by NUL. */
const SHOW_ENVIRONMENT = ["/usr/bin/env", "-0"] as const;

/** PATH of `devShells.SYSTEM.NAME`, in order; undefined when the shell cannot be entered. */
export async function shellPath(shell: string, context: CheckContext, timeoutMs: number): Promise<readonly string[] | undefined> {
  // Asked without a mark, so that all checks of a shell share one answer.
  const shown = await evaluator(context).develop(shell, SHOW_ENVIRONMENT, timeoutMs);
  if (!shown.ok || shown.value.exit !== 0) return undefined;
  // The last entry: a hook may print before, but not after the list.
  const entry = shown.value.stdout.split("\0").findLast((line) => line.startsWith("PATH="));
  return entry === undefined ? [] : entry.slice("PATH=".length).split(":");
}
