import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { commitAll, place } from "../place.ts";
import { noNix, noteFlake } from "../samples.ts";
import { addCrq, CRQ, noteWithCrq, stateOf, statusOf } from "./change.ts";

/** status and show: what a person, a script and a terminal get of documents, sessions and reports, sound or damaged. */

const WAIVERS = `[[waiver]]
ac = "AC-2"
reason = "the sandbox of this year cannot build it"
by = "human:Pat Person"
until = 2999-12-31
[[waiver]]
weakening = "do-check-false"
reason = "once"
by = "human:Pat Person"
until = 2020-01-01
`;

describe("status and show", () => {
  it("show a table, questions, waivers and what a document lacks; other CRQs are shown when one cannot be read", async () => {
    const at = await place();
    const repo = await noteWithCrq(at, {
      metadata: WAIVERS,
      questions: "\n## 9. Open Questions\n\n-   **Q-1**: Louder\u001b[31m?\n",
    });
    await addCrq(repo, "crqs/CRQ-002-say-it-louder.md", { id: "CRQ-002", title: "Say it \u001b]0;louder\u0007 and louder" });
    await writeFile(join(repo, "crqs", "CRQ-003-broken.md"), Buffer.from([0x23, 0xff, 0xfe]));
    await writeFile(join(repo, "crqs", "CRQ-004-empty.md"), "");
    const before = await fingerprint(repo);
    const table = await at.run(["status", "--repo", repo]);
    expect(table.exit).toBe(0);
    expect(table.stdout.split("\n")).toEqual([
      "ID       State     Criteria  Report  Title",
      "CRQ-001  proposed  2         none    Say welcome",
      "    open: Q-1",
      "    waived: AC-2 by human:Pat Person until 2999-12-31: the sandbox of this year cannot build it",
      "    waiver void: do-check-false by human:Pat Person until 2020-01-01: once",
      // TOML forbids what a terminal would act on, so this block is none; its H1 gives the title.
      "CRQ-002  draft     2         none    Say it and louder",
      "    no status can be read from the document; run crq-agent lint crqs/CRQ-002-say-it-louder.md",
      "CRQ-004  draft     0         none",
      "    no status can be read from the document; run crq-agent lint crqs/CRQ-004-empty.md",
      "",
    ]);
    expect(table.stderr).toMatch(/crqs\/CRQ-003-broken\.md:1:1 error structure\/unreadable/u);
    expect((await at.json(["status", "--repo", repo])).document).toMatchObject({
      schema: "crq-agent/status/1",
      ok: true,
      data: { crqs: [{ id: "CRQ-001" }, { id: "CRQ-002", stored: null, state: "draft" }, { id: "CRQ-004" }] },
      diagnostics: [{ rule: "structure/unreadable", file: "crqs/CRQ-003-broken.md" }],
    });

    const shown = await at.run(["show", "1", "--repo", repo]);
    expect(shown.exit).toBe(0);
    expect(shown.stdout).toMatch(/^CRQ-001: Say welcome\nfile +crqs\/CRQ-001-say-welcome\.md\nstate +proposed\n/u);
    expect(shown.stdout).toMatch(
      /^· AC-1 {2}The greeting is "welcome"\.\n +nix-eval attr = "greeting" equals = "welcome"\n +never checked$/mu,
    );
    expect(shown.stdout).toMatch(/^\? Q-1 {2}Louder\?$/mu);
    for (const text of [shown.stdout, (await at.run(["show", "2", "--repo", repo])).stdout])
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
    const line = (await readFile(join(repo, CRQ), "utf8")).split("\n").findIndex((text) => text.includes("**AC-1**")) + 1;
    const section = await at.run(["show", "1", "--section", "scope", "--repo", repo]);
    expect(section.stdout).toBe((await at.run(["show", "1", "--section", "3", "--repo", repo])).stdout);
    expect(section.stdout).toMatch(/^3\. Scope\n\n### 3\.1\. In Scope\n\n- {3}`flake\.nix`\n/u);
    expect((await at.json(["show", "1", "--criterion", "AC-1", "--repo", repo])).document).toMatchObject({
      schema: "crq-agent/show/1",
      data: { status: { id: "CRQ-001" }, criterion: { id: "AC-1", line, verdict: null, checks: [{ kind: "nix-eval" }] } },
    });
    expect((await at.json(["show", "1", "--repo", repo])).document.data).toMatchObject({
      metadata: { id: "CRQ-001", waivers: [{ ac: "AC-2" }, { weakening: "do-check-false" }] },
      sections: expect.arrayContaining([expect.objectContaining({ name: "Scope", number: 3 })]),
      criteria: [{ id: "AC-1" }, { id: "AC-2" }],
      questions: [{ id: "Q-1" }],
      steps: [{ number: 1, criteria: ["AC-1", "AC-2"] }],
    });
    for (const [args, message] of [
      [["show", "1", "--section", "99"], /--section 99: .* has 1\. Overview, 2\. Motivation/u],
      [["show", "1", "--criterion", "AC-9"], /--criterion AC-9: .* has AC-1, AC-2/u],
      [["show", "9"], /CRQ-009 does not exist in crqs\//u],
      [["status", "CRQ-003"], /CRQ-003-broken\.md:1:1/u],
      [["status", "nothing"], /nothing: no such file, and no id of a CRQ/u],
    ] as const)
      expect(await at.run([...args, "--repo", repo])).toMatchObject({
        exit: 2,
        stdout: "",
        stderr: expect.stringMatching(message),
      });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("serve a repository without a commit, a folder without git, and one without a CRQ", async () => {
    const at = await place();
    const empty = await at.repository({ "a.txt": "a\n" }, "empty");
    expect(await at.run(["status", "--repo", empty])).toMatchObject({
      exit: 0,
      stdout: 'crqs/ holds no CRQ; write one with `crq-agent draft "one sentence"`.\n',
    });
    const repo = await noteWithCrq(at);
    const folder = join(at.folder, "plain");
    await cp(repo, folder, { recursive: true });
    await rm(join(folder, ".git"), { recursive: true });
    const before = await fingerprint(folder);
    expect(await stateOf(at, folder)).toBe("proposed");
    expect(difference(before, await fingerprint(folder))).toEqual(SAME);
    await rm(join(repo, ".git"), { recursive: true });
    await git(["init", "--quiet"], { cwd: repo });
    expect((await at.json(["status", "1", "--repo", repo])).document.data).toMatchObject({
      tree: null,
      crqs: [{ state: "proposed" }],
    });
  });

  it.skipIf(noNix !== undefined)("leave damaged journals and reports out, and name them", { timeout: 600_000 }, async () => {
    const at = await place();
    const repo = await noteWithCrq(at);
    await at.run(["approve", "1", "--yes", "--repo", repo]);
    await writeFile(join(repo, "flake.nix"), noteFlake("welcome"));
    const verify = () => at.json(["verify", "1", "--repo", repo, "--world", at.world]);
    expect((await verify()).exit).toBe(0);
    expect((await verify()).exit).toBe(0);
    expect(await stateOf(at, repo)).toBe("verified");
    const [key = ""] = await readdir(join(at.state, "crq-agent", "sessions"));
    const sessions = join(at.state, "crq-agent", "sessions", key);
    const [older = "", newer = ""] = (await readdir(sessions)).sort();
    const reports = [older, newer].map((id) => join(sessions, id, "report", "report.json"));
    const [first = "", second = ""] = reports;
    const sound = await readFile(second, "utf8");
    const status = async () => {
      const { document } = await at.json(["status", "1", "--repo", repo]);
      return [Object(Object(document.data).crqs[0]).state, ...document.diagnostics.map((found) => Object(found).message)];
    };

    await writeFile(second, sound.slice(0, 400));
    expect(await status()).toEqual(["verified", "damaged report: it is not JSON; the state is worked out without it"]);
    await writeFile(first, sound.replace('"crq-report/1"', '"crq-report/9"'));
    expect(await status()).toEqual([
      "in-progress",
      "damaged report: it is not JSON; the state is worked out without it",
      expect.stringMatching(/^damaged report: it is no crq-report\/1 \(schema: /u),
    ]);
    await writeFile(second, sound);
    await writeFile(join(sessions, older, "events.jsonl"), "{]\n");
    expect(await status()).toEqual(["verified", "damaged journal: line 1 is not JSON; the state is worked out without it"]);
    const { stderr } = await at.run(["status", "--repo", repo]);
    expect(stderr).toContain(`${join(sessions, older, "events.jsonl")}:1:1 warning lifecycle/damaged: damaged journal`);

    // Renamed, it is still known by its number; the state is that of the document it is now.
    await rename(join(repo, CRQ), join(repo, "crqs", "CRQ-001-greet.md"));
    expect(await statusOf(at, repo)).toMatchObject({ state: "verified", path: "crqs/CRQ-001-greet.md" });
    await commitAll(repo, "all of it");
    expect(await stateOf(at, repo)).toBe("verified");
  });
});
