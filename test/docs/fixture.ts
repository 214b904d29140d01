import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../../src/system/git.ts";
import { commitAll } from "../program/place.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

/**
 * A repository with the files of a fixture; those of `NAME.before`, where there are some, are its first commit, whose id depends on them alone, so
 * that a change request can name it as its base.
 */
export async function copyOf(fixture: string, folder: string): Promise<string> {
  const repo = join(folder, fixture);
  await mkdir(repo);
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: repo });
  const before = join(FIXTURES, `${fixture}.before`);
  if (existsSync(before)) {
    await cp(before, repo, { recursive: true });
    await commitAll(repo, "before");
  }
  await cp(join(FIXTURES, fixture), repo, { recursive: true });
  await commitAll(repo, "first");
  return repo;
}
