import { execute, type Finished } from "./process.ts";

/** Git with the person's configuration, hooks and environment kept out: a repository's own config may still hold filters, so hooks and fsmonitor are off. */

export interface GitOptions {
  readonly cwd: string;
  readonly git?: string;
  readonly stdin?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Added to the bare environment (for instance a private GIT_INDEX_FILE). */
  readonly env?: Readonly<Record<string, string>>;
  readonly maxOutputBytes?: number;
  /** Raw bytes as they come: `stdout` is text, which blobs are not. */
  readonly onStdout?: (chunk: Buffer) => void;
}

export class GitError extends Error {
  override readonly name = "GitError";
  readonly args: readonly string[];
  readonly finished: Finished;

  constructor(args: readonly string[], cwd: string, finished: Finished) {
    const why = finished.problem ?? (finished.stderr.trim() || finished.ended);
    super(`git ${args.join(" ")} failed in ${cwd}: ${why}`);
    this.args = args;
    this.finished = finished;
  }
}

const SAFE = [
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.quotePath=false",
  "-c",
  "gc.auto=0",
  "-c",
  "commit.gpgSign=false",
];

/** PATH for git alone; a caller that needs another git names it. */
const PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin";

/** The environment of every git child: no user or system configuration, no prompt, no optional locks (so that looking changes no index). */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH,
  HOME: "/nonexistent",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_ATTR_NOSYSTEM: "1",
};

/** Runs git and gives back what happened, whatever it is. */
export function tryGit(args: readonly string[], options: GitOptions): Promise<Finished> {
  return execute({
    // A checkout that belongs to another user (containers, CI mounts) is still only read here.
    argv: [options.git ?? "git", ...SAFE, "-c", "safe.directory=*", ...args],
    cwd: options.cwd,
    env: { ...GIT_ENVIRONMENT, ...options.env },
    timeoutMs: options.timeoutMs ?? 120_000,
    ...(options.stdin !== undefined && { stdin: options.stdin }),
    ...(options.signal && { signal: options.signal }),
    ...(options.maxOutputBytes !== undefined && { maxOutputBytes: options.maxOutputBytes }),
    ...(options.onStdout && { onStdout: options.onStdout }),
  });
}

/** Runs git and returns stdout; throws a GitError when it does not exit with 0. */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const finished = await tryGit(args, options);
  if (finished.exit !== 0) throw new GitError(args, options.cwd, finished);
  return finished.stdout;
}
