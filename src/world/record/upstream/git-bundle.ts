import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { GIT_ENVIRONMENT } from "../../../system/git.ts";
import { execute, type Finished } from "../../../system/process.ts";
import type { RecordLimits } from "./limits.ts";

export interface GitUpstream {
  readonly git: string;
  /** Proxies and certificates. */
  readonly variables: Readonly<Record<string, string>>;
  readonly limits: RecordLimits;
}

export type Bundled = { readonly kind: "bundled" } | { readonly kind: "failed"; readonly why: string };

/**
 * Writes all branches and tags of a repository into a bundle, with the default branch as its HEAD. The same refs give the same bytes: what the
 * server sent is packed anew, by one thread, so that neither its packs nor the order of work shows.
 * @param scratch an empty folder of its own
 */
export async function bundleRepository(url: string, file: string, scratch: string, upstream: GitUpstream): Promise<Bundled> {
  const repository = join(scratch, "repository.git");
  await mkdir(repository, { recursive: true });
  const steps: readonly (readonly string[])[] = [
    ["init", "--quiet", "--bare"],
    [...ONLY_WEB, "fetch", "--quiet", "--no-write-fetch-head", url, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"],
    ["-c", "repack.writeBitmaps=false", "-c", "pack.threads=1", "repack", "-q", "-a", "-d", "-F"],
  ];
  try {
    const head = await defaultBranch(url, repository, upstream);
    for (const step of steps) {
      const finished = await run(step, repository, upstream);
      if (finished.exit !== 0) return { kind: "failed", why: whyNot(step, finished) };
    }
    const named =
      head === undefined ? undefined : await run(["symbolic-ref", "HEAD", `refs/heads/${head}`], repository, upstream);
    const points =
      named?.exit === 0 && (await run(["rev-parse", "--quiet", "--verify", "HEAD"], repository, upstream)).exit === 0;
    const bundle = [
      "-c",
      "pack.threads=1",
      "bundle",
      "create",
      "--quiet",
      file,
      ...(points ? ["HEAD"] : []),
      "--branches",
      "--tags",
    ];
    const finished = await run(bundle, repository, upstream);
    return finished.exit === 0 ? { kind: "bundled" } : { kind: "failed", why: whyNot(bundle, finished) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Name of the branch that HEAD stands for on the server; undefined where it does not say. */
export async function defaultBranch(url: string, cwd: string, upstream: GitUpstream): Promise<string | undefined> {
  const { exit, stdout } = await run([...ONLY_WEB, "ls-remote", "--symref", url, "HEAD"], cwd, upstream);
  return exit === 0 ? /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(stdout)?.[1] : undefined;
}

/** A server may send its client elsewhere; never to a program of this machine. */
const ONLY_WEB = ["-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c", "protocol.http.allow=always"];

async function run(args: readonly string[], cwd: string, { git, variables, limits }: GitUpstream): Promise<Finished> {
  const stop = new AbortController();
  const watch = setInterval(() => {
    void bytesBelow(join(cwd, "objects", "pack")).then((bytes) => {
      if (bytes > limits.answerBytes) stop.abort();
    });
  }, 1_000);
  try {
    return await execute({
      argv: [git, ...args],
      cwd,
      env: { ...GIT_ENVIRONMENT, ...variables },
      timeoutMs: limits.answerMs,
      signal: stop.signal,
    });
  } finally {
    clearInterval(watch);
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function whyNot(args: readonly string[], { ended, problem, stderr }: Finished): string {
  const verb = args.find((word, index) => !word.startsWith("-") && args[index - 1] !== "-c") ?? "";
  if (ended === "aborted") return `git ${verb}: the repository is larger than a recording may store`;
  if (ended === "timeout") return `git ${verb} took too long`;
  return `git ${verb}: ${problem ?? stderr.trim()}`;
}
