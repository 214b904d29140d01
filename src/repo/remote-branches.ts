import { mkdir } from "node:fs/promises";
import type { ExecutionEnvironment } from "../system/environment/execution-environment.ts";
import { execute } from "../system/process.ts";

/** What a repository of a forge has in branches, asked with git and nothing else: no credential, no prompt, no configuration of the person's. */

export type Branches = { readonly branches: readonly string[] } | { readonly problem: string };

export interface RemoteQuestion {
  readonly environment: ExecutionEnvironment;
  /** Private folder that git runs in. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
/** A repository with more branches than fit is asked for in vain, and says so. */
const MAX_BYTES = 8 * 1024 * 1024;
/** GitHub's own rule for both names; dots alone would lead to another address. */
const NAME = /^(?!\.+$)[A-Za-z0-9._-]+$/u;

/** Only https; redirects are followed by git for the first request alone, as renamed repositories need. */
const ALONE = [
  "-c",
  "protocol.allow=never",
  "-c",
  "protocol.https.allow=always",
  "-c",
  "credential.helper=",
  "-c",
  "core.askPass=",
];

/** `git ls-remote --heads https://github.com/OWNER/REPO`; never throws for what git says. */
export async function branchesOnGitHub(owner: string, repo: string, question: RemoteQuestion): Promise<Branches> {
  if (!NAME.test(owner) || !NAME.test(repo)) return { problem: `'${owner}/${repo}' is no name of a GitHub repository` };
  const { environment, folder, signal } = question;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const finished = await execute({
    argv: environment.wrap(["git", ...ALONE, "ls-remote", "--heads", "--", `https://github.com/${owner}/${repo}`], {
      cwd: folder,
      writable: [folder],
    }),
    cwd: folder,
    env: { ...environment.variables, GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "", SSH_ASKPASS: "", GIT_CEILING_DIRECTORIES: "/" },
    timeoutMs: question.timeoutMs ?? TIMEOUT_MS,
    maxOutputBytes: MAX_BYTES,
    signal,
  });
  if (finished.ended === "timeout") return { problem: "no answer in time" };
  if (finished.ended !== "exited") return { problem: finished.problem ?? "git could not be started, or was stopped" };
  if (finished.exit !== 0) return { problem: lastLine(finished.stderr) };
  if (finished.stdoutBytes > MAX_BYTES) return { problem: "it has more branches than are read" };
  return { branches: readHeads(finished.stdout) };
}

/** Lines `HASH TAB refs/heads/NAME`. */
export function readHeads(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [, name] = /^[0-9a-f]{40,64}\trefs\/heads\/(.+)$/u.exec(line) ?? [];
    return name === undefined ? [] : [name];
  });
}

const lastLine = (text: string): string =>
  text
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^fatal: /u, "") || "git gave no reason";
