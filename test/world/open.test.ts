import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { execute } from "../../src/system/process.ts";
import { resolveStorePath } from "../../src/system/store/store-path.ts";
import { WorldError } from "../../src/world/problem.ts";
import { miniWorld, WORLD_TOML } from "./mini-world.ts";
import { cannotRun, host, opened, PACKAGE_ROOT } from "./opened.ts";
import { type Entry, temporaryFolder, temporaryTree, writeTree } from "./tree.ts";

const TOML = `${WORLD_TOML}provides = ["shell"]\nannounce = ["inputs available here: tools/greeter"]\n[host]\nsandbox_paths = ["/bin/sh", "/host/*"]\n`;

/** A flake with one function that makes a derivation out of a shell script. */
const GREETER = {
  "flake.nix": `{
    outputs = { self }: {
      lib.script = name: text: derivation { inherit name; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" text ]; };
      word = "hello";
    };
  }`,
};

const world = (
  more: Readonly<Record<string, Entry>> = {},
): Promise<{ directory: string; revisions: Readonly<Record<string, string>> }> =>
  miniWorld(
    {
      "tools/greeter": {
        default: "main",
        complete: true,
        refs: { main: GREETER, "release/1.0": { "flake.nix": '{ outputs = { self }: { word = "older"; }; }' } },
      },
    },
    { "world.toml": TOML, ...more },
  );

const flake = (inputs: string, script: string): string => `{
  inputs = { ${inputs} };
  outputs = { self, greeter, ... }@inputs: { packages.${host.system}.default = greeter.lib.script "greeting" ''${script}''; inherit inputs; };
}`;

const GITHUB = 'greeter.url = "github:tools/greeter";';

describe.skipIf(cannotRun !== undefined)("openWorld, with real Nix", () => {
  test("says what it is", async () => {
    const { directory } = await world();
    const { world: open } = await opened(directory);
    expect(open).toMatchObject({
      name: "mini",
      directory,
      provides: ["shell"],
      announce: ["inputs available here: tools/greeter"],
    });
    expect(open.environment).toMatchObject({ kind: "world", nixVersion: host.nix?.version, missing: undefined });
    expect(open.environment.label).toBe(`mini sha256:${open.hash} (toolchain sha256:${open.toolchain})`);
  });

  test("locks github inputs and builds with them", async () => {
    const { directory, revisions } = await world();
    const { world: open, cwd, nix } = await opened(directory);
    const inputs = `${GITHUB} old.url = "github:TOOLS/Greeter/release/1.0"; coded.url = "github:tools/greeter/release%2F1.0"; known.url = "flake:greeter";`;
    await writeTree(cwd, { "flake.nix": flake(inputs, `echo \${greeter.word} \${inputs.old.word} > $out`) });
    expect(await nix("flake", "lock")).toMatchObject({ exit: 0 });
    const lock: unknown = JSON.parse(await readFile(join(cwd, "flake.lock"), "utf8"));
    const node = (rev: string | undefined): unknown => ({
      locked: { type: "github", rev, narHash: expect.stringMatching(/^sha256-/), lastModified: 1_762_000_000 },
    });
    expect(lock).toMatchObject({
      nodes: {
        greeter: node(revisions["tools/greeter main"]),
        old: node(revisions["tools/greeter release/1.0"]),
        coded: node(revisions["tools/greeter release/1.0"]),
        known: node(revisions["tools/greeter main"]),
      },
    });
    const built = await nix("build", "--no-link", "--print-out-paths", "--no-update-lock-file");
    expect(built).toMatchObject({ exit: 0 });
    expect(await readFile(open.environment.hostPath(built.stdout.trim()), "utf8")).toBe("hello older\n");
    expect(open.environment.misses()).toEqual([]);
  });

  test("gives a packed tree the hash that it has on disk", async () => {
    const { directory, revisions } = await world();
    const { nix, cwd } = await opened(directory);
    await writeTree(cwd, { "flake.nix": flake(GITHUB, ":") });
    const metadata = await nix("flake", "metadata", "--json", "github:tools/greeter");
    await writeTree(cwd, GREETER);
    const onDisk = await nix("hash", "path", cwd);
    expect(JSON.parse(metadata.stdout)).toMatchObject({
      locked: { narHash: onDisk.stdout.trim(), rev: revisions["tools/greeter main"] },
    });
  });

  test("does not know what the world lacks, in the service's own words", async () => {
    const { directory } = await world();
    const { world: open, nix } = await opened(directory);
    const repository = await nix("flake", "metadata", "github:tools/nothing");
    const ref = await nix("flake", "metadata", "github:tools/greeter/nowhere");
    expect([repository.exit, ref.exit]).toEqual([1, 1]);
    expect(repository.stderr).toContain(
      "unable to download 'https://api.github.com/repos/tools/nothing/commits/HEAD': HTTP error 404",
    );
    expect(ref.stderr).toContain(
      "unable to download 'https://api.github.com/repos/tools/greeter/commits/nowhere': HTTP error 422",
    );
    expect(open.environment.misses().map(({ url, status }) => [url, status])).toEqual([
      ["https://api.github.com/repos/tools/nothing/commits/HEAD", 404],
      ["https://api.github.com/repos/tools/greeter/commits/nowhere", 422],
    ]);
  });

  test("lets fixed-output builds fetch, and no other build", async () => {
    const { directory } = await world({ "files/data.example/x": "content\n" });
    const { world: open, cwd, nix } = await opened(directory);
    const fetch = "/host/root/usr/bin/curl -sS https://data.example/x -o $out";
    const fixed = (hash: string): string => `derivation {
      name = "fetched"; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" "${fetch}" ];
      impureEnvVars = [ "https_proxy" "CURL_CA_BUNDLE" ];
      ${hash === "" ? "" : `outputHashMode = "flat"; outputHash = "${hash}";`}
    }`;
    await writeTree(cwd, {
      "fixed.nix": fixed(`sha256-${"A".repeat(43)}=`),
      "free.nix": fixed(""),
    });
    const mismatch = await nix("build", "--no-link", "-f", "fixed.nix");
    const got = /got:\s+(sha256-\S+)/.exec(mismatch.stderr)?.[1] ?? "";
    expect(got).toBe(`sha256-${createHash("sha256").update("content\n").digest("base64")}`);
    await writeFile(join(cwd, "fixed.nix"), fixed(got));
    expect(await nix("build", "--no-link", "-f", "fixed.nix")).toMatchObject({ exit: 0 });
    expect((await nix("build", "--no-link", "-L", "-f", "free.nix")).stderr).toMatch(/Could not resolve host|Couldn't connect/);
    expect(open.environment.misses()).toEqual([]);
  });

  test("lets git fetch inside", async () => {
    const { directory } = await world({ "git/git.example/a/b/world-git.toml": "", "git/git.example/a/b/README": "x" });
    const { cwd, run } = await opened(directory);
    expect(await run(["git", "clone", "-q", "https://git.example/a/b", "out"])).toMatchObject({ exit: 0, stderr: "" });
    expect(await readdir(join(cwd, "out"))).toEqual([".git", "README"]);
  });

  test.skipIf(host.sandboxPaths["/host/rust"] === undefined)("lets cargo resolve and fetch from the sparse index", async () => {
    const crate = (name: string, more = ""): Record<string, Entry> => ({
      [`crates/${name}-1.2.0/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "1.2.0"\nedition = "2021"\n${more}`,
      [`crates/${name}-1.2.0/src/lib.rs`]: "",
    });
    const { directory } = await world({
      ...crate("gadget", '[features]\ndefault = []\nextra = ["dep:part"]\n[dependencies.part]\nversion = "1"\noptional = true\n'),
      ...crate("part"),
      ...crate("unused"),
    });
    const { world: open, cwd, run } = await opened(directory);
    await writeTree(cwd, {
      "Cargo.toml":
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ngadget = { version = "1", features = ["extra"] }\n',
      "src/main.rs": "fn main() {}\n",
    });
    const cargo = (...args: string[]): ReturnType<typeof run> =>
      run(["/host/rust/bin/cargo", ...args], { env: { RUSTC: "/host/rust/bin/rustc" } });
    expect(await cargo("generate-lockfile")).toMatchObject({ exit: 0 });
    const lock = await readFile(join(cwd, "Cargo.lock"), "utf8");
    expect([...lock.matchAll(/^name = "(.*)"$/gm)].map(([, name]) => name)).toEqual(["app", "gadget", "part"]);
    expect(await cargo("fetch", "--locked")).toMatchObject({ exit: 0 });
    expect(open.environment.misses()).toEqual([]);
  });

  test("refuses import from derivation unless it is asked for", async () => {
    const { directory } = await world();
    const importing = `{ x = import (derivation { name = "made"; system = "${host.system}"; builder = "/bin/sh"; args = [ "-c" "echo 42 > $out" ]; }); }`;
    const outcomes = [];
    for (const allowImportFromDerivation of [false, true]) {
      const { cwd, nix } = await opened(directory, { allowImportFromDerivation });
      await writeTree(cwd, { "x.nix": importing });
      const { exit, stdout, stderr } = await nix("eval", "-f", "x.nix", "x");
      outcomes.push([exit, stdout.trim(), stderr.includes("'allow-import-from-derivation' is disabled")]);
    }
    expect(outcomes).toEqual([
      [1, "", true],
      [0, "42", false],
    ]);
  });

  test("does not take settings from a flake", async () => {
    const { directory } = await world();
    const { cwd, nix } = await opened(directory);
    await writeTree(cwd, {
      "flake.nix": `{ nixConfig.sandbox = false; ${flake(GITHUB, "test -e /etc/alternatives && echo out > $out || echo in > $out").slice(1)}`,
    });
    const built = await nix("build", "--no-link", "-L", "--print-out-paths");
    expect(built.stderr).toContain("ignoring untrusted flake configuration setting 'sandbox'");
    expect((await nix("eval", "--raw", "--impure", "--expr", `builtins.readFile "${built.stdout.trim()}"`)).stdout).toBe("in\n");
  });

  test("shares one store root between two processes", async () => {
    const { directory } = await world();
    const storeRoot = join(await temporaryFolder(), "root");
    const [one, two] = await Promise.all([opened(directory, { storeRoot }), opened(directory, { storeRoot })]);
    const slow = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo $i > $out";
    const built = await Promise.all(
      [one, two].map(async ({ cwd, nix }) => {
        await writeTree(cwd, { "flake.nix": flake(GITHUB, slow) });
        return nix("build", "--no-link", "--print-out-paths");
      }),
    );
    expect(built.map(({ stderr }) => stderr.match(/^error.*/ms)?.[0])).toEqual([undefined, undefined]);
    const out = built[0]?.stdout.trim() ?? "";
    expect(built).toMatchObject([{ exit: 0 }, { exit: 0, stdout: `${out}\n` }]);
    expect(await readFile(join(storeRoot, out), "utf8")).toBe("30000\n");
  });

  test("finds what an output's links lead to", async () => {
    const { directory } = await world();
    const { world: open, cwd, nix } = await opened(directory);
    const script = [
      "PATH=/host/root/usr/bin; mkdir -p $out/bin; echo hi > $out/real",
      "ln -s $out/real $out/bin/absolute; ln -s ../real $out/bin/relative; ln -s $out/bin $out/sbin",
      "ln -s /etc/passwd $out/bin/outside; ln -s loop $out/loop; exit 0",
    ].join("\n");
    await writeTree(cwd, { "flake.nix": flake(GITHUB, script) });
    const built = await nix("build", "--no-link", "--print-out-paths");
    expect(built.stderr).not.toContain("error");
    const out = built.stdout.trim();
    const resolve = (path: string): Promise<string | undefined> => resolveStorePath(open.environment, path);
    expect(await resolve(`${out}/sbin/absolute`)).toBe(`${out}/real`);
    expect(await resolve(`${out}/bin/relative`)).toBe(`${out}/real`);
    expect(await resolve(`${out}/bin/outside`)).toBeUndefined();
    expect(await resolve(`${out}/bin/missing`)).toBeUndefined();
    expect(await resolve(`${out}/loop`)).toBeUndefined();
    expect(await resolve(`${out}/../../../etc/passwd`)).toBeUndefined();
    expect(await readFile(open.environment.hostPath(`${out}/real`), "utf8")).toBe("hi\n");
  });

  test("sees a shared clone's borrowed objects, and no more of the checkout", async () => {
    const { directory } = await world();
    const { cwd, run } = await opened(directory);
    const checkout = await temporaryFolder("crq checkout ");
    const copy = join(cwd, "copy");
    await writeTree(checkout, { "flake.nix": flake(GITHUB, "echo hi > $out"), secret: "x" });
    const prepare = async (...args: string[]): Promise<void> => {
      const done = await run(["git", "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
        cwd: checkout,
        writable: [checkout],
      });
      expect(done).toMatchObject({ exit: 0 });
    };
    await prepare("init", "-q");
    await prepare("add", "flake.nix");
    await prepare("commit", "-qm", "x");
    await prepare("clone", "-q", "--shared", checkout, copy);
    expect((await run(["git", "log", "--format=%s"], { cwd: copy })).stdout).toBe("x\n");
    expect((await run(["cat", join(checkout, "secret")], { cwd: copy })).stderr).toContain("No such file or directory");
    expect(await run(["nix", "flake", "lock"], { cwd: copy })).toMatchObject({ exit: 0 });
    expect(await run(["nix", "build", "--no-link"], { cwd: copy })).toMatchObject({ exit: 0 });
  });
});

describe.skipIf(cannotRun !== undefined)("openWorld refuses", () => {
  const refusal = async (attempt: Promise<unknown>): Promise<unknown> => {
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof WorldError)) throw error;
    return [error.kind, error.problems];
  };

  test("a folder that is no good world, with all its problems", async () => {
    const { directory } = await world({ "github/tools/greeter/new/x": "", "stray/x": "" });
    expect(await refusal(opened(directory))).toEqual([
      "content",
      [
        {
          file: join(directory, "stray"),
          message: "no folder that a world has",
          next: "move it out, or below one of github, crates, git, files",
        },
        {
          file: join(directory, "github/tools/greeter/new"),
          message: "is not named by a revision (40 hex digits)",
          next: "run `evals world seal` on this world",
        },
      ],
    ]);
  });

  test("a machine without what the world builds with", async () => {
    const { directory } = await world({
      "world.toml": `${WORLD_TOML}[host]\ntools = ["rustc", "fortran"]\nsandbox_paths = ["/host/none"]\n`,
    });
    const next = "run `sh scripts/setup.sh` in a clone: it unpacks what offline worlds build with";
    const file = join(directory, "world.toml");
    expect(await refusal(opened(directory))).toEqual([
      "host",
      [{ file, message: "this machine lacks what the world builds with: what is to be seen at /host/none, fortran", next }],
    ]);
  });

  test("a machine without Nix or bubblewrap, with the command that installs them", async () => {
    const { directory } = await world({ "world.toml": WORLD_TOML });
    expect(await refusal(opened(directory, { host: { ...host, nix: undefined, bwrap: undefined } }))).toMatchObject([
      "host",
      [
        {
          message: "this world cannot be served here: Nix is missing",
          next: expect.stringContaining("curl -L https://nixos.org/nix/install | sh"),
        },
        {
          message: "this world cannot be served here: bubblewrap is missing",
          next: expect.stringContaining("apt install bubblewrap"),
        },
      ],
    ]);
  });

  test("a disk without room", async () => {
    const { directory } = await world();
    expect(await refusal(opened(directory, { leastFreeBytes: 2 ** 60 }))).toMatchObject([
      "disk",
      [
        {
          message: expect.stringMatching(/^no room for a Nix store in .*: \d+ MB are free, 1099511627776 MB are needed$/),
          next: expect.stringContaining("XDG_CACHE_HOME"),
        },
      ],
    ]);
  });

  test("a disk that is full before the store is made", async () => {
    const { directory } = await world({ "world.toml": WORLD_TOML });
    const place = await temporaryTree({ "small/.keep": "" });
    const small = join(place, "small");
    // A file system of 64 kB, in a namespace of its own.
    const mounts = ["--unshare-user", "--dev-bind", "/", "/", "--size", "65536", "--tmpfs", small];
    const done = await execute({
      argv: [
        host.bwrap ?? "",
        ...mounts,
        "--",
        process.execPath,
        join(import.meta.dirname, "open-inside.ts"),
        directory,
        small,
        PACKAGE_ROOT,
      ],
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      timeoutMs: 60_000,
    });
    expect([done.exit, done.stdout]).toEqual([3, ""]);
    expect(done.stderr).toMatch(/^disk: .*: no room for a Nix store in .*; next: free some space, or name another cache folder/m);
  });
});
