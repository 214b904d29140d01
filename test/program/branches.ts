import { git } from "../../src/system/git.ts";
import { EXAMPLE } from "../crq/fixtures/example.ts";
import { commitAll, type Place, writeFiles } from "./place.ts";

/** Repositories in which two branches took one number, and what the program says of it. */

export const crq = (id: string, title: string): string =>
  EXAMPLE.replaceAll("CRQ-001", id).replaceAll("Nixification of the greet Rust project", title);

/** A repository whose branch `other` took CRQ-002 for something, checked out on `mine`, which took it for something else. */
export async function twoBranches(at: Place): Promise<string> {
  const repo = await at.repository({ "crqs/CRQ-001-first.md": crq("CRQ-001", "The first change") });
  await git(["switch", "--quiet", "-c", "other"], { cwd: repo });
  await writeFiles(repo, { "crqs/CRQ-002-theirs.md": crq("CRQ-002", "What they want") });
  await at.run(["index", "--repo", repo]);
  await commitAll(repo, "theirs");
  await git(["switch", "--quiet", "-c", "mine", "main"], { cwd: repo });
  await writeFiles(repo, { "crqs/CRQ-002-mine.md": crq("CRQ-002", "What I want") });
  await at.run(["index", "--repo", repo]);
  await commitAll(repo, "mine");
  return repo;
}

export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

export async function taken(at: Place, repo: string, ...args: string[]): Promise<readonly string[]> {
  const { document } = await at.json([...args, "--repo", repo]);
  return (document.diagnostics as readonly Finding[])
    .filter(({ rule }) => rule === "id/taken-on-other-ref")
    .map(({ file, message }) => `${file}: ${message.replace(/; whichever.*/u, "")}`);
}
