import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CliContext } from "../../src/commands/wiring/context.ts";
import { git } from "../../src/system/git.ts";
import { commitAll, type Files, writeFiles } from "../program/place.ts";
import { PACKAGE_ROOT } from "../program/world.ts";

/** A verb called as a function: for what it refuses before anything heavy is loaded. */

export async function ownFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "it's a ü place ")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A repository of one commit at `folder`/project. */
export async function projectIn(folder: string, files: Files): Promise<string> {
  const root = join(folder, "project");
  await writeFiles(root, files);
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: root });
  await commitAll(root, "first");
  return root;
}

/** Of somebody who stands in `folder`, whose home and program folders are below it. */
export function contextIn(folder: string, signal: AbortSignal = new AbortController().signal): CliContext {
  return {
    cwd: folder,
    env: { PATH: process.env.PATH },
    folders: { home: join(folder, "home"), cache: join(folder, "cache"), state: join(folder, "state") },
    streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    signal,
    version: "0.0.0",
    packageRoot: PACKAGE_ROOT,
    now: Date.now,
  };
}
