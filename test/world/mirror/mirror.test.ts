import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { GIT_ENVIRONMENT } from "../../../src/system/git.ts";
import { execute, type Finished } from "../../../src/system/process.ts";
import { loadContent } from "../../../src/world/content/content.ts";
import { listTree } from "../../../src/world/content/listing.ts";
import { GitService } from "../../../src/world/mirror/git-service.ts";
import { type Mirror, startMirror } from "../../../src/world/mirror/mirror.ts";
import { routes } from "../../../src/world/mirror/routes.ts";
import { miniWorld, WORLD_TOML } from "../mini-world.ts";
import { type Entry, temporaryFolder } from "../tree.ts";

async function mirrorOf(more: Readonly<Record<string, Entry>>): Promise<{ mirror: Mirror; directory: string; scratch: string }> {
  const { directory } = await miniWorld({}, more);
  const { content, problems } = await loadContent(directory);
  if (!content || problems.length > 0) throw new Error(JSON.stringify(problems));
  const scratch = await temporaryFolder();
  const mirror = await startMirror(routes(content, new GitService(join(scratch, "git"), "git")));
  onTestFinished(() => mirror.close());
  return { mirror, directory, scratch };
}

/** GET through the proxy as a client does that trusts the mirror's authority and nobody else. */
async function get(mirror: Mirror, url: string): Promise<{ status: number | undefined; body: string }> {
  const { hostname, pathname } = new URL(url);
  const tunnel = request({ ...proxyAddress(mirror), method: "CONNECT", path: `${hostname}:443` }).end();
  const socket = await new Promise<Socket>((resolve, reject) => {
    tunnel.once("connect", (_, opened) => resolve(opened)).once("error", reject);
  });
  const secure = connectTls({ socket, servername: hostname, ca: mirror.authority });
  await once(secure, "secureConnect");
  const response = await responseTo(request({ createConnection: () => secure, host: hostname, path: pathname }));
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  secure.destroy();
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}

const responseTo = (asked: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    asked.once("response", resolve).once("error", reject).end();
  });

const proxyAddress = (mirror: Mirror): { host: string; port: number } => {
  const { hostname, port } = new URL(mirror.proxy);
  return { host: hostname, port: Number(port) };
};

describe("startMirror", () => {
  test("intercepts HTTPS for any host and records what the world lacks", async () => {
    const { mirror } = await mirrorOf({ "files/one.example/x": "one", "files/two.example/x": "two" });
    expect(await get(mirror, "https://one.example/x")).toEqual({ status: 200, body: "one" });
    expect(await get(mirror, "https://two.example/x")).toEqual({ status: 200, body: "two" });
    expect(mirror.misses()).toEqual([]);
    expect(await get(mirror, "https://two.example/y")).toMatchObject({ status: 404 });
    expect(mirror.misses()).toEqual([
      { method: "GET", url: "https://two.example/y", status: 404, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    ]);
  });

  test("answers plain HTTP too", async () => {
    const { mirror } = await mirrorOf({ "files/one.example/x": "one" });
    const response = await responseTo(
      request({ ...proxyAddress(mirror), path: "http://one.example/x", headers: { host: "one.example" } }),
    );
    expect(response.statusCode).toBe(200);
    response.resume();
  });

  test("does not count an answer on purpose as a miss", async () => {
    const { mirror } = await mirrorOf({
      "world.toml": `${WORLD_TOML}[[answer]]\nhost = "no.example"\npath = "/**"\nstatus = 403\n`,
    });
    expect(await get(mirror, "https://no.example/x")).toEqual({ status: 403, body: "" });
    expect(mirror.misses()).toEqual([]);
  });

  test("keeps the authority's key out of every file", async () => {
    const { mirror, scratch } = await mirrorOf({});
    expect(new X509Certificate(mirror.authority).ca).toBe(true);
    expect(mirror.authority).not.toContain("PRIVATE");
    expect(await readdir(scratch, { recursive: true })).toEqual([]);
  });

  test("each has an authority of its own, and closes its door", async () => {
    const [one, two] = await Promise.all([mirrorOf({}), mirrorOf({ "files/one.example/x": "one" })]);
    expect(one.mirror.authority).not.toBe(two.mirror.authority);
    const pretender = { ...two.mirror, authority: one.mirror.authority };
    await expect(get(pretender, "https://one.example/x")).rejects.toThrow(/self-signed|unable to verify|certificate/);
    await one.mirror.close();
    await expect(get(one.mirror, "https://one.example/x")).rejects.toThrow("ECONNREFUSED");
  });
});

describe("Git over the mirror", () => {
  const run = async (mirror: Mirror, args: readonly string[], cwd: string): Promise<Finished> => {
    const authority = join(cwd, "ca.pem");
    await writeFile(authority, mirror.authority);
    const env = { ...GIT_ENVIRONMENT, https_proxy: mirror.proxy, GIT_SSL_CAINFO: authority };
    return execute({ argv: ["git", ...args], cwd, env, timeoutMs: 60_000 });
  };
  const tree = {
    "git/git.example/a/b/world-git.toml": 'default = "trunk"\ntags = ["v1.0"]\nlast-modified = 1762000000\n',
    "git/git.example/a/b/.gitattributes": "*.txt text eol=crlf\n",
    "git/git.example/a/b/.gitignore": "ignored\n",
    "git/git.example/a/b/ignored": "not ignored here",
    'git/git.example/a/b/ü "q".txt': "one\ntwo\n",
    "git/git.example/a/b/run": { program: "#!/bin/sh\n" },
    "git/git.example/a/b/link": { link: "run" },
  };

  test("clones a tree as one commit, the same in every process", async () => {
    const heads = [];
    for (const url of ["https://git.example/a/b", "https://git.example/a/b.git"]) {
      const { mirror, directory } = await mirrorOf(tree);
      const cwd = await temporaryFolder();
      expect(await run(mirror, ["-c", "core.autocrlf=false", "clone", "-q", "--branch", "v1.0", url, "out"], cwd)).toMatchObject({
        exit: 0,
      });
      const expected = (await listTree(join(directory, "git/git.example/a/b"))).filter(({ path }) => path !== "world-git.toml");
      const cloned = (await listTree(join(cwd, "out"))).filter(({ path }) => !path.startsWith(".git/"));
      // The attributes that the tree itself sets change line ends at checkout, not in the repository.
      const unchanged = (path: string): boolean => !path.endsWith(".txt");
      expect(cloned.filter(({ path }) => unchanged(path))).toEqual(expected.filter(({ path }) => unchanged(path)));
      expect(await readFile(join(cwd, "out", 'ü "q".txt'), "utf8")).toBe("one\r\ntwo\r\n");
      expect(await readlink(join(cwd, "out", "link"))).toBe("run");
      heads.push((await run(mirror, ["-C", "out", "log", "--format=%H %an %at %D"], cwd)).stdout.trim());
      expect(mirror.misses()).toEqual([]);
    }
    expect(heads[0]).toMatch(/^[0-9a-f]{40} crq-agent world 1762000000 /);
    expect(heads[1]).toBe(heads[0]);
  });

  test("fetches one commit by its id, as a lock file asks for it", async () => {
    const { mirror } = await mirrorOf(tree);
    const cwd = await temporaryFolder();
    const id = (await run(mirror, ["ls-remote", "https://git.example/a/b", "HEAD"], cwd)).stdout.slice(0, 40);
    await run(mirror, ["init", "-q", "."], cwd);
    expect(await run(mirror, ["fetch", "-q", "--depth=1", "https://git.example/a/b", id], cwd)).toMatchObject({ exit: 0 });
  });

  test("serves a recorded bundle with its branches and its HEAD", async () => {
    const { mirror } = await mirrorOf(tree);
    const cwd = await temporaryFolder();
    await run(mirror, ["clone", "-q", "https://git.example/a/b", "out"], cwd);
    await run(mirror, ["-C", "out", "branch", "side"], cwd);
    await run(mirror, ["-C", "out", "bundle", "create", "-q", join(cwd, "x.bundle"), "--branches", "--tags", "HEAD"], cwd);
    const recorded = await mirrorOf({ "git/git.example/rec.bundle": await readFile(join(cwd, "x.bundle")) });
    const there = (await run(recorded.mirror, ["ls-remote", "https://git.example/rec.git"], cwd)).stdout;
    expect(
      there
        .replaceAll(/^[0-9a-f]{40}\t/gm, "")
        .trim()
        .split("\n"),
    ).toEqual(["HEAD", "refs/heads/side", "refs/heads/trunk", "refs/tags/v1.0"]);
  });

  test("lets nobody push, and does not know another repository", async () => {
    const { mirror } = await mirrorOf(tree);
    const cwd = await temporaryFolder();
    await run(mirror, ["clone", "-q", "https://git.example/a/b", "out"], cwd);
    expect((await run(mirror, ["-C", "out", "push", "origin", "HEAD:refs/heads/x"], cwd)).exit).not.toBe(0);
    expect((await run(mirror, ["ls-remote", "https://git.example/a/c"], cwd)).stderr).toContain("not found");
    expect(mirror.misses().map(({ url, status }) => [url, status])).toEqual([
      ["https://git.example/a/b/info/refs?service=git-receive-pack", 404],
      ["https://git.example/a/c/info/refs?service=git-upload-pack", 404],
    ]);
  });
});
