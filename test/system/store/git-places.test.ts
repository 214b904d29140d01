import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../../src/system/git.ts";
import { gitPlaces } from "../../../src/system/store/git-places.ts";
import { temporaryFolder, temporaryTree, writeTree } from "../../world/tree.ts";

const AUTHOR = ["-c", "user.name=a", "-c", "user.email=a@b.example"];

async function repository(): Promise<string> {
  const folder = await temporaryTree({ "inner/file": "x" });
  await git(["init", "-q"], { cwd: folder });
  await git(["add", "-A"], { cwd: folder });
  await git([...AUTHOR, "commit", "-qm", "x"], { cwd: folder });
  return folder;
}

describe("gitPlaces", () => {
  test("is empty outside of a worktree", async () => {
    expect(gitPlaces(await temporaryFolder())).toEqual([]);
  });

  test("names the top for a folder inside", async () => {
    const folder = await repository();
    expect(gitPlaces(join(folder, "inner"))).toEqual([folder, join(folder, ".git")]);
  });

  test("names the objects that a shared clone borrows, through several hands", async () => {
    const [first, second, third] = [await repository(), join(await temporaryFolder(), "b"), join(await temporaryFolder(), "c")];
    await git(["clone", "-q", "--shared", first, second], { cwd: "/" });
    await git(["clone", "-q", "--shared", second, third], { cwd: "/" });
    expect(gitPlaces(third)).toEqual([third, join(third, ".git"), join(second, ".git/objects"), join(first, ".git/objects")]);
  });

  test("names the repository of a linked worktree", async () => {
    const folder = await repository();
    const linked = join(await temporaryFolder(), "linked");
    await git(["worktree", "add", "-q", linked], { cwd: folder });
    expect(gitPlaces(linked)).toEqual([linked, join(folder, ".git/worktrees/linked"), join(folder, ".git")]);
  });

  test("shows no folder that only pretends to be Git's", async () => {
    const home = await temporaryTree({ ".ssh/id": "secret" });
    const folder = await repository();
    await writeTree(folder, { ".git/objects/info/alternates": `${join(home, ".ssh")}\n# a comment\n\n` });
    expect(gitPlaces(folder)).toEqual([folder, join(folder, ".git")]);
    const pretender = await temporaryTree({ ".git": `gitdir: ${home}\n` });
    expect(gitPlaces(pretender)).toEqual([pretender]);
  });
});
