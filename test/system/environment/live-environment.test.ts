import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ExecutionEnvironment } from "../../../src/system/environment/execution-environment.ts";
import { type LiveOptions, openLiveEnvironment } from "../../../src/system/environment/live-environment.ts";
import { execute, type Finished } from "../../../src/system/process.ts";
import { loadContent } from "../../../src/world/content/content.ts";
import { startMirror } from "../../../src/world/mirror/mirror.ts";
import { routes } from "../../../src/world/mirror/routes.ts";
import { miniWorld } from "../../world/mini-world.ts";
import { cannotRun, host } from "../../world/opened.ts";
import { temporaryFolder, temporaryTree, writeTree } from "../../world/tree.ts";

/** As on a machine where somebody installed Nix. */
const withSystemNix = (version: string): typeof host => ({ ...host, systemNix: { bin: "/n/bin", version, private: false } });

async function live(options: Partial<LiveOptions> = {}): Promise<ExecutionEnvironment & { readonly session: string }> {
  const base = await temporaryFolder("crq live ");
  const session = join(base, "session");
  onTestFinished(async () => {
    await execute({ argv: ["chmod", "-R", "u+w", base], cwd: "/", env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60_000 });
  });
  const environment = await openLiveEnvironment({
    host: { ...host, systemNix: undefined },
    cacheRoot: join(base, "cache"),
    session,
    person: {},
    ...options,
  });
  return { ...environment, session };
}

const run = (environment: ExecutionEnvironment, cwd: string, ...argv: string[]): Promise<Finished> =>
  execute({ argv: environment.wrap(argv, { cwd, writable: [cwd] }), cwd, env: environment.variables, timeoutMs: 60_000 });

describe("what is taken from the person", () => {
  test("proxies and the certificate file, and nothing else", async () => {
    const certificates = await temporaryTree({ "my ca.pem": "x" });
    const { variables, session } = await live({
      host: withSystemNix("2.34.8"),
      person: {
        OPENAI_API_KEY: "sk-secret",
        NIX_CONFIG: "sandbox = false",
        NIX_PATH: "nixpkgs=/evil",
        GIT_DIR: "/evil",
        SSH_AUTH_SOCK: "/run/agent",
        LD_PRELOAD: "/evil.so",
        PATH: "/evil",
        HOME: "/home/person",
        https_proxy: "http://proxy.example:3128",
        NO_PROXY: "localhost",
        http_proxy: "",
        SSL_CERT_FILE: join(certificates, "my ca.pem"),
      },
    });
    const certificate = join(certificates, "my ca.pem");
    expect(variables).toEqual({
      PATH: `/n/bin:${join(session, "bin")}`,
      HOME: join(session, "home"),
      XDG_CONFIG_HOME: join(session, "config"),
      XDG_CACHE_HOME: join(session, "cache"),
      XDG_DATA_HOME: join(session, "data"),
      XDG_STATE_HOME: join(session, "state"),
      TMPDIR: join(session, "tmp"),
      NIX_CONF_DIR: join(session, "nix"),
      LANG: "C.UTF-8",
      TZ: "UTC",
      TERM: "dumb",
      NO_COLOR: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_TERMINAL_PROMPT: "0",
      https_proxy: "http://proxy.example:3128",
      NO_PROXY: "localhost",
      NIX_SSL_CERT_FILE: certificate,
      SSL_CERT_FILE: certificate,
      GIT_SSL_CAINFO: certificate,
      CURL_CA_BUNDLE: certificate,
      CARGO_HTTP_CAINFO: certificate,
    });
  });
});

describe("the machine's own Nix", () => {
  test("keeps its settings and gets ours after them", async () => {
    const environment = await live({ host: withSystemNix("2.34.8") });
    expect(environment).toMatchObject({
      kind: "live",
      label: "live",
      nixBin: "/n/bin",
      nixVersion: "2.34.8",
      missing: undefined,
    });
    const lines = (await readFile(join(environment.session, "nix/nix.conf"), "utf8")).trim().split("\n");
    expect(lines[0]).toBe("!include /etc/nix/nix.conf");
    expect(lines).toEqual(
      expect.arrayContaining([
        "experimental-features = nix-command flakes",
        "accept-flake-config = false",
        "allow-import-from-derivation = false",
      ]),
    );
    expect(environment.wrap(["nix", "build"], { cwd: "/x", writable: [] })).toEqual(["nix", "build"]);
    expect(environment.hostPath("/nix/store/x")).toBe("/nix/store/x");
    expect(environment.misses()).toEqual([]);
  });

  test("that is too old is missing, with the next move", async () => {
    const environment = await live({ host: withSystemNix("2.8.0") });
    expect(environment).toMatchObject({ nixBin: undefined, nixVersion: "2.8.0" });
    expect(environment.missing).toMatch(/^Nix 2\.8\.0 in \/n\/bin is too old, 2\.19 is needed; next: /);
    expect(environment.confine(["x"], { cwd: "/", writable: [] })).toBe(environment.missing);
  });

  test("without bubblewrap, programs cannot be confined", async () => {
    const environment = await live({
      host: { ...withSystemNix("2.34.8"), bwrap: undefined },
    });
    expect(environment.confine(["x"], { cwd: "/x", writable: [] })).toMatch(
      /^bubblewrap is missing; next: install it \(`apt install bubblewrap`/,
    );
  });
});

describe.skipIf(cannotRun !== undefined || host.nix?.private !== true)(
  "the private Nix, on a machine without one of its own",
  () => {
    /** A network of a proxy alone, as in many companies; without it Nix would wait for a cache that a test must not reach. */
    async function behindProxy(options: Partial<LiveOptions> = {}): ReturnType<typeof live> {
      const { directory } = await miniWorld({
        "o/r": { default: "main", refs: { main: { "flake.nix": '{ outputs = _: { word = "hello"; }; }' } } },
      });
      const { content } = await loadContent(directory);
      if (!content) throw new Error("no world");
      const mirror = await startMirror(routes(content, undefined));
      onTestFinished(() => mirror.close());
      const certificates = await temporaryFolder("crq certificates ");
      await writeFile(join(certificates, "ca.pem"), mirror.authority);
      return live({ person: { https_proxy: mirror.proxy, NIX_SSL_CERT_FILE: join(certificates, "ca.pem") }, ...options });
    }

    test("builds in a store below the cache, with real paths", async () => {
      const environment = await behindProxy();
      expect(environment).toMatchObject({ kind: "live", nixVersion: host.nix?.version, missing: undefined });
      const cwd = await temporaryTree({
        "x.nix": `derivation { name = "x"; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" "echo out > $out" ]; }`,
      });
      const built = await run(environment, cwd, "nix", "build", "--no-link", "--print-out-paths", "-f", "x.nix");
      expect(built).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\/nix\/store\/.*-x\n$/) });
      expect(await readFile(environment.hostPath(built.stdout.trim()), "utf8")).toBe("out\n");
      const again = await behindProxy({ cacheRoot: join(environment.hostPath("/nix"), "../../..") });
      expect(await readFile(again.hostPath(built.stdout.trim()), "utf8")).toBe("out\n");
    });

    test("reaches the network through the person's proxy and certificates", async () => {
      const environment = await behindProxy();
      const cwd = await temporaryFolder();
      expect((await run(environment, cwd, "nix", "eval", "--raw", "github:o/r#word")).stdout).toBe("hello");
    });

    test("confines programs with the store and a shell", async () => {
      const environment = await behindProxy();
      const cwd = await temporaryFolder();
      await writeTree(cwd, {
        "s.nix": `derivation { name = "s"; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" "echo 'echo $HOME' > $out" ]; }`,
      });
      const out = (await run(environment, cwd, "nix", "build", "--no-link", "--print-out-paths", "-f", "s.nix")).stdout.trim();
      const argv = environment.confine(["/bin/sh", out], { cwd, writable: [] });
      expect(argv).not.toBeTypeOf("string");
      const ran = await execute({ argv: typeof argv === "string" ? [] : argv, cwd, env: {}, timeoutMs: 10_000 });
      expect(ran).toMatchObject({ exit: 0, stdout: "/homeless\n" });
    });
  },
);
