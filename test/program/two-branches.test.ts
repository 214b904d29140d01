import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git, tryGit } from "../../src/system/git.ts";
import { crq, type Finding, taken, twoBranches } from "./branches.ts";
import { difference, fingerprint } from "./fingerprint.ts";
import { place, writeFiles } from "./place.ts";

describe("two branches that take one number", () => {
  it("are told so by lint, index, approve and apply, and nothing changes", async () => {
    const at = await place();
    const repo = await twoBranches(at);
    const before = await fingerprint(repo);
    const told = 'crqs/CRQ-002-mine.md: CRQ-002 is "What they want" on other';
    expect(await taken(at, repo, "lint")).toEqual([told]);
    expect(await taken(at, repo, "index")).toEqual([told]);
    for (const verb of [
      ["approve", "CRQ-002"],
      ["apply", "CRQ-002"],
    ]) {
      const { stderr } = await at.run([...verb, "--repo", repo]);
      expect(stderr).toContain('warning id/taken-on-other-ref: CRQ-002 is "What they want" on other; whichever is merged second');
    }
    expect((await at.run(["index", "--check", "--repo", repo])).exit).toBe(0);
    expect(difference(before, await fingerprint(repo))).toEqual({ added: [], changed: [], removed: [] });
    await git(["switch", "--quiet", "other"], { cwd: repo });
    expect(await taken(at, repo, "lint")).toEqual(['crqs/CRQ-002-theirs.md: CRQ-002 is "What I want" on mine']);
  });

  it("conflict in the lists when they are merged; index mends both and keeps the text around the table", async () => {
    const at = await place();
    const repo = await twoBranches(at);
    const merged = await tryGit(["-c", "user.name=x", "-c", "user.email=x@y", "merge", "--quiet", "other"], { cwd: repo });
    expect(merged.exit).toBe(1);
    expect(await readFile(join(repo, "crqs/list.txt"), "utf8")).toContain("<<<<<<<");
    expect(await readFile(join(repo, "crqs/INDEX.md"), "utf8")).toContain("<<<<<<<");
    const checked = await at.run(["index", "--check", "--repo", repo]);
    expect({ exit: checked.exit, stderr: checked.stderr }).toEqual({
      exit: 1,
      stderr: [
        "crqs/list.txt:2:1 error index/out-of-date: holds merge conflict markers; two branches added CRQs, and the documents themselves say which; run `crq-agent index`",
        "crqs/INDEX.md:7:1 error index/out-of-date: holds merge conflict markers; two branches added CRQs, and the documents themselves say which; run `crq-agent index`",
        "",
      ].join("\n"),
    });
    const { document } = await at.json(["index", "--repo", repo]);
    expect(document).toMatchObject({ ok: true, data: { written: ["crqs/list.txt", "crqs/INDEX.md"] } });
    expect((document.diagnostics as readonly Finding[]).map(({ rule, file }) => `${rule} ${file}`)).toEqual([
      "id/duplicate crqs/CRQ-002-mine.md",
      "id/duplicate crqs/CRQ-002-theirs.md",
    ]);
    expect(await readFile(join(repo, "crqs/list.txt"), "utf8")).toBe("CRQ-001-first.md\nCRQ-002-mine.md\nCRQ-002-theirs.md\n");
    expect(await readFile(join(repo, "crqs/INDEX.md"), "utf8")).not.toMatch(/<<<<<<<|>>>>>>>|=======/u);
    expect((await at.run(["index", "--check", "--repo", repo])).exit).toBe(0);
  });

  it("a conflict in the text around the table is a person's to resolve: exit 2, both lists as they were", async () => {
    const at = await place();
    const repo = await twoBranches(at);
    const conflict = "# Ours\n<<<<<<< HEAD\nour words\n=======\ntheir words\n>>>>>>> other\n";
    await writeFile(join(repo, "crqs/INDEX.md"), conflict);
    await rm(join(repo, "crqs/CRQ-001-first.md"));
    const before = await fingerprint(repo);
    const { exit, stderr } = await at.run(["index", "--repo", repo]);
    expect(stderr).toMatch(
      /INDEX\.md: the text around the table holds a merge conflict \(line 2\); resolve it by hand, then run/u,
    );
    expect(exit).toBe(2);
    expect(difference(before, await fingerprint(repo))).toEqual({ added: [], changed: [], removed: [] });
  });
});

describe("init", () => {
  it("makes what a project needs, and says at the second time that it is there", async () => {
    const at = await place();
    const repo = await at.repository({ "README.md": "# x\n" });
    const made = await at.json(["init", "--repo", repo]);
    expect(made.document).toMatchObject({
      schema: "crq-agent/init/1",
      ok: true,
      exit: 0,
      data: {
        created: ["crq-agent.toml", "crqs/", "crqs/list.txt", "crqs/INDEX.md"],
        present: [],
        outOfDate: [],
        git: true,
        crqs: 0,
      },
      diagnostics: [],
    });
    expect((await at.run(["index", "--check", "--repo", repo])).exit).toBe(0);
    expect((await at.run(["lint", "--repo", repo])).exit).toBe(0);
    const before = await fingerprint(repo);
    const again = await at.run(["init", "--repo", join(repo, "crqs")]);
    expect(again).toMatchObject({ exit: 0, stderr: "" });
    expect(again.stdout).toContain("There already, left as they are: crq-agent.toml, crqs/, crqs/list.txt, crqs/INDEX.md.");
    expect(difference(before, await fingerprint(repo))).toEqual({ added: [], changed: [], removed: [] });
  });

  it("keeps what a person wrote, finds the folder that the settings name, and says what is out of date", async () => {
    const at = await place();
    const repo = await at.repository({
      "crq-agent.toml": 'crqs = "docs/crqs"\n',
      "docs/crqs/CRQ-004-x.md": crq("CRQ-004", "There before"),
      "docs/crqs/list.txt": "mine\n",
    });
    const { document } = await at.json(["init", "--repo", repo]);
    expect(document.data).toMatchObject({
      created: ["docs/crqs/INDEX.md"],
      present: ["crq-agent.toml", "docs/crqs/", "docs/crqs/list.txt"],
      outOfDate: ["docs/crqs/list.txt"],
      git: true,
      crqs: 1,
    });
    expect(await readFile(join(repo, "docs/crqs/list.txt"), "utf8")).toBe("mine\n");
  });

  it("works in a folder without git and says so; refuses a folder that cannot be, and broken settings", async () => {
    const at = await place();
    const plain = join(at.folder, "plain");
    await mkdir(plain);
    expect((await at.run(["init", "--repo", plain])).stdout).toContain("This folder is no git repository");
    const wrong: readonly [settings: string, message: RegExp][] = [
      ['crqs = "../outside"\n', /crqs: \.\.\/outside: leaves the repository;.*\[bad-config\]/u],
      ['crqs = "file"\n', /file: is there and is no folder that can be read; move it away, or set `crqs` in crq-agent\.toml/u],
      ["crqs = \n", /crq-agent\.toml:1:\d+: /u],
    ];
    for (const [settings, message] of wrong) {
      await writeFiles(plain, { "crq-agent.toml": settings, file: "" });
      const { exit, stderr } = await at.run(["init", "--repo", plain]);
      expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(message) });
    }
  });
});
