import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  commitForPerson,
  commitMessage,
  handOverBranch,
  handOverFiles,
  handOverPatch,
} from "../../../src/repo/workspace/hand-over.ts";
import {
  createWorkspace,
  pristineCopy,
  RepositoryError,
  restore,
  snapshot,
  writeChanges,
} from "../../../src/repo/workspace/workspace.ts";
import { git } from "../../../src/system/git.ts";

let base: string;
let repo: string;
const identity = { GIT_AUTHOR_NAME: "P", GIT_AUTHOR_EMAIL: "p@x", GIT_COMMITTER_NAME: "P", GIT_COMMITTER_EMAIL: "p@x" };

/** Every path below a folder with its kind, mode and content, `.git` included. */
async function fingerprint(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const info = await lstat(path);
    const content = info.isSymbolicLink()
      ? await readlink(path)
      : info.isFile()
        ? createHash("sha256")
            .update(await readFile(path))
            .digest("hex")
        : "folder";
    found[path.slice(directory.length)] = `${info.mode.toString(8)} ${content}`;
  }
  return found;
}

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "work space ü'-")));
  repo = join(base, "repo");
  await mkdir(repo);
  await git(["init", "--quiet", "--initial-branch=main"], { cwd: repo });
  await writeFile(join(repo, "a.txt"), "one\n");
  await writeFile(join(repo, ".gitignore"), "ignored\n");
  await git(["add", "-A"], { cwd: repo });
  await git(["commit", "--quiet", "-m", "first"], { cwd: repo, env: identity });
  await writeFile(join(repo, "a.txt"), "dirty\n");
  await writeFile(join(repo, "untracked ü.txt"), "new\n");
  await writeFile(join(repo, "ignored"), "x\n");
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe("a workspace", () => {
  it("starts from HEAD, names what is not committed, and changes no byte of the checkout until the hand-over", async () => {
    const before = await fingerprint(repo);
    const workspace = await createWorkspace(repo, join(base, "cache", "w"));
    expect(workspace.uncommitted).toEqual(["a.txt", "untracked ü.txt"]);
    expect(await readFile(join(workspace.directory, "a.txt"), "utf8")).toBe("one\n");
    await writeChanges(workspace.directory, [{ path: "nix/flake.nix", before: undefined, after: "{ }\n" }]);
    const { commit, tree } = await snapshot(workspace);
    const copy = await pristineCopy(workspace, commit, join(base, "cache", "p"));
    expect((await readdir(copy)).sort()).toEqual([".git", ".gitignore", "a.txt", "nix"]);
    await handOverPatch(workspace, commit, join(base, "out", "change.patch"));
    expect(await fingerprint(repo)).toEqual(before);

    const text = {
      subject: "Nixify",
      body: "Why.",
      trailers: [
        ["CRQ", "CRQ-001"],
        ["AC", "AC-1, AC-2"],
      ],
    } as const;
    const final = await commitForPerson(workspace, tree, text);
    expect(await fingerprint(repo)).toEqual(before);
    const first = await handOverBranch(workspace, final, "feature/CRQ-001-x");
    const second = await handOverBranch(workspace, final, "feature/CRQ-001-x");
    expect([first, second]).toEqual([
      { form: "branch", branch: "feature/CRQ-001-x", commit: final },
      { form: "branch", branch: "feature/CRQ-001-x-2", commit: final },
    ]);
    expect(await git(["log", "-1", "--format=%(trailers:only)", "feature/CRQ-001-x"], { cwd: repo })).toBe(
      "CRQ: CRQ-001\nAC: AC-1, AC-2\n\n",
    );
    expect(await git(["diff", "--name-status", "main", "feature/CRQ-001-x"], { cwd: repo })).toBe("A\tnix/flake.nix\n");
    const after = await fingerprint(repo);
    const changedOutsideGit = Object.keys({ ...before, ...after }).filter(
      (path) => before[path] !== after[path] && !/^\/\.git\/(?:objects|refs|logs)/u.test(path),
    );
    expect(changedOutsideGit).toEqual([]);
  });

  it("gives a patch that git apply takes", async () => {
    const workspace = await createWorkspace(repo, join(base, "w"));
    await writeFile(join(workspace.directory, "b.txt"), "b\n");
    const { tree } = await snapshot(workspace);
    const commit = await commitForPerson(workspace, tree, { subject: "Add b", body: "", trailers: [["CRQ", "CRQ-001"]] });
    await handOverPatch(workspace, commit, join(base, "change.patch"));
    await git(["apply", "--check", join(base, "change.patch")], { cwd: repo });
  });

  it("restores an earlier snapshot, new files removed", async () => {
    const workspace = await createWorkspace(repo, join(base, "w"));
    await writeFile(join(workspace.directory, "flake.nix"), "1\n");
    const kept = await snapshot(workspace);
    await writeFile(join(workspace.directory, "flake.nix"), "half");
    await writeFile(join(workspace.directory, "junk"), "half");
    await restore(workspace, kept.tree);
    expect((await snapshot(workspace)).tree).toBe(kept.tree);
    expect(await readdir(workspace.directory)).not.toContain("junk");
  });

  it("works on a folder without git and writes changed files back, unless they changed meanwhile", async () => {
    const plain = join(base, "plain");
    await mkdir(join(plain, "target"), { recursive: true });
    await writeFile(join(plain, "a.txt"), "one\n");
    await writeFile(join(plain, "target", "big"), "x");
    const before = await fingerprint(plain);
    const workspace = await createWorkspace(plain, join(base, "w"));
    expect({ ...workspace, base: "", directory: "", baseName: workspace.baseName.replace(/[0-9a-f]{64}/u, "HEX") }).toEqual({
      directory: "",
      base: "",
      baseName: "tree:HEX",
      origin: plain,
      git: false,
      uncommitted: [],
    });
    expect(await fingerprint(plain)).toEqual(before);
    await writeFile(join(workspace.directory, "a.txt"), "two\n");
    await writeFile(join(workspace.directory, "new.txt"), "new\n");
    const { commit } = await snapshot(workspace);
    await writeFile(join(plain, "a.txt"), "meanwhile\n");
    await expect(handOverFiles(workspace, commit)).rejects.toThrowError(
      /a\.txt changed in .* while crq-agent worked; nothing was written/u,
    );
    await writeFile(join(plain, "a.txt"), "one\n");
    expect(await handOverFiles(workspace, commit)).toEqual({ form: "files", paths: ["a.txt", "new.txt"] });
    expect([await readFile(join(plain, "a.txt"), "utf8"), await readFile(join(plain, "new.txt"), "utf8")]).toEqual([
      "two\n",
      "new\n",
    ]);
    expect(await readdir(plain)).not.toContain(".git");
  });

  it.each([
    ["a file", "a.txt", /is not a directory/u],
    ["nothing", "nowhere", /no such directory/u],
  ])("says what is wrong with %s", async (_, name, message) => {
    const failure = createWorkspace(join(repo, name), join(base, "w"));
    await expect(failure).rejects.toThrowError(message);
    await expect(failure).rejects.toBeInstanceOf(RepositoryError);
  });

  it("asks for a commit where there is none", async () => {
    const empty = join(base, "empty");
    await mkdir(empty);
    await git(["init", "--quiet"], { cwd: empty });
    await expect(createWorkspace(empty, join(base, "w"))).rejects.toThrowError(/has no commit yet; commit first/u);
  });
});

describe("commitMessage", () => {
  it("ends with one block of trailers, whatever blanks a value holds", () => {
    expect(
      commitMessage({
        subject: "S",
        body: "\nB\n",
        trailers: [
          ["CRQ", "CRQ-1"],
          ["Assisted-by", "a\nb"],
        ],
      }),
    ).toBe("S\n\nB\n\nCRQ: CRQ-1\nAssisted-by: a b\n");
  });
});
