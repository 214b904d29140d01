import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { crqText, NOTE_CRITERIA, noNix } from "../samples.ts";
import { CRQ, project, refused } from "./refused.ts";

const criterion = (block: string): string => `-   **AC-1**: The greeting is "welcome".\n${block}`;
const check = (lines: string): string => criterion(`    \`\`\`toml check AC-1\n${lines.replace(/^/gmu, "    ")}\n    \`\`\`\n`);

describe("a CRQ that cannot be used", () => {
  it.each([
    [
      "a title that is never closed",
      crqText().replace(/^title = .*$/mu, 'title = "Say'),
      2,
      /^crq-agent: crqs\/CRQ-001-say-welcome\.md:6:\d+: the metadata block is not TOML: .*meta\/invalid-block.*run `crq-agent lint crqs\//u,
    ],
    [
      "a check that always succeeds",
      crqText({ criteria: check('kind = "command"\nwhy = "none"\nscript = "true"') }),
      1,
      /CRQ-001-say-welcome\.md:\d+:\d+: acceptance\/constant-check: AC-1 cannot fail: `true` always succeeds/u,
    ],
    [
      "a question that is open",
      crqText({ questions: "\n## 9. Open Questions\n\n-   **Q-1**: Which language?\n" }),
      5,
      /CRQ-001-say-welcome\.md:\d+:\d+: Q-1 is not answered; write a line `Answer: …`/u,
    ],
    [
      "bytes that are no text",
      Uint8Array.from([0x23, 0x20, 0x43, 0xff, 0xfe, 0x00, 0x01]),
      2,
      /crqs\/CRQ-001-say-welcome\.md:1:1: .*(?:UTF-8|NUL)/u,
    ],
    [
      "a base that is no commit here",
      crqText({ metadata: 'target = { repo = ".", base = "deadbeefdeadbeef", systems = ["x86_64-linux"] }\n' }),
      2,
      /its base deadbeefdeadbeef is no commit of this repository; fetch it, or set target\.base to an ancestor of HEAD/u,
    ],
  ])("has %s", async (_, text, exit, message) => {
    const at = await place();
    await refused(at, await project(at, text), ["apply", "1", "--yes"], exit, message);
  });

  it("is not there, is there twice, or lies on another branch of history: exit 2", async () => {
    const at = await place();
    const repo = await project(at);
    await refused(at, repo, ["apply", "7", "--yes"], 2, /CRQ-007 does not exist in crqs\/; there are CRQ-001\n$/u);
    await refused(
      at,
      repo,
      ["verify", "crqs/CRQ-9.md"],
      2,
      /crqs\/CRQ-9\.md: no such file, and no id of a CRQ; give an id \(CRQ-001\), a number or a path\n$/u,
    );
    await writeFile(join(repo, "crqs/CRQ-001-twice.md"), crqText());
    await refused(
      at,
      repo,
      ["apply", "CRQ-001", "--yes"],
      2,
      /CRQ-001 names several CRQs: crqs\/CRQ-001-say-welcome\.md, crqs\/CRQ-001-twice\.md; give a path\n$/u,
    );
    const aside = (
      await git(["commit-tree", "HEAD^{tree}", "-m", "aside"], {
        cwd: repo,
        env: { GIT_AUTHOR_NAME: "x", GIT_AUTHOR_EMAIL: "x", GIT_COMMITTER_NAME: "x", GIT_COMMITTER_EMAIL: "x" },
      })
    ).trim();
    await writeFile(
      join(repo, "crqs/CRQ-002-aside.md"),
      crqText({ id: "CRQ-002", metadata: `target = { repo = ".", base = "${aside}", systems = ["x86_64-linux"] }\n` }),
    );
    for (const verb of [
      ["apply", "2", "--yes"],
      ["verify", "2"],
    ]) {
      await refused(
        at,
        repo,
        verb,
        2,
        new RegExp(`its base ${aside} is no ancestor of HEAD \\([0-9a-f]{12}\\); check out a branch that holds it`, "u"),
      );
    }
  });

  it("needs an approval that holds: exit 5 without one, a void one counts for nothing, --yes gives one that says so", async () => {
    const at = await place();
    const repo = await project(at);
    const next = /read it and run `crq-agent approve crqs\/CRQ-001-say-welcome\.md`, or pass --yes to approve it unattended\n$/u;
    await refused(at, repo, ["apply", "1"], 5, new RegExp(`is not approved; ${next.source}`, "u"));
    await refused(at, repo, ["approve", "1"], 5, new RegExp(`is not approved; ${next.source}`, "u"));
    expect((await at.run(["approve", "1", "--yes"], { cwd: repo })).exit).toBe(0);
    const approved = await readFile(join(repo, CRQ), "utf8");
    await writeFile(join(repo, CRQ), approved.replace('equals = "welcome"', 'equals = "hello"'));
    await refused(
      at,
      repo,
      ["apply", "1"],
      5,
      new RegExp(`was approved, but its scope or criteria changed since \\(hash .* then, .* now\\); ${next.source}`, "u"),
    );
    await writeFile(join(repo, CRQ), approved.replace('by = "unattended"', 'by = "agent:crq-agent@0.1.0/rules"'));
    await refused(
      at,
      repo,
      ["apply", "1"],
      5,
      new RegExp(`names agent:crq-agent@0\\.1\\.0/rules as approver, and an agent cannot approve; ${next.source}`, "u"),
    );
    expect((await at.run(["approve", "1", "--yes"], { cwd: repo })).exit).toBe(0);
    expect(await readFile(join(repo, CRQ), "utf8")).toMatch(/approval = \{ by = "unattended", .* via = "yes-flag"/u);
  });

  it.skipIf(noNix !== undefined)("asks for nothing that is not so already: nothing to do, and nothing handed over", async () => {
    const at = await place();
    const repo = await project(at, crqText({ criteria: NOTE_CRITERIA.replace('equals = "welcome"', 'equals = "hello"') }));
    const before = await fingerprint(repo);
    const done = await at.json(["apply", "1", "--yes", "--world", at.world], { cwd: repo });
    expect(done.document, done.about).toMatchObject({
      exit: 0,
      data: { outcome: { kind: "nothing-to-do" }, handOver: { form: "nothing" }, turns: 0 },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it.skipIf(noNix !== undefined)(
    "holds criteria that only text could meet: no check of the evaluator is red, so nothing could show a change, exit 1",
    async () => {
      const at = await place();
      const repo = await project(at, crqText({ criteria: check('kind = "file"\npath = "flake.nix"\nregex = "welcome"') }));
      const before = await fingerprint(repo);
      const done = await at.json(["apply", "1", "--yes", "--world", at.world], { cwd: repo });
      expect(done.document, done.about).toMatchObject({
        exit: 1,
        data: {
          outcome: {
            kind: "unmet",
            detail: expect.stringMatching(/^no check that reaches Nix is red for its content at the starting point \(AC-1: /u),
          },
          turns: 0,
        },
      });
      expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    },
  );
});
