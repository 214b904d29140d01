import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeSubject, treeOf } from "../../../../src/crq/criteria/report/subject.ts";
import { openTarget } from "../../../../src/crq/criteria/target.ts";
import { change, lay, repository } from "../real-environment.ts";

let folder: string;
let repo: ReturnType<typeof repository>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crq-subject-"));
  repo = repository(join(folder, "repo"), { "README.md": "# x\n", "crqs/list.txt": "a\n", "src/main.rs": "fn main() {}\n" });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]): string => execFileSync("git", args, { cwd: repo.directory, encoding: "utf8" }).trim();
const tree = (): Promise<string> => treeOf(repo.directory, "crqs");

test("names the tree as git would, without the CRQ directory", async () => {
  const before = await tree();
  git("rm", "-r", "--quiet", "--cached", "crqs");
  expect(before).toBe(git("write-tree"));
});

test("changes with tracked content and new files, not with CRQs or what git does not know", async () => {
  const before = await tree();
  lay(repo.directory, { "crqs/list.txt": "a\nb\n", "notes.txt": "mine" });
  expect(await tree()).toBe(before);
  writeFileSync(join(repo.directory, "src/main.rs"), "fn main() { println!() }\n");
  const edited = await tree();
  change(repo.directory, { "flake.nix": "{ }\n" });
  expect(new Set([before, edited, await tree()]).size).toBe(3);
});

test("leaves nothing behind in the repository", async () => {
  const snapshot = (): string =>
    execFileSync("find", [".", "-type", "f", "-printf", "%P %s %T@\\n"], { cwd: repo.directory, encoding: "utf8" });
  lay(repo.directory, { "src/main.rs": "changed\n" });
  const before = snapshot();
  await tree();
  expect(snapshot()).toBe(before);
});

test("says what is dirty, untracked and locked", async () => {
  const clean = await describeSubject(await openTarget(repo), "greet", "crqs");
  expect(clean).toEqual({
    repo: "greet",
    base: repo.base,
    commit: repo.base,
    tree: await tree(),
    dirty: false,
    untracked: [],
    lockSha256: null,
  });
  change(repo.directory, { "flake.lock": "{}\n" });
  lay(repo.directory, { "notes.txt": "mine" });
  expect(await describeSubject(await openTarget(repo), "greet", "crqs")).toEqual({
    repo: "greet",
    base: repo.base,
    commit: null,
    tree: await tree(),
    dirty: true,
    untracked: ["notes.txt"],
    lockSha256: "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
  });
});
