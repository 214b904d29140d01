import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCatalogue } from "../../../../src/crq/catalogue/read.ts";
import { describeMention } from "../../../../src/crq/numbering.ts";
import { numbersInUse } from "../../../../src/jobs/facts/numbers/numbers.ts";
import { git } from "../../../../src/system/git.ts";

/** Numbers counted in real repositories. */

const IDENTITY = {
  GIT_AUTHOR_NAME: "Pat",
  GIT_AUTHOR_EMAIL: "pat@example.org",
  GIT_COMMITTER_NAME: "Pat",
  GIT_COMMITTER_EMAIL: "pat@example.org",
};

let base: string;
let repo: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "crq numbers ü ")));
  repo = join(base, "repo");
  await mkdir(repo);
});
afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

const run = (args: readonly string[], cwd = repo): Promise<string> => git(args, { cwd, env: IDENTITY });

async function write(files: Readonly<Record<string, string>>, root = repo): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function commit(files: Readonly<Record<string, string>>, root = repo): Promise<void> {
  await write(files, root);
  await run(["add", "--all"], root);
  await run(["commit", "--quiet", "--allow-empty", "-m", "x"], root);
}

const init = (): Promise<string> => run(["init", "--quiet", "--initial-branch=main"]);

/** The next id, and who uses each number. */
async function numbers(root = repo, crqFolder = "crqs") {
  const { next, notes } = await numbersInUse(root, crqFolder, await readCatalogue(root, crqFolder));
  if (typeof next === "string") throw new Error(next);
  const taken = [...next.taken].sort(([a], [b]) => a - b).map(([number, mention]) => `${number}: ${describeMention(mention)}`);
  return { next: next.id, taken, notes };
}

describe("one more than the highest of", () => {
  test("files of every reading form, their ids and H1s, and reports", async () => {
    await init();
    await write({
      "crqs/crq_001_x.md": "# Anything\n",
      "crqs/CRQ_016_X.md": "# Anything\n",
      "crqs/crq-0008-x.md": "# Anything\n",
      "crqs/CRQ-009.md": "# Anything\n",
      "crqs/naersk_crq.md": "# CRQ-0020: found by its heading\n",
      "crqs/2026-11-20_crq.md": '# Dated\n\n```toml crq\nschema = "crq/1"\nid = "CRQ-021"\n```\n',
      "crqs/crq_2026-11-20_x.md": "# Dated\n",
      "crqs/CRQ-XXX-later.md": "# CRQ-XXX: later\n",
      [`crqs/CRQ-${"7".repeat(54)}.md`]: "# Long\n",
      "crqs/CRQ-030-notes.txt": "",
      "crqs/CRQ-031-x.md.rejected.txt": "not a number that was used",
      "crqs/reports/CRQ-029/report.md": "",
    });
    expect(await numbers()).toEqual({
      next: "CRQ-031",
      taken: [
        "1: crqs/crq_001_x.md",
        "8: crqs/crq-0008-x.md",
        "9: crqs/CRQ-009.md",
        "16: crqs/CRQ_016_X.md",
        "20: crqs/naersk_crq.md",
        "29: crqs/reports/CRQ-029",
        "30: crqs/CRQ-030-notes.txt",
      ],
      notes: [`not taken for CRQ numbers: crqs/CRQ-${"7".repeat(54)}.md (too many digits), crqs/crq_2026-11-20_x.md (a date)`],
    });
  });

  test("branches, remote-tracking branches, tags, other refs, and the files of their trees", async () => {
    await init();
    await commit({ "crqs/CRQ-001-a.md": "# CRQ-001: a\n" });
    await run(["branch", "feature/CRQ-0002-b"]);
    await run(["tag", "CRQ-003"]);
    await run(["tag", "-a", "-m", "x", "v1/CRQ-004", "HEAD"]);
    await run(["update-ref", "refs/remotes/origin/feature/crq_005", "HEAD"]);
    await run(["update-ref", "refs/pull/7/CRQ-006", "HEAD"]);
    await run(["switch", "--quiet", "-c", "elsewhere"]);
    await commit({ "crqs/deep/CRQ-007-in-a-tree.md": "# x\n", "crqs/reports/CRQ-090/report.md": "", "CRQ-091-not-there.md": "" });
    await run(["update-ref", "refs/pull/8/head", "HEAD"]);
    await run(["switch", "--quiet", "main"]);
    await run(["branch", "--quiet", "-D", "elsewhere"]);
    await run(["notes", "--ref", "CRQ-008", "add", "-m", "x"]);
    expect(await numbers()).toEqual({
      next: "CRQ-009",
      taken: [
        "1: crqs/CRQ-001-a.md",
        "2: branch feature/CRQ-0002-b",
        "3: tag CRQ-003",
        "4: tag v1/CRQ-004",
        "5: branch origin/feature/crq_005",
        "6: ref refs/pull/7/CRQ-006",
        "7: deep/CRQ-007-in-a-tree.md on refs/pull/8/head",
        "8: ref refs/notes/CRQ-008",
      ],
      notes: [],
    });
  });

  test("documents of other refs whose names carry no number, stashes and detached worktrees", async () => {
    await init();
    await commit({ "crqs/CRQ-001-a.md": "# CRQ-001: a\n" });
    await run(["switch", "--quiet", "-c", "other"]);
    await commit({ "crqs/naersk_crq.md": "# CRQ 12 - found by its heading\n" });
    await run(["switch", "--quiet", "main"]);
    await write({ "crqs/CRQ-013-stashed.md": "# x\n" });
    await run(["stash", "push", "--quiet", "--include-untracked"]);
    await write({ "crqs/CRQ-014-stashed-later.md": "# x\n" });
    await run(["stash", "push", "--quiet", "--include-untracked"]);
    await run(["worktree", "add", "--quiet", "--detach", join(base, "tree")]);
    await commit({ "crqs/CRQ-015-detached.md": "# x\n" }, join(base, "tree"));
    expect(await numbers()).toEqual({
      next: "CRQ-016",
      taken: [
        "1: crqs/CRQ-001-a.md",
        "12: crqs/naersk_crq.md on other",
        "13: CRQ-013-stashed.md on stash@{1}",
        "14: CRQ-014-stashed-later.md on stash@{0}",
        `15: CRQ-015-detached.md on the worktree at ${join(base, "tree")}`,
      ],
      notes: [],
    });
  });

  test("branches that flakes and locks use, in the working tree and on other refs", async () => {
    await init();
    await commit({
      "flake.nix": '{ inputs.a.url = "github:o/r?ref=feature/CRQ-010-committed"; }\n',
      "nix/sub/flake.lock": '{ "nodes": { "a": { "original": { "ref": "feature/CRQ-011-locked" } } } }\n',
      "README.md": "?ref=feature/CRQ-099-in-a-text\n",
    });
    await run(["switch", "--quiet", "-c", "other"]);
    await commit({ "nix/default.nix": '{ ref = "feature/CRQ-012-elsewhere"; }\n' });
    await run(["switch", "--quiet", "main"]);
    await write({ "flake.nix": '{ inputs.a.url = "github:o/r?ref=feature%2FCRQ-013-uncommitted"; }\n' });
    expect(await numbers()).toEqual({
      next: "CRQ-014",
      taken: [
        "10: feature/CRQ-010-committed in flake.nix on main",
        "11: feature/CRQ-011-locked in nix/sub/flake.lock on main",
        "12: feature/CRQ-012-elsewhere in nix/default.nix on other",
        "13: feature/CRQ-013-uncommitted in flake.nix",
      ],
      notes: [],
    });
  });
});

describe("repositories of odd shape", () => {
  test("a folder without git, and one without a commit", async () => {
    await write({ "crqs/CRQ-004-a.md": "# x\n", "flake.nix": '{ ref = "feature/CRQ-005-x"; }\n' });
    const expected = { next: "CRQ-006", taken: ["4: crqs/CRQ-004-a.md", "5: feature/CRQ-005-x in flake.nix"], notes: [] };
    expect(await numbers()).toEqual(expected);
    await init();
    await run(["add", "--all"]);
    expect(await numbers()).toEqual(expected);
  });

  test("a detached HEAD, another CRQ folder, and an object format of 64 digits", async () => {
    await run(["init", "--quiet", "--initial-branch=main", "--object-format=sha256"]);
    await commit({ "docs/crqs/CRQ-001-a.md": "# CRQ-001: a\n" });
    await run(["switch", "--quiet", "--detach"]);
    await commit({ "docs/crqs/CRQ-002-b.md": "# CRQ-002: b\n" });
    await run(["rm", "--quiet", "docs/crqs/CRQ-002-b.md"]);
    expect(await numbers(repo, "docs/crqs")).toEqual({
      next: "CRQ-003",
      taken: ["1: docs/crqs/CRQ-001-a.md", `2: CRQ-002-b.md on the worktree at ${repo}`],
      notes: [],
    });
  });

  test("a shallow clone says nothing of what it does not have; a partial clone reads nothing over the network and says so", async () => {
    await init();
    await commit({ "crqs/CRQ-007-gone.md": "# x\n" });
    await run(["config", "uploadpack.allowFilter", "true"]);
    await run(["rm", "--quiet", "crqs/CRQ-007-gone.md"]);
    await commit({ "crqs/CRQ-003-a.md": "# x\n", "flake.nix": '{ ref = "feature/CRQ-005-x"; }\n' });
    const clone = async (name: string, ...options: string[]): Promise<string> => {
      const directory = join(base, name);
      await run(["clone", "--quiet", ...options, `file://${repo}`, directory], base);
      return directory;
    };
    const shallow = await numbers(await clone("shallow", "--depth=1"));
    expect(shallow.next).toBe("CRQ-006");
    const partial = await clone("partial", "--filter=tree:0", "--no-checkout");
    await run(["branch", "feature/CRQ-004-z", "origin/main"], partial);
    const read = await numbers(partial);
    expect(read).toEqual({
      next: "CRQ-005",
      taken: ["4: branch feature/CRQ-004-z"],
      notes: ["1 commits of other refs could not be read: this clone does not have their files"],
    });
  });

  test("many branches that share their files: each file once, and the first ref that holds it is named", async () => {
    await init();
    await commit({ "crqs/CRQ-001-a.md": "# CRQ-001: a\n", "crqs/note.md": "# CRQ 5\n" });
    for (let i = 0; i < 30; i++) await run(["branch", `b${i}`]);
    await run(["rm", "--quiet", "-r", "crqs"]);
    expect(await numbers()).toEqual({
      next: "CRQ-006",
      taken: ["1: CRQ-001-a.md on b0 and 30 more", "5: crqs/note.md on b0 and 30 more"],
      notes: [],
    });
  });
});
