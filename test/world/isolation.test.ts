import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Places } from "../../src/system/environment/execution-environment.ts";
import { execute, type Finished } from "../../src/system/process.ts";
import type { World } from "../../src/world/world.ts";
import { miniWorld, WORLD_TOML } from "./mini-world.ts";
import { cannotRun, host, opened } from "./opened.ts";
import { temporaryTree, writeTree } from "./tree.ts";

const TOML = `${WORLD_TOML}[host]\nsandbox_paths = ["/bin/sh", "/host/root"]\n`;

/** A program in the store that needs nothing but the store: the static shell, copied in by a build. */
async function storeShell({ cwd, nix }: Awaited<ReturnType<typeof opened>>): Promise<string> {
  const copy = "/host/root/usr/bin/cp /bin/sh $out; exit 0";
  await writeTree(cwd, {
    "shell.nix": `derivation { name = "shell"; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" "${copy}" ]; }`,
  });
  return (await nix("build", "--no-link", "--print-out-paths", "-f", "shell.nix")).stdout.trim();
}

describe.skipIf(cannotRun !== undefined)("wrap", () => {
  const script = async (text: string): Promise<Finished> => {
    const { directory } = await miniWorld({}, { "world.toml": TOML });
    const { run } = await opened(directory);
    return run(["/bin/sh", "-c", text]);
  };

  test("shows no home, no account and no file of the person", async () => {
    const secret = await temporaryTree({ secret: "x" });
    const seen = await script(
      `cat /etc/passwd; ls -d ${homedir()}/.[a-z]* /etc/shadow ${secret}; env | cut -d= -f1 | sort | tr '\\n' ' '`,
    );
    expect(seen.stdout.split("\n")).toEqual([
      "root:x:0:0::/:/noshell",
      "user:x:1000:100::/:/noshell",
      "nobody:x:65534:65534::/:/noshell",
      // Nothing is found of what ls was asked for; the variables follow.
      "CARGO_HTTP_CAINFO CURL_CA_BUNDLE GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_SSL_CAINFO GIT_TERMINAL_PROMPT HOME LANG NIX_CONF_DIR " +
        "NIX_SSL_CERT_FILE NO_COLOR PATH PWD SSL_CERT_FILE TERM TMPDIR TZ XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME " +
        "http_proxy https_proxy ",
    ]);
  });

  test("gives no capability, and no way to make a read-only folder writable", async () => {
    const mount = `"${host.mount}" -o remount,rw,bind`;
    const written = `/usr/crq-test-${process.pid}`;
    onTestFinished(() => rm(written, { force: true }));
    const tried = await script(
      `cat /proc/self/status | while read -r line; do case $line in CapEff*|NoNewPrivs*) echo $line;; esac; done; ${mount} /usr; ${mount} /; touch ${written} "${host.nix?.bin}/x"; echo end`,
    );
    expect(tried.stdout).toBe("CapEff: 0000000000000000\nNoNewPrivs: 1\nend\n");
    expect(tried.stderr.match(/Read-only file system/g)).toHaveLength(2);
    await expect(stat(written)).rejects.toThrow("ENOENT");
  });

  test("writes nowhere but in the named places, its own folders and /tmp", async () => {
    const { directory } = await miniWorld({}, { "world.toml": TOML });
    const { run, cwd } = await opened(directory);
    const readOnly = await temporaryTree({ inner: "x" });
    const tried = await run(
      [
        "/bin/sh",
        "-c",
        `echo 1 > "$HOME/a"; echo 2 > $TMPDIR/b; echo 3 > ${cwd}/c; echo 4 > ${readOnly}/d; cat "$HOME/a" $TMPDIR/b`,
      ],
      {
        cwd: readOnly,
      },
    );
    expect([tried.stdout, tried.stderr]).toEqual(["1\n2\n", expect.stringContaining("Read-only file system")]);
    expect(await readFile(join(cwd, "c"), "utf8")).toBe("3\n");
    await expect(stat("/tmp/b")).rejects.toThrow("ENOENT");
  });
});

describe.skipIf(cannotRun !== undefined)("confine", () => {
  interface Confined {
    readonly world: World;
    readonly cwd: string;
    readonly shell: string;
    run(text: string, places?: Partial<Places>): Promise<Finished>;
  }

  async function confined(): Promise<Confined> {
    const { directory } = await miniWorld({}, { "world.toml": TOML });
    const open = await opened(directory);
    const shell = await storeShell(open);
    const { world, cwd } = open;
    const run = (text: string, places: Partial<Places> = {}): Promise<Finished> => {
      const at = { cwd, writable: [], ...places };
      const argv = world.environment.confine([shell, "-c", text], at);
      if (typeof argv === "string") throw new Error(argv);
      return execute({ argv, cwd: at.cwd, env: { SECRET: "key", PATH: "/usr/bin:/bin" }, timeoutMs: 20_000 });
    };
    return { world, cwd, shell, run };
  }

  test("runs a program from the store with nothing of this machine", async () => {
    const { run, cwd, shell } = await confined();
    const seen = await run("echo /* /nix/* /nix/store/*shell /etc/*; echo $UID $HOME $PWD; export -p");
    expect(seen.stderr).toBe("");
    const [folders, person, ...variables] = seen.stdout.trim().split("\n");
    // Parents of the working folder are there, empty but for it.
    const parents = [...new Set(["dev", "nix", "proc", "tmp", cwd.split("/")[1]])].sort().map((name) => `/${name}`);
    expect(folders).toBe([...parents, "/nix/store", shell, "/etc/*"].join(" "));
    expect(person).toBe(`65534 /homeless ${cwd}`);
    const names = variables.map((line) => /^declare -x (\w+)/.exec(line)?.[1]);
    expect(names).toEqual(["HOME", "LANG", "NO_COLOR", "OLDPWD", "PWD", "SHLVL", "TERM", "TMPDIR", "TZ"]);
    expect(seen.stdout).not.toContain("key");
  });

  test("has no network, the loopback device of this machine included", async () => {
    const { run } = await confined();
    const server = createServer((_, response) => response.end("reached")).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const tried = await run(`exec 3<>/dev/tcp/127.0.0.1/${port} && echo open`);
    expect([tried.stdout, tried.stderr]).toEqual(["", expect.stringContaining("Connection refused")]);
    const open = await execute({
      argv: [host.shell ?? "", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port} && echo open`],
      cwd: "/",
      env: {},
      timeoutMs: 5_000,
    });
    expect(open.stdout).toBe("open\n");
  });

  test("writes in /tmp, which is gone afterwards, and in the named places only", async () => {
    const { run, cwd, shell } = await confined();
    const place = await temporaryTree({});
    const tried = await run(
      `echo 1 > /tmp/crq-a && echo tmp; echo 2 > ${cwd}/b && echo cwd; echo 3 > ${place}/c && echo place; echo 4 > ${shell}x && echo store; echo 5 > /d && echo root`,
      { writable: [place] },
    );
    expect(tried.stdout).toBe("tmp\nplace\n");
    await expect(stat("/tmp/crq-a")).rejects.toThrow("ENOENT");
    await writeFile(join(cwd, "given"), "readable\n");
    expect((await run("read -r line < given; echo $line")).stdout).toBe("readable\n");
  });

  test("does not see this machine's processes", async () => {
    const { run } = await confined();
    const seen = (await run("echo /proc/[0-9]*")).stdout.trim().split(" ");
    expect(seen.length).toBeLessThanOrEqual(3);
    expect(seen).not.toContain(`/proc/${process.pid}`);
  });

  test("says why it cannot, with the next move", async () => {
    const { openLiveEnvironment } = await import("../../src/system/environment/live-environment.ts");
    const folder = await temporaryTree({});
    const environment = await openLiveEnvironment({
      host: { ...host, nix: undefined },
      cacheRoot: folder,
      session: folder,
      person: {},
    });
    expect(environment.confine(["x"], { cwd: "/", writable: [] })).toMatch(/^Nix is missing; next: install it with/);
  });
});
