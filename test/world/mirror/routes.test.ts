import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadContent } from "../../../src/world/content/content.ts";
import { listTree } from "../../../src/world/content/listing.ts";
import { packTree } from "../../../src/world/content/pack.ts";
import type { Answer } from "../../../src/world/mirror/answer.ts";
import { GitService } from "../../../src/world/mirror/git-service.ts";
import { type Respond, routes } from "../../../src/world/mirror/routes.ts";
import { type MiniWorld, miniWorld, WORLD_TOML } from "../mini-world.ts";
import { type Entry, temporaryFolder, writeTree } from "../tree.ts";

interface Served extends MiniWorld {
  readonly respond: Respond;
  get(url: string): Promise<Answer>;
}

async function serve(more: Readonly<Record<string, Entry>> = {}): Promise<Served> {
  const world = await miniWorld(
    {
      "Owner/Repo": {
        default: "main",
        complete: true,
        lastModified: 1_700_000_000,
        refs: { main: { "flake.nix": "{ }", run: { program: "#!" } }, "release/1.0": { "flake.nix": "{ old = true; }" } },
      },
      "other/partial": { default: "main", refs: { main: { x: "" } } },
    },
    { "github/Fork/repo/refs.toml": 'tree-from = "owner/repo"\n', ...more },
  );
  const { content, problems } = await loadContent(world.directory);
  if (!content || problems.length > 0) throw new Error(JSON.stringify(problems));
  const respond = routes(content, new GitService(join(await temporaryFolder(), "git"), "git"));
  const get = (url: string): Promise<Answer> => respond({ method: "GET", url: new URL(url), headers: {}, body: Buffer.alloc(0) });
  return { ...world, respond, get };
}

const readJson = ({ body }: Answer): unknown => JSON.parse(body.toString());

describe("the forge", () => {
  test("tells git the branches of a repository, and has nothing of it to fetch", async () => {
    const { get, respond, revisions } = await serve();
    const answer = await get("https://github.com/owner/REPO.git/info/refs?service=git-upload-pack");
    const main = revisions["Owner/Repo main"];
    expect([answer.status, answer.headers["content-type"], answer.body.toString()]).toEqual([
      200,
      "application/x-git-upload-pack-advertisement",
      [
        "001e# service=git-upload-pack\n0000",
        `0064${main} HEAD\0symref=HEAD:refs/heads/main agent=crq-agent-world\n`,
        `003d${main} refs/heads/main\n`,
        `0044${revisions["Owner/Repo release/1.0"]} refs/heads/release/1.0\n`,
        "0000",
      ].join(""),
    ]);
    const post = { method: "POST", headers: {}, body: Buffer.from("0000") };
    const url = new URL("https://github.com/Owner/Repo/git-upload-pack");
    expect((await respond({ ...post, url })).status).toBe(404);
    expect((await get("https://github.com/owner/unknown/info/refs?service=git-upload-pack")).status).toBe(404);
    expect((await get("https://example.org/owner/repo/info/refs?service=git-upload-pack")).status).toBe(404);
  });

  test("names the revision of a ref, whatever the case of its repository and the writing of its slash", async () => {
    const { get, revisions } = await serve();
    const main = revisions["Owner/Repo main"];
    const release = revisions["Owner/Repo release/1.0"];
    const api = "https://api.github.com/repos";
    const asked = [
      ["/Owner/Repo/commits/HEAD", main],
      ["/owner/REPO/commits/main", main],
      ["/owner/repo/commits/refs/heads/main", main],
      ["/owner/repo/commits/release/1.0", release],
      ["/owner/repo/commits/release%2F1.0", release],
      ["/owner/repo/commits/refs/tags/release%2F1.0", release],
      [`/owner/repo/commits/${release}`, release],
      ["/fork/repo/commits/HEAD", main],
    ] as const;
    for (const [path, revision] of asked) {
      const answer = await get(`${api}${path}`);
      expect([path, answer.status, readJson(answer)]).toEqual([
        path,
        200,
        { sha: revision, commit: { tree: { sha: expect.stringMatching(/^[0-9a-f]{40}$/) } } },
      ]);
    }
  });

  test("does not know a repository, and refuses a ref only where all are known", async () => {
    const { get } = await serve();
    const api = "https://api.github.com/repos";
    expect(await get(`${api}/nobody/repo/commits/HEAD`)).toMatchObject({ status: 404 });
    expect(readJson(await get(`${api}/owner/repo/commits/nope`))).toEqual({
      message: "No commit found for SHA: nope",
      status: "422",
    });
    expect(await get(`${api}/owner/repo/commits/nope`)).toMatchObject({ status: 422 });
    expect(await get(`${api}/other/partial/commits/nope`)).toMatchObject({ status: 404 });
    expect(await get(`${api}/owner/repo`)).toMatchObject({ status: 404 });
  });

  test("serves a tree at each of its addresses, under the name of the repository that was asked", async () => {
    const { get, directory, revisions } = await serve();
    const revision = revisions["Owner/Repo main"] ?? "";
    const tree = join(directory, "github/Owner/Repo", revision);
    const packed = async (top: string): Promise<Buffer> => packTree(tree, await listTree(tree), { top, mtime: 1_700_000_000 });
    const expected = await packed(`Repo-${revision}`);
    for (const url of [
      `https://github.com/Owner/Repo/archive/${revision}.tar.gz`,
      "https://github.com/owner/repo/archive/main.tar.gz",
      "https://github.com/owner/repo/archive/refs/heads/main.tar.gz",
      `https://api.github.com/repos/owner/repo/tarball/${revision}`,
      `https://codeload.github.com/owner/repo/tar.gz/${revision}`,
    ]) {
      const answer = await get(url);
      expect([url, answer.status, answer.body.equals(expected)]).toEqual([url, 200, true]);
    }
    const fork = await get(`https://github.com/fork/repo/archive/${revision}.tar.gz`);
    expect(fork.body.equals(await packed(`repo-${revision}`))).toBe(true);
    expect(await get(`https://github.com/owner/repo/archive/${"1".repeat(40)}.tar.gz`)).toMatchObject({ status: 404 });
  });

  test("serves a recorded archive as it is", async () => {
    const revision = "5".repeat(40);
    const { get } = await serve({
      "github/rec/orded/refs.toml": `default = "main"\n[refs]\nmain = "${revision}"\n`,
      [`github/rec/orded/${revision}.tar.gz`]: "the very bytes",
    });
    expect((await get(`https://github.com/rec/orded/archive/${revision}.tar.gz`)).body.toString()).toBe("the very bytes");
  });

  test("is the flake registry, where the original goes before a fork of the same name", async () => {
    const { get } = await serve();
    expect(readJson(await get("https://channels.nixos.org/flake-registry.json"))).toEqual({
      version: 2,
      flakes: [
        { from: { type: "indirect", id: "partial" }, to: { type: "github", owner: "other", repo: "partial" } },
        { from: { type: "indirect", id: "repo" }, to: { type: "github", owner: "Owner", repo: "Repo" } },
      ],
    });
  });
});

describe("crates", () => {
  const crates = {
    "crates/gadget-1.0.0/Cargo.toml": '[package]\nname = "gadget"\nversion = "1.0.0"\n',
    "crates/gadget-1.1.0+meta/Cargo.toml": '[package]\nname = "gadget"\nversion = "1.1.0+meta"\n',
    "crates/Abc-0.1.0/Cargo.toml": '[package]\nname = "Abc"\nversion = "0.1.0"\n',
    "crates/x-0.1.0/Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\n',
  };

  test("are known by the shape of the path, on any host", async () => {
    const { get } = await serve(crates);
    const [one, ...others] = await Promise.all(
      [
        "https://a.example/api/v1/crates/gadget/1.0.0/download",
        "https://b.example/crates/gadget/gadget-1.0.0.crate",
        "https://c.example/some/prefix/crates/gadget/1.0.0/download",
      ].map(get),
    );
    expect(one?.status).toBe(200);
    expect(
      gunzipSync(one?.body ?? "")
        .subarray(0, 23)
        .toString(),
    ).toBe("gadget-1.0.0/Cargo.toml");
    for (const other of others) expect(other).toEqual(one);
    expect(await get("https://a.example/api/v1/crates/gadget/1.1.0%2Bmeta/download")).toMatchObject({ status: 200 });
    for (const path of ["gadget/9.9.9/download", "nope/1.0.0/download", "gadget/other-1.0.0.crate"]) {
      expect([path, (await get(`https://a.example/crates/${path}`)).status]).toEqual([path, 404]);
    }
  });

  test("have a sparse index made from their manifests", async () => {
    const { get } = await serve(crates);
    expect(readJson(await get("https://index.example/config.json"))).toEqual({
      dl: "https://index.example/api/v1/crates",
      api: null,
    });
    const lines = (await get("https://index.example/ga/dg/gadget")).body.toString().trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { name: "gadget", vers: "1.0.0" },
      { name: "gadget", vers: "1.1.0+meta" },
    ]);
    expect(await get("https://index.example/3/a/abc")).toMatchObject({ status: 200 });
    expect(await get("https://index.example/1/x")).toMatchObject({ status: 200 });
    expect(await get("https://index.example/ab/cd/gadget")).toMatchObject({ status: 404 });
    expect(await get("https://index.example/se/rd/serde")).toMatchObject({ status: 404 });
  });

  test("have an index on the hosts that world.toml names, where it names some", async () => {
    const { get } = await serve({ ...crates, "world.toml": `${WORLD_TOML}index-hosts = ["index.example"]\n` });
    expect(await get("https://index.example/ga/dg/gadget")).toMatchObject({ status: 200 });
    expect(await get("https://elsewhere.example/ga/dg/gadget")).toMatchObject({ status: 404 });
    expect(await get("https://elsewhere.example/config.json")).toMatchObject({ status: 404 });
  });

  test("that cannot be read are an error that says so", async () => {
    const { get } = await serve({ "crates/gadget-1.0.0.crate": "not gzip" });
    const answer = await get("https://a.example/crates/gadget/1.0.0/download");
    expect([answer.status, answer.body.toString()]).toEqual([500, expect.stringContaining("gadget-1.0.0 is no readable .crate")]);
  });
});

describe("files and rules", () => {
  test("files are found by host, path and query", async () => {
    const { get } = await serve({
      "files/host.example/a/ü b.txt": "plain",
      "files/host.example/a/b%3Fq%3D1%262": "with query",
      "files/host.example:8443/x": "with port",
    });
    expect((await get("https://host.example/a/%C3%BC%20b.txt")).body.toString()).toBe("plain");
    expect((await get("https://host.example/a/b?q=1&2")).body.toString()).toBe("with query");
    expect((await get("https://host.example:8443/x")).body.toString()).toBe("with port");
    for (const url of [
      "https://host.example/a/b",
      "https://host.example/a/b?q=2",
      "https://host.example/a",
      "https://other.example/x",
    ]) {
      expect([url, (await get(url)).status]).toEqual([url, 404]);
    }
  });

  test("a rule answers before anything else, on purpose", async () => {
    const rule = '[[answer]]\nhost = "*.example"\npath = "/api/v1/**"\nstatus = 403\nbody = "use a newer client"\n';
    const { get } = await serve({
      "world.toml": `${WORLD_TOML}${rule}`,
      "crates/gadget-1.0.0/Cargo.toml": '[package]\nname = "gadget"\nversion = "1.0.0"\n',
    });
    const refused = await get("https://old.example/api/v1/crates/gadget/1.0.0/download");
    expect(refused).toMatchObject({ status: 403, onPurpose: true, body: Buffer.from("use a newer client") });
    expect(await get("https://static.example/crates/gadget/1.0.0/download")).toMatchObject({ status: 200 });
  });

  test("only reading is answered", async () => {
    const { respond } = await serve({ "files/host.example/x": "x" });
    const ask = (method: string): Promise<Answer> =>
      respond({ method, url: new URL("https://host.example/x"), headers: {}, body: Buffer.alloc(0) });
    expect((await ask("HEAD")).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) expect([method, (await ask(method)).status]).toEqual([method, 404]);
  });
});

describe("no URL leaves the world's folder", () => {
  const SECRET = "the secret beside the world";

  test("whatever is written in its path and query", async () => {
    const { get, directory, respond } = await serve({ "files/host.example/x": "x", "git/host.example/repo/world-git.toml": "" });
    await writeTree(directory, { "../crq-secret.txt": SECRET, "secret-in-world.txt": SECRET });
    const piece = fc.constantFrom(
      ..."../ ..%2f %2e%2e/ ..%252f ..\\ / // %00 . ~ x repo host.example files github crates crq-secret.txt secret-in-world.txt world.toml".split(
        " ",
      ),
      "etc/passwd",
      "info/refs",
      "git-upload-pack",
      "crates/x/1.0.0/download",
      "archive/main.tar.gz",
      "proc/self/environ",
    );
    const host = fc.constantFrom(
      "host.example",
      "github.com",
      "api.github.com",
      "codeload.github.com",
      "channels.nixos.org",
      "..",
      "%2e%2e",
    );
    const query = fc.constantFrom("", "?service=git-upload-pack", "?/../../crq-secret.txt");
    await fc.assert(
      fc.asyncProperty(
        host,
        fc.array(piece, { maxLength: 8 }),
        query,
        fc.constantFrom("GET", "POST"),
        async (at, pieces, asked, method) => {
          const url = URL.parse(`https://${at}/${pieces.join("")}${asked}`);
          if (!url) return;
          const answer = await respond({ method, url, headers: {}, body: Buffer.alloc(0) });
          expect(answer.body.includes(SECRET)).toBe(false);
          expect(answer.body.includes("root:")).toBe(false);
        },
      ),
      { numRuns: 400 },
    );
    expect((await get("https://host.example/x")).status).toBe(200);
  });
});
