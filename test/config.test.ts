import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readConfig, userFolders } from "../src/config.ts";

async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), "it's a ü place ")));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

describe("the program's own folders", () => {
  it("are the user's as the system has it where HOME is empty or relative: they never come to lie in a checkout", () => {
    const { homedir } = userInfo();
    const own = {
      home: homedir,
      cache: join(homedir, ".cache", "crq-agent"),
      state: join(homedir, ".local", "state", "crq-agent"),
    };
    for (const HOME of [undefined, "", ".", "here"]) expect(userFolders({ HOME }), String(HOME)).toEqual(own);
    expect(userFolders({ HOME: "/home/ada", XDG_CACHE_HOME: "cache", XDG_STATE_HOME: "/s" })).toEqual({
      home: "/home/ada",
      cache: "/home/ada/.cache/crq-agent",
      state: "/s/crq-agent",
    });
  });
});

describe("the CRQ folder", () => {
  it("lies in the repository: settings that somebody else wrote name no other place to write to", async () => {
    const at = await folder();
    const repo = join(at, "repo");
    await mkdir(repo);
    const wrong: readonly [string, RegExp][] = [
      ["../out", /^crq-agent\.toml:2:1: crqs: \.\.\/out: leaves the repository; .*; name a folder of the repository$/u],
      ["/tmp/crqs", /^crq-agent\.toml:2:1: crqs: \/tmp\/crqs: is absolute; /u],
      [".git/crqs", /^crq-agent\.toml:2:1: crqs: \.git\/crqs: belongs to git /u],
    ];
    for (const [crqs, message] of wrong) {
      await writeFile(join(repo, "crq-agent.toml"), `# settings\ncrqs = ${JSON.stringify(crqs)}\n`);
      await expect(readConfig(repo)).rejects.toMatchObject({ code: "bad-config", message: expect.stringMatching(message) });
    }
    await writeFile(join(repo, "crq-agent.toml"), 'crqs = "docs/requests"\n');
    expect(await readConfig(repo)).toMatchObject({ crqs: "docs/requests" });
  });

  it("is no link that leads out of the repository", async () => {
    const at = await folder();
    await mkdir(join(at, "repo", "inside"), { recursive: true });
    await symlink(at, join(at, "repo", "crqs"));
    await expect(readConfig(join(at, "repo"))).rejects.toMatchObject({
      code: "bad-config",
      message: expect.stringMatching(
        /^the CRQ folder: crqs: is or lies behind a link that leaves the repository \(to .*\); name/u,
      ),
    });
    await writeFile(join(at, "repo", "crq-agent.toml"), 'crqs = "inside"\n');
    expect(await readConfig(join(at, "repo"))).toMatchObject({ crqs: "inside" });
  });
});
