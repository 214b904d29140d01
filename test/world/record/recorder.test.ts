import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { GIT_ENVIRONMENT } from "../../../src/system/git.ts";
import { execute } from "../../../src/system/process.ts";
import { checkWorld } from "../../../src/world/check.ts";
import { loadContent } from "../../../src/world/content/content.ts";
import { listingHash, listTree } from "../../../src/world/content/listing.ts";
import { type Answer, text } from "../../../src/world/mirror/answer.ts";
import { GitService } from "../../../src/world/mirror/git-service.ts";
import { routes } from "../../../src/world/mirror/routes.ts";
import { beginRecording } from "../../../src/world/record/begin.ts";
import { createRecorder, type Recorder } from "../../../src/world/record/recorder.ts";
import { openUpstream } from "../../../src/world/record/upstream/internet.ts";
import { RECORD_LIMITS, type RecordLimits } from "../../../src/world/record/upstream/limits.ts";
import { serveWorld } from "../../../src/world/serve.ts";
import { miniWorld } from "../mini-world.ts";
import { temporaryFolder } from "../tree.ts";
import { type StandIn, standIn } from "./stand-in.ts";

interface Recording {
  readonly directory: string;
  readonly recorder: Recorder;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

async function recording({ person }: StandIn, limits: Partial<RecordLimits> = {}, into?: string): Promise<Recording> {
  const directory = into ?? join(await temporaryFolder(), "recorded");
  await beginRecording(directory, { date: "2026-11-28" });
  const { content, problems } = await loadContent(directory);
  if (!content) throw new Error(JSON.stringify(problems));
  const all = { ...RECORD_LIMITS, ...limits };
  const upstream = await openUpstream(person, all, "0.0.0");
  onTestFinished(() => upstream.close());
  const scratch = await temporaryFolder();
  const service = new GitService(join(scratch, "git"), "git");
  const recorder = createRecorder(content, { upstream, service, git: "git", limits: all, scratch: join(scratch, "incoming") });
  return {
    directory,
    recorder,
    get: (url, headers = {}) => recorder.respond({ method: "GET", url: new URL(url), headers, body: Buffer.alloc(0) }),
  };
}

const filesOf = async (directory: string): Promise<string[]> => (await listTree(directory)).map(({ path }) => path);

const GREETER = { default: "main", refs: { main: { "flake.nix": "{ outputs = _: { }; }" } } };

describe("a recorder", () => {
  test("asks once, keeps the bytes, and answers from the folder as a replay does", async () => {
    const { directory: there } = await miniWorld(
      {},
      { "files/data.example/x?y": "no", "files/data.example/a/x%3Fv%3D1": "bytes\n" },
    );
    const internet = await standIn(there);
    const { directory, get, recorder } = await recording(internet);
    const first = await get("https://data.example/a/x?v=1");
    await internet.close();
    const second = await get("https://data.example/a/x?v=1");
    expect([first.body.toString(), second]).toEqual(["bytes\n", first]);
    expect(internet.urls()).toEqual(["https://data.example/a/x?v=1"]);
    expect(recorder.stored()).toEqual(["files/data.example/a/x%3Fv%3D1"]);
    const { content } = await loadContent(directory);
    const replay = content && routes(content, undefined);
    const url = new URL("https://data.example/a/x?v=1");
    expect(await replay?.({ method: "GET", url, headers: {}, body: Buffer.alloc(0) })).toEqual(first);
  });

  test("hands on nothing that a client says of itself", async () => {
    const { directory: there } = await miniWorld({}, { "files/data.example/x": "x" });
    const internet = await standIn(there);
    const { get } = await recording(internet);
    await get("https://data.example/x", { authorization: "Bearer key", cookie: "a=b", "user-agent": "me" });
    expect(Object.keys(internet.asked[0]?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "connection",
      "host",
      "user-agent",
    ]);
    expect(internet.asked[0]?.headers["user-agent"]).toBe("crq-agent-world/0.0.0");
  });

  test("follows a redirect and keeps what came under the URL that was asked", async () => {
    const { directory: there } = await miniWorld({}, { "files/cdn.example/y": "y" });
    const moved: Answer = { status: 302, headers: { location: "https://cdn.example/y?Signature=key" }, body: Buffer.alloc(0) };
    const internet = await standIn(there, ({ url }) =>
      url.host === "data.example" ? moved : url.search === "?Signature=key" ? text("y") : undefined,
    );
    const { directory, get } = await recording(internet);
    expect((await get("https://data.example/x")).body.toString()).toBe("y");
    expect(await filesOf(directory)).toEqual(["files/data.example/x", "world.toml"]);
  });

  test("does not follow in circles, nor out of TLS, nor to a place that names a user", async () => {
    const { directory: there } = await miniWorld({});
    const to = (location: string): Answer => ({ status: 302, headers: { location }, body: Buffer.alloc(0) });
    const targets = new Map([
      ["/circle", "/circle"],
      ["/down", "http://data.example/x"],
      ["/user", "https://me:key@data.example/x"],
      ["/file", "file:///etc/passwd"],
    ]);
    const { directory, get, recorder } = await recording(await standIn(there, ({ url }) => to(targets.get(url.pathname) ?? "")));
    for (const path of targets.keys()) expect((await get(`https://data.example${path}`)).status).toBe(502);
    expect(recorder.notStored()).toEqual([
      { url: "https://data.example/circle", why: "https://data.example/circle: more than 10 redirects" },
      { url: "https://data.example/down", why: "https://data.example/down: a redirect from https: to http:" },
      { url: "https://data.example/file", why: "https://data.example/file: a redirect from https: to file:" },
      { url: "https://data.example/user", why: "https://data.example/user: a redirect to a URL that names a user" },
    ]);
    expect(await filesOf(directory)).toEqual(["world.toml"]);
  });

  test("passes a failure on, keeps nothing of it, and asks about a 404 only once", async () => {
    const { directory: there } = await miniWorld({});
    const internet = await standIn(there, ({ url }) => (url.pathname === "/busy" ? text("later", 503) : undefined));
    const { directory, get } = await recording(internet);
    for (const path of ["gone", "gone", "busy", "busy"]) await get(`https://data.example/${path}`);
    expect(internet.urls().map((url) => url.split("/").at(-1))).toEqual(["gone", "busy", "busy"]);
    expect(await filesOf(directory)).toEqual(["world.toml"]);
  });

  test("gives up what is larger than it may be", async () => {
    const { directory: there } = await miniWorld({}, { "files/data.example/x": "0123456789" });
    const { directory, get } = await recording(await standIn(there), { answerBytes: 9 });
    expect(await get("https://data.example/x")).toMatchObject({ status: 502 });
    expect(await filesOf(directory)).toEqual(["world.toml"]);
  });

  test("hands on what no folder can hold beside what it has", async () => {
    const { directory: there } = await miniWorld({});
    const { directory, get, recorder } = await recording(await standIn(there, () => text("here")));
    for (const path of ["a", "a/b", "?token=key"]) await get(`https://data.example/${path}`);
    expect(await filesOf(directory)).toEqual(["files/data.example/a", "world.toml"]);
    expect(recorder.notStored()).toEqual([
      { url: "https://data.example/?token=***", why: "`token` in its query looks like a credential" },
      { url: "https://data.example/a/b", why: "https://data.example/a is a file here, and cannot be a folder too" },
    ]);
  });

  test("keeps a ref with its tree, once for all addresses, and knows HEAD by its name", async () => {
    const { directory: there, revisions } = await miniWorld({ "tools/greeter": GREETER });
    const internet = await standIn(there);
    const { directory, get } = await recording(internet);
    const revision = revisions["tools/greeter main"] ?? "";
    expect(JSON.parse((await get("https://api.github.com/repos/tools/greeter/commits/HEAD")).body.toString())).toMatchObject({
      sha: revision,
    });
    await internet.close();
    const archives = [
      `github.com/tools/greeter/archive/${revision}.tar.gz`,
      `api.github.com/repos/tools/Greeter/tarball/${revision}`,
    ];
    for (const url of archives) expect((await get(`https://${url}`)).status).toBe(200);
    expect(await readFile(join(directory, "github/tools/greeter/refs.toml"), "utf8")).toBe(
      `# What was not asked for while this was recorded is not known here.\nrecorded = true\ndefault = "main"\n[refs]\n"main" = "${revision}"\n`,
    );
    expect(await checkWorld(directory)).toMatchObject({ problems: [] });
  });

  test("leaves a repository that was written by hand as it is", async () => {
    const { directory: there } = await miniWorld({ "tools/greeter": GREETER });
    const { directory } = await miniWorld({ "tools/greeter": { default: "old", refs: { old: { a: "a" } } } });
    const before = listingHash(await listTree(directory));
    const { get } = await recording(await standIn(there), {}, directory);
    expect((await get("https://api.github.com/repos/tools/greeter/commits/main")).status).toBe(404);
    expect(listingHash(await listTree(directory))).toBe(before);
  });

  test("counts a Git repository among all that one recording may store", async () => {
    const { directory: there } = await miniWorld(
      {},
      { "git/git.example/a/world-git.toml": 'default = "trunk"\n', "git/git.example/a/README": "x\n" },
    );
    const { directory, get } = await recording(await standIn(there), { totalBytes: 10 });
    expect((await get("https://git.example/a.git/info/refs?service=git-upload-pack")).status).toBe(507);
    expect(await filesOf(directory)).toEqual(["world.toml"]);
  });

  test("keeps a Git repository as a bundle, the same bytes each time, from which git clones again", async () => {
    const { directory: there } = await miniWorld(
      {},
      {
        "git/git.example/a/world-git.toml": 'default = "trunk"\ntags = ["v1"]\n',
        "git/git.example/a/README": "x\n",
      },
    );
    const internet = await standIn(there);
    const [one, two] = [await recording(internet), await recording(internet)];
    for (const { get } of [one, two])
      expect((await get("https://git.example/a.git/info/refs?service=git-upload-pack")).status).toBe(200);
    expect(await filesOf(one.directory)).toEqual(["git/git.example/a.bundle", "world.toml"]);
    expect(listingHash(await listTree(one.directory))).toBe(listingHash(await listTree(two.directory)));
    await internet.close();
    const served = await serveWorld(one.directory, join(await temporaryFolder(), "private"));
    onTestFinished(() => served.close());
    const listed = await execute({
      argv: ["git", "ls-remote", "--symref", "https://git.example/a"],
      cwd: "/",
      env: { ...GIT_ENVIRONMENT, https_proxy: served.proxy, GIT_SSL_CAINFO: served.authorityFile },
      timeoutMs: 30_000,
    });
    expect(listed).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(
        /^ref: refs\/heads\/trunk\tHEAD\n(\w{40})\tHEAD\n\1\trefs\/heads\/trunk\n\1\trefs\/tags\/v1\n$/,
      ),
    });
  });
});
