import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { commitAll, type Place, place } from "./place.ts";
import { crqText, NOTE_PROJECT } from "./samples.ts";

/** `show --trace`: what explains a file or a commit, in a history as people make it. No Nix is needed for it. */

const CRQ = "crqs/CRQ-001-say-welcome.md";
const trailers = (...lines: string[]): string => `\n\n${lines.join("\n")}\n`;

interface History {
  readonly repo: string;
  /** Short ids by what they did. */
  readonly ids: Readonly<Record<"first" | "change" | "moved" | "stranger" | "squashed", string>>;
  show(...args: string[]): Promise<string>;
}

/** first → change (CRQ-001, AC-1) → moved (CRQ-001) → stranger (CRQ-777) → squashed (speaks of CRQ-001 in its text only) */
async function history(at: Place): Promise<History> {
  const repo = await at.repository({ ...NOTE_PROJECT, "old.txt": "a\nb\nc\n", [CRQ]: crqText() });
  const ids: Record<string, string> = { first: await head(repo) };
  await writeFile(join(repo, "flake.nix"), "{ outputs = { self }: { greeting = 1; }; }\n");
  await writeFile(join(repo, "old.txt"), "a\nb\nc\nd\n");
  ids.change = await commitAll(repo, `Say welcome${trailers("CRQ: CRQ-001", "AC: AC-1", "Assisted-by: crq-agent@0.1.0/rules")}`);
  await git(["mv", "old.txt", "new name.txt"], { cwd: repo });
  ids.moved = await commitAll(repo, `Move the text${trailers("CRQ: CRQ-001")}`);
  await writeFile(join(repo, "note.txt"), "Take the coat.\n");
  ids.stranger = await commitAll(repo, `Take the coat${trailers("CRQ: CRQ-777", "AC: AC-9")}`);
  await rm(join(repo, "README.md"));
  ids.squashed = await commitAll(repo, "Squashed (#3)\n\n* Say welcome\n\nCRQ: CRQ-001\nAC: AC-1\n\n* And drop the README");
  const short = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, id.slice(0, 12)]));
  return {
    repo,
    ids: short as History["ids"],
    async show(...args) {
      const done = await at.run(["show", "--repo", repo, ...args]);
      expect([done.exit, done.stderr]).toEqual([0, ""]);
      return done.stdout;
    },
  };
}

const head = async (repo: string): Promise<string> => (await git(["rev-parse", "HEAD"], { cwd: repo })).trim();

describe("show --trace of a path", () => {
  it("keeps apart what the document asks for and what commits say, and writes nothing", async () => {
    const at = await place();
    const { repo, ids, show } = await history(at);
    const before = await fingerprint(repo);
    expect(await show("--trace", "flake.nix")).toBe(`flake.nix (tracked)

CRQ-001 Say welcome (proposed), ${CRQ}
  asks    the scope names it
  asks    AC-1 checks it
  asks    AC-2 checks it
  commit  ${ids.change} 2026-01-02 Say welcome (AC-1)

Changed by commits that name no CRQ:
  ${ids.first} 2026-01-02 first
`);
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("follows a file through its names, and a folder through what it holds", async () => {
    const at = await place();
    const { repo, ids, show } = await history(at);
    expect(await show("--trace", "new name.txt")).toBe(`new name.txt (tracked, earlier old.txt)

CRQ-001 Say welcome (proposed), ${CRQ}
  commit  ${ids.moved} 2026-01-02 Move the text
  commit  ${ids.change} 2026-01-02 Say welcome (AC-1)

Changed by commits that name no CRQ:
  ${ids.first} 2026-01-02 first
`);
    await mkdir(join(repo, "nix"));
    await writeFile(join(repo, "nix/a.nix"), "{ }\n");
    await commitAll(repo, `Add a${trailers("CRQ: CRQ-001", "AC: AC-2")}`);
    expect(await show("--trace", "nix/")).toMatch(
      /^nix \(folder\)\n\nCRQ-001 .*\n {2}commit {2}[0-9a-f]{12} .* Add a \(AC-2\)\n$/u,
    );
  });

  it("says when nothing explains it, when a CRQ is not there, and when a squashed merge lost its trailers", async () => {
    const at = await place();
    const { repo, ids, show } = await history(at);
    expect(await show("--trace", "note.txt")).toBe(`note.txt (tracked)
Nothing here explains it: its commits name no CRQ of this repository.

CRQ-777: this repository has no such CRQ
  commit  ${ids.stranger} 2026-01-02 Take the coat (AC-9)

Changed by commits that name no CRQ:
  ${ids.first} 2026-01-02 first
`);
    expect(await show("--trace", "README.md")).toBe(`README.md (no longer there)
Nothing explains it: no CRQ names it, and no commit that changed it names a CRQ.

Changed by commits that name no CRQ:
  ${ids.squashed} 2026-01-02 Squashed (#3) [speaks of CRQ-001, not in a trailer]
  ${ids.first} 2026-01-02 first
`);
    await writeFile(join(repo, "mine.txt"), "mine\n");
    expect(await show("--trace", "mine.txt")).toBe(`mine.txt (not tracked)
Nothing explains it: no CRQ names it, and no commit that changed it names a CRQ.

Note: git does not know it, so no run has looked at it
`);
    await writeFile(join(repo, "flake.lock"), "{}\n");
    await commitAll(repo, "Lock");
    expect(await show("--trace", "flake.lock")).toContain(
      "Asked for, but no commit or report says that it was changed for it.\n",
    );
  });

  it("takes a file for a file although it is named like a commit, and the reverse", async () => {
    const at = await place();
    const { repo, ids } = await history(at);
    await writeFile(join(repo, ids.change), "odd\n");
    const odd = await at.run(["show", "--repo", repo, "--trace", ids.change]);
    expect(odd.stdout).toMatch(/^[0-9a-f]{12} \(not tracked\)\n/u);
    expect(odd.stderr).toContain("is a commit too; this is about the file");
    const json = await at.json(["show", "--repo", repo, "--trace", ids.change.slice(0, 11)]);
    expect(json.document).toMatchObject({ data: { trace: { kind: "commit", explained: true } } });
  });

  it("refuses what is neither, and what lies outside", async () => {
    const at = await place();
    const { repo } = await history(at);
    const said = async (what: string) => {
      const { document } = await at.json(["show", "--repo", repo, "--trace", what]);
      return [document.exit, document.diagnostics];
    };
    expect(await said("nope.txt")).toMatchObject([
      2,
      [{ message: "--trace nope.txt: is no file of the repository, now or in the history of HEAD, and no commit" }],
    ]);
    expect(await said("../elsewhere")).toMatchObject([2, [{ message: `--trace ../elsewhere: lies outside of ${repo}` }]]);
    expect(await said("--output=x")).toMatchObject([2, [{}]]);
    expect((await at.run(["show", "--repo", repo])).stderr).toContain("which CRQ?");
    expect((await at.json(["show", "1", "--trace", "x", "--section", "3", "--repo", repo])).exit).toBe(2);
  });

  it("says what a shallow clone and a folder without git cannot tell", async () => {
    const at = await place();
    const { repo } = await history(at);
    const shallow = join(at.folder, "shallow");
    await git(["clone", "--quiet", "--depth", "1", `file://${repo}`, shallow], { cwd: at.folder });
    expect((await at.run(["show", "--repo", shallow, "--trace", "note.txt"])).stdout).toContain(
      "Note: the history is cut off (a shallow clone): older commits are not seen; `git fetch --unshallow` brings them\n",
    );
    await rm(join(shallow, ".git"), { recursive: true });
    await git(["init", "--quiet"], { cwd: shallow });
    expect((await at.run(["show", "--repo", shallow, "--trace", "flake.nix"])).stdout).toContain(
      "Note: there is no commit yet\n",
    );
    await rm(join(shallow, ".git"), { recursive: true });
    expect((await at.run(["show", "--repo", shallow, "--trace", "flake.nix"])).stdout).toBe(`flake.nix (no git)
Asked for, but no commit or report says that it was changed for it.

CRQ-001 Say welcome (proposed), ${CRQ}
  asks  the scope names it
  asks  AC-1 checks it
  asks  AC-2 checks it

Note: ${shallow} is no git repository: there are no commits to ask
`);
  });
});

describe("show --trace of a commit", () => {
  it("names its CRQ and criteria, and whether its files are those that were asked for", async () => {
    const at = await place();
    const { repo, ids, show } = await history(at);
    expect(await show("--trace", ids.change)).toBe(`commit ${await full(repo, ids.change)}
2026-01-02  Say welcome
assisted by crq-agent@0.1.0/rules

CRQ-001 Say welcome (proposed), ${CRQ}
  AC-1    The greeting is "welcome".

Files:
  M  flake.nix  CRQ-001: scope, AC-1, AC-2
  M  old.txt    nothing asks for it
`);
    const stranger = await at.json(["show", "--repo", repo, "--trace", ids.stranger]);
    expect(stranger.document).toMatchObject({
      data: {
        trace: {
          explained: false,
          reasons: [{ id: "CRQ-777", document: null, criteria: [{ id: "AC-9", text: null, verdict: null }], report: null }],
        },
      },
    });
    const other = await at.json(["show", "1", "--repo", repo, "--trace", ids.stranger]);
    expect(other.document).toMatchObject({ data: { trace: { explained: false, reasons: [] } } });
  });

  it("says when it names none, and what a merge brought", async () => {
    const at = await place();
    const { repo, ids, show } = await history(at);
    expect(await show("--trace", ids.squashed)).toBe(`commit ${await full(repo, ids.squashed)}
2026-01-02  Squashed (#3)
Nothing explains it: its message has no CRQ trailer.

Files:
  D  README.md  nothing asks for it

Note: its message speaks of CRQ-001, but not in a trailer, which is the last paragraph alone: a squashed merge loses them
`);
    await git(["checkout", "--quiet", "-b", "side", ids.first], { cwd: repo });
    await writeFile(join(repo, "side.txt"), "side\n");
    const side = await commitAll(repo, `Side${trailers("CRQ: CRQ-001", "AC: AC-2")}`);
    await git(["checkout", "--quiet", "main"], { cwd: repo });
    await git(["merge", "--quiet", "--no-ff", "-m", "Merge side", "side"], { cwd: repo, env: KIM });
    expect((await show("--trace", "HEAD")).split("\n").slice(1)).toEqual([
      expect.stringMatching(/ {2}Merge side$/u),
      "",
      `CRQ-001 Say welcome (proposed), ${CRQ}`,
      "  AC-2    The package builds.",
      "",
      "Merges:",
      `  ${side.slice(0, 12)} 2026-01-02 Side (AC-2)`,
      "",
    ]);
  });
});

describe("show --criterion", () => {
  it("leads on to steps, files, commits and evidence", async () => {
    const at = await place();
    const { ids, show } = await history(at);
    expect((await show("1", "--criterion", "1")).split("\n").slice(-6)).toEqual([
      "       never checked",
      "step      1. Change the greeting (AC-1, AC-2).",
      "files     flake.nix, old.txt",
      `commit    ${ids.change} 2026-01-02 Say welcome (AC-1)`,
      "evidence  none: it was never checked",
      "",
    ]);
    expect(await show("1", "--criterion", "AC-2")).toContain("commit    none of this history names it\n");
  });
});

const full = async (repo: string, id: string): Promise<string> => (await git(["rev-parse", id], { cwd: repo })).trim();

const KIM = {
  GIT_AUTHOR_NAME: "Kim",
  GIT_AUTHOR_EMAIL: "kim@example.org",
  GIT_COMMITTER_NAME: "Kim",
  GIT_COMMITTER_EMAIL: "kim@example.org",
};
