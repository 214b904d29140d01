import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { git } from "../../../src/system/git.ts";
import { difference, fingerprint, SAME } from "../fingerprint.ts";
import { place } from "../place.ts";
import { crqText } from "../samples.ts";
import { CRQ, project, refused } from "./refused.ts";

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
      ["[limits]\nturns = = 3\n", /^crq-agent: crq-agent\.toml:2:9: /u],
      ["[limits]\nturn = 3\n", /^crq-agent: crq-agent\.toml:2:1: limits\.turn: unknown key; did you mean turns\?/u],
      ['[limits]\nturns = "many"\n', /^crq-agent: crq-agent\.toml:2:1: limits\.turns: .*expected number/u],
    ];
    for (const [text, message] of wrong) {
      await writeFile(join(repo, "crq-agent.toml"), text);
      for (const verb of [["draft", "nixify"], ["apply", "1", "--yes"], ["verify", "1"], ["lint"]])
        await refused(at, repo, verb, 2, message);
    }
  });
});
