import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { crq, taken, twoBranches } from "./branches.ts";
import { commitAll, place, writeFiles } from "./place.ts";

/** Where else a number may be taken, and where it is not; how refs are walked stands in test/repo/refs. */

describe("two branches that take one number", () => {
  it("see it on remote-tracking branches, tags, pull requests and detached worktrees too", async () => {
    const at = await place();
    const repo = await twoBranches(at);
    const clone = join(at.folder, "clone");
    await git(["clone", "--quiet", "--branch", "mine", repo, clone], { cwd: at.folder });
    expect(await taken(at, clone, "lint")).toEqual(['crqs/CRQ-002-mine.md: CRQ-002 is "What they want" on origin/other']);

    await git(["tag", "v9", "other"], { cwd: repo });
    await git(["update-ref", "refs/pull/3/head", "other"], { cwd: repo });
    await git(["worktree", "add", "--quiet", "--detach", join(at.folder, "tree"), "other"], { cwd: repo });
    await git(["branch", "--quiet", "-D", "other"], { cwd: repo });
    expect(await taken(at, repo, "lint")).toEqual(['crqs/CRQ-002-mine.md: CRQ-002 is "What they want" on v9 and 2 more']);
    await git(["switch", "--quiet", "--detach"], { cwd: repo });
    expect(await taken(at, repo, "lint")).toHaveLength(1);
  });

  it("is no collision: the same document, also renamed, or with a title that one side changed", async () => {
    const at = await place();
    const repo = await at.repository({ "crqs/CRQ-001-first.md": crq("CRQ-001", "The first change") });
    await git(["branch", "behind"], { cwd: repo });
    await git(["switch", "--quiet", "-c", "ahead"], { cwd: repo });
    await git(["mv", "crqs/CRQ-001-first.md", "crqs/CRQ-001-better.md"], { cwd: repo });
    await writeFiles(repo, { "crqs/CRQ-001-better.md": crq("CRQ-001", "The first change, said better") });
    await commitAll(repo, "better");
    expect(await taken(at, repo, "lint")).toEqual([]);
    await writeFiles(repo, { "crqs/CRQ-001-better.md": crq("CRQ-001", "Not committed yet") });
    expect(await taken(at, repo, "lint")).toEqual([]);
    await git(["stash", "push", "--quiet"], { cwd: repo });
    expect(await taken(at, repo, "lint")).toEqual([]);
    await git(["switch", "--quiet", "behind"], { cwd: repo });
    expect(await taken(at, repo, "lint")).toEqual([]);
  });
});
