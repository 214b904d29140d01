import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { git } from "../../src/system/git.ts";

/** Writes files below a folder; bytes as they are. */
export function writeFiles(directory: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), "crq-agent-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const AUTHOR = {
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.org",
};
const WHEN = { GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z", GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z" };

export async function commitAll(directory: string, message = "Start"): Promise<string> {
  await git(["add", "--all"], { cwd: directory });
  await git(["commit", "--quiet", "--allow-empty", "-m", message], { cwd: directory, env: { ...AUTHOR, ...WHEN } });
  return (await git(["rev-parse", "HEAD"], { cwd: directory })).trim();
}

/** A repository whose one commit holds the files; links map a path to its target. */
export async function repositoryWith(
  files: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
): Promise<string> {
  const directory = temporaryFolder();
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: directory });
  writeFiles(directory, files);
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    symlinkSync(target, join(directory, path));
  }
  await commitAll(directory);
  return directory;
}
