import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CliContext } from "../../src/commands/wiring/context.ts";
import type { ExecutionEnvironment } from "../../src/system/environment/execution-environment.ts";
import { git } from "../../src/system/git.ts";
import { execute } from "../../src/system/process.ts";

/** The demo project as a repository of its own, with folders that nothing else uses. */
export interface DemoPlace {
  readonly base: string;
  readonly repo: string;
  readonly context: CliContext;
  close(): void;
}

const root = join(import.meta.dirname, "../..");
const identity = {
  GIT_AUTHOR_NAME: "Bench",
  GIT_AUTHOR_EMAIL: "bench@localhost",
  GIT_COMMITTER_NAME: "Bench",
  GIT_COMMITTER_EMAIL: "bench@localhost",
};

export async function demoPlace(cache?: string): Promise<DemoPlace> {
  const base = mkdtempSync(join(tmpdir(), "crq-agent-bench-"));
  const repo = join(base, "tally");
  cpSync(join(root, "docs/demo/repo"), repo, { recursive: true });
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: repo });
  await git(["add", "--all"], { cwd: repo });
  await git(["commit", "--quiet", "-m", "tally"], { cwd: repo, env: identity });
  return {
    base,
    repo,
    context: {
      cwd: repo,
      env: process.env,
      folders: { cache: cache ?? join(base, "cache"), state: join(base, "state"), home: base },
      streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
      signal: new AbortController().signal,
      version: "0.0.0",
      packageRoot: root,
      now: Date.now,
    },
    close: () => rmSync(base, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Runs one command in an environment as a script would; throws where it fails. */
export async function bare(environment: ExecutionEnvironment, cwd: string, argv: readonly string[]): Promise<string> {
  const finished = await execute({
    argv: environment.wrap(argv, { cwd, writable: [cwd] }),
    cwd,
    env: environment.variables,
    timeoutMs: 600_000,
  });
  if (finished.exit !== 0) throw new Error(`${argv.join(" ")} exited with ${finished.exit}: ${finished.stderr.slice(-2000)}`);
  return finished.stdout;
}
