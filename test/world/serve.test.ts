import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { GIT_ENVIRONMENT } from "../../src/system/git.ts";
import { execute } from "../../src/system/process.ts";
import { WorldError } from "../../src/world/problem.ts";
import { serveWorld } from "../../src/world/serve.ts";
import { miniWorld } from "./mini-world.ts";
import { temporaryFolder } from "./tree.ts";

test("a served world answers whoever knows its proxy and certificate", async () => {
  const { directory } = await miniWorld({}, { "git/git.example/a/world-git.toml": "", "git/git.example/a/README": "x" });
  const served = await serveWorld(directory, join(await temporaryFolder(), "private"));
  onTestFinished(() => served.close());
  const listed = await execute({
    argv: ["git", "ls-remote", "https://git.example/a"],
    cwd: "/",
    env: { ...GIT_ENVIRONMENT, https_proxy: served.proxy, GIT_SSL_CAINFO: served.authorityFile },
    timeoutMs: 30_000,
  });
  expect(listed).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^[0-9a-f]{40}\tHEAD\n[0-9a-f]{40}\trefs\/heads\/main\n$/),
  });
  expect(served.misses()).toEqual([]);
});

test("a folder that is no world is not served", async () => {
  const folder = await temporaryFolder();
  await expect(serveWorld(folder, join(folder, "private"))).rejects.toThrow(WorldError);
});
