import { describe, expect, test } from "vitest";
import { type Branches, branchesOnGitHub, readHeads } from "../../src/repo/remote-branches.ts";
import { miniWorld } from "../world/mini-world.ts";
import { cannotRun, opened } from "../world/opened.ts";

test("only branches are read, whatever else stands in the answer", () => {
  const hash = "a".repeat(40);
  expect(
    readHeads(
      `warning: x\n${hash}\tHEAD\n${hash}\trefs/heads/main\n${hash}\trefs/heads/feature/CRQ-001-é\n${hash}\trefs/tags/v1\n\trefs/heads/no\n`,
    ),
  ).toEqual(["main", "feature/CRQ-001-é"]);
});

describe.skipIf(cannotRun !== undefined)("real git in a world", () => {
  test("names a repository's branches, or says why it cannot; a name that is none never gets to git", async () => {
    const { directory } = await miniWorld({
      "acme/one": { default: "main", refs: { main: { x: "1" }, "feature/CRQ-001-x": { x: "2" } } },
    });
    const { world, cwd } = await opened(directory);
    const { signal } = new AbortController();
    const ask = (owner: string, repo: string, aborted = signal): Promise<Branches> =>
      branchesOnGitHub(owner, repo, { environment: world.environment, folder: cwd, signal: aborted });
    expect(await ask("acme", "one")).toEqual({ branches: ["feature/CRQ-001-x", "main"] });
    expect(await ask("ACME", "One")).toEqual({ branches: ["feature/CRQ-001-x", "main"] });
    expect(await ask("acme", "gone")).toEqual({ problem: expect.stringContaining("not found") });
    const asked = world.environment.misses().length;
    for (const name of ["..", "a/b", "--upload-pack=touch x", "a b", "x;y", "é", ""])
      expect(await ask("acme", name)).toEqual({ problem: `'acme/${name}' is no name of a GitHub repository` });
    expect(world.environment.misses().length).toBe(asked);
    expect(await ask("acme", "one", AbortSignal.abort())).toEqual({ problem: "git could not be started, or was stopped" });
  });
});
