import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../src/system/git.ts";
import { difference, fingerprint, SAME } from "./fingerprint.ts";
import { type Place, place } from "./place.ts";
import { crqText, NOTE_CRITERIA, NOTE_PROJECT, noNix } from "./samples.ts";

/** Input that cannot be used: what is wrong, where, and the next move, with the documented exit code, and nothing touched. */

const CRQ = "crqs/CRQ-001-say-welcome.md";
const SECRET = "sk-test-9f8e7d6c5b4a39281706";
const criterion = (block: string): string => `-   **AC-1**: The greeting is "welcome".\n${block}`;
const check = (lines: string): string => criterion(`    \`\`\`toml check AC-1\n${lines.replace(/^/gmu, "    ")}\n    \`\`\`\n`);

async function project(at: Place, crq: string | Uint8Array = crqText()): Promise<string> {
  return at.repository({ ...NOTE_PROJECT, [CRQ]: crq });
}

/** The verb refuses: exit code, message on stderr and in the document, no stack, no byte of the repository changed. */
async function refused(
  at: Place,
  repo: string,
  args: readonly string[],
  exit: number,
  message: RegExp,
  env: Readonly<Record<string, string>> = {},
) {
  const before = await fingerprint(repo);
  const done = await at.json(args, { cwd: repo, env });
  expect({ exit: done.exit, stderr: done.stderr }).toEqual({ exit, stderr: expect.stringMatching(message) });
  expect(done.stderr).not.toMatch(/^ {4}at |internal error/mu);
  expect(done.document).toMatchObject({ ok: false, exit, data: null });
  expect(done.document.diagnostics.length).toBeGreaterThan(0);
  expect(difference(before, await fingerprint(repo))).toEqual(SAME);
}

describe("a repository that cannot be used", () => {
  it("is a file, nothing at all, or without a commit: exit 2", async () => {
    const at = await place();
    const repo = await project(at);
    for (const verb of [["draft", "nixify"], ["apply", "1", "--yes"], ["verify", "1"], ["lint"], ["sessions", "list"]]) {
      await refused(
        at,
        repo,
        [...verb, "--repo", "README.md"],
        2,
        /README\.md: is not a directory; give the project's folder with --repo DIR\n$/u,
      );
    }
    await refused(
      at,
      repo,
      ["apply", "1", "--repo", "nowhere"],
      2,
      /nowhere: no such directory; give the project's folder with --repo DIR\n$/u,
    );
    const empty = join(at.folder, "empty");
    await mkdir(empty);
    await git(["init", "--quiet"], { cwd: empty });
    await mkdir(join(empty, "crqs"));
    await writeFile(join(empty, CRQ), crqText());
    for (const verb of [
      ["draft", "nixify"],
      ["apply", "1", "--yes"],
      ["verify", "1"],
    ]) {
      await refused(
        at,
        empty,
        verb,
        2,
        /empty: has no commit yet; commit first \(git add -A && git commit\), then run again\n$/u,
      );
    }
  });

  it("holds no project that anybody here knows: rules give up with a reason, exit 20", async () => {
    const at = await place();
    const repo = await at.repository({ "letters.txt": "Dear all\n" });
    const before = await fingerprint(repo);
    const done = await at.json(["draft", "nixify this project"], { cwd: repo });
    expect(done.document).toMatchObject({
      exit: 20,
      data: {
        outcome: {
          kind: "gave-up",
          reason: "not-understood",
          detail: expect.stringMatching(/no Cargo project.*a language model may know more/u),
        },
      },
    });
    expect(difference(before, await fingerprint(repo))).toEqual(SAME);
  });

  it("has a configuration with a mistake: position and key, exit 2, nothing runs with guessed settings", async () => {
    const at = await place();
    const repo = await project(at);
    const wrong: readonly [string, RegExp][] = [
      ["[limits]\nturns = = 3\n", /crq-agent\.toml:2:9: /u],
      ["[limits]\nturn = 3\n", /crq-agent\.toml:2:1: limits\.turn: Unrecognized key/u],
      ['[limits]\nturns = "many"\n', /crq-agent\.toml:2:1: limits\.turns: .*expected number/u],
    ];
    for (const [text, message] of wrong) {
      await writeFile(join(repo, "crq-agent.toml"), text);
      for (const verb of [["draft", "nixify"], ["apply", "1", "--yes"], ["verify", "1"], ["lint"]])
        await refused(at, repo, verb, 2, message);
    }
  });
});

describe("a CRQ that cannot be used", () => {
  it.each([
    [
      "a title that is never closed",
      crqText().replace(/^title = .*$/mu, 'title = "Say'),
      2,
      /^crq-agent: crqs\/CRQ-001-say-welcome\.md:6:\d+: the metadata block is not TOML: .*meta\/invalid-block.*run `crq-agent lint crqs\//u,
    ],
    [
      "no status",
      crqText().replace(/^status = .*\n/mu, ""),
      2,
      /CRQ-001-say-welcome\.md:3:1: `status` is missing; one of draft, /u,
    ],
    ["another schema", crqText().replace('"crq/1"', '"crq/9"'), 2, /CRQ-001-say-welcome\.md:4:\d+: .*newer crq-agent/u],
    [
      "a kind of check that does not exist",
      crqText({ criteria: check('kind = "nix-evil"') }),
      2,
      /CRQ-001-say-welcome\.md:\d+:\d+: unknown kind "nix-evil"; did you mean `nix-eval`\? allowed: nix-parse, /u,
    ],
    [
      "a criterion without a check",
      crqText({ criteria: criterion("") }),
      2,
      /CRQ-001-say-welcome\.md:\d+:1: AC-1 has no check that could be run, so it cannot fail; add a block or withdraw it/u,
    ],
    [
      "no criteria at all",
      crqText({ criteria: "None.\n" }),
      2,
      /has no acceptance criteria, so nothing could be proven; add `\*\*AC-1\*\*: …`/u,
    ],
    [
      "a check that always succeeds",
      crqText({ criteria: check('kind = "command"\nwhy = "none"\nscript = "true"') }),
      1,
      /CRQ-001-say-welcome\.md:\d+:\d+: acceptance\/constant-check: AC-1 cannot fail: `true` always succeeds/u,
    ],
    [
      "a failure that is swallowed",
      crqText({ criteria: check('kind = "command"\nwhy = "none"\nscript = "nix build || true"') }),
      1,
      /acceptance\/constant-check: AC-1 cannot fail/u,
    ],
    [
      "a question that is open",
      crqText({ questions: "\n## 9. Open Questions\n\n-   **Q-1**: Which language?\n" }),
      5,
      /CRQ-001-say-welcome\.md:\d+:\d+: Q-1 is not answered; write a line `Answer: …`/u,
    ],
    [
      "a check that is only suggested",
      crqText({ criteria: check('kind = "nix-eval"\nattr = "greeting"\nequals = "welcome"\nsuggested = true') }),
      5,
      /AC-1 has a check that is only suggested; read it and remove/u,
    ],
    [
      "a status that ends it",
      crqText().replace('"proposed"', '"rejected"'),
      2,
      /a CRQ with status "rejected" cannot be approved/u,
    ],
    ["no text at all", "", 2, /CRQ-001-say-welcome\.md:1:1: there is no `toml crq` block/u],
    [
      "bytes that are no text",
      Uint8Array.from([0x23, 0x20, 0x43, 0xff, 0xfe, 0x00, 0x01]),
      2,
      /crqs\/CRQ-001-say-welcome\.md:1:1: .*(?:UTF-8|NUL)/u,
    ],
    [
      "more than a megabyte",
      `${crqText()}${"x".repeat(1_100_000)}\n`,
      2,
      /CRQ-001-say-welcome\.md:1:1: \d+ bytes are more than the 1048576 a CRQ may have/u,
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

describe("a model or a world that cannot be used", () => {
  it.each([
    ["gpt-5", {}, /there is no model "gpt-5"; did you mean openai:gpt-5\? Write rules, PROVIDER:NAME or scripted:FILE/u],
    ["ruls", {}, /there is no model "ruls"; did you mean rules\?/u],
    ["opnai:gpt-5", {}, /there is no provider "opnai"; did you mean openai:gpt-5\? Known: anthropic, /u],
    [
      "openai:gpt-5",
      {},
      /openai:gpt-5 needs a key: set OPENAI_API_KEY in the environment \(keys are read from nowhere else\), or choose another model/u,
    ],
    ["anthropic:claude", { OPENAI_API_KEY: SECRET }, /anthropic:claude needs a key: set ANTHROPIC_API_KEY/u],
    ["scripted:nowhere.json", {}, /nowhere\.json: cannot be read/u],
  ])("%s: exit 2 before anything starts, and no key is shown", async (model, env, message) => {
    const at = await place();
    const repo = await project(at);
    await refused(at, repo, ["apply", "1", "--yes", "--model", model], 2, message, env);
  });

  it("names worlds and cassettes that are none", async () => {
    const at = await place();
    const repo = await project(at);
    await refused(
      at,
      repo,
      ["apply", "1", "--yes", "--world", "crqs"],
      2,
      /crqs: is no world \(it has no world\.toml\); give a folder with --world DIR, or --world shipped\n$/u,
    );
    await refused(
      at,
      repo,
      ["apply", "1", "--yes", "--cassette", "tape"],
      2,
      /the cassette "tape" is neither record:PATH nor replay:PATH/u,
    );
    await refused(
      at,
      repo,
      ["apply", "1", "--yes", "--cassette", "replay:none.jsonl"],
      2,
      /none\.jsonl: there is no such cassette; record it with --cassette record:none\.jsonl/u,
    );
  });

  it.skipIf(noNix !== undefined)(
    "says that a provider cannot be reached: exit 21, the session can be resumed, the key is nowhere",
    async () => {
      const at = await place();
      const repo = await project(at);
      const before = await fingerprint(repo);
      const env = { OPENAI_API_KEY: SECRET, OPENAI_BASE_URL: `http://127.0.0.1:${await closedPort()}/v1` };
      const done = await at.run(["apply", "1", "--yes", "--world", at.world, "--model", "openai:test"], { cwd: repo, env });
      expect(done.exit).toBe(21);
      expect(done.stdout).toMatch(
        /^Outcome: provider: openai:test: the provider could not be reached \(.*ECONNREFUSED.*\)\. Check the network and the base URL, then resume\.$/mu,
      );
      expect(done.stdout).toMatch(/^Go on with: crq-agent sessions resume \S+$/mu);
      expect(done.stdout + done.stderr + JSON.stringify(await at.journal())).not.toContain(SECRET);
      expect(difference(before, await fingerprint(repo))).toEqual(SAME);
    },
  );
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address instanceof Object ? address.port : 9;
}
