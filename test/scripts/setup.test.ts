import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";

const project = join(import.meta.dirname, "..", "..");
const hostFile = join(project, ".prefix", "host.json");

const scratch: string[] = [];
afterEach(() => {
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A clone of nothing but the set-up, in a folder whose name would break careless quoting. */
function bareClone(): string {
  const clone = join(mkdtempSync(join(tmpdir(), "setup-")), "it's a clone");
  scratch.push(join(clone, ".."));
  mkdirSync(clone);
  cpSync(join(project, "scripts", "setup.sh"), join(clone, "scripts", "setup.sh"));
  cpSync(join(project, "scripts", "setup"), join(clone, "scripts", "setup"), { recursive: true });
  return clone;
}

const ordinaryTools =
  "awk cat cksum cut date df dirname find grep head id kill ln ls mkdir mv nproc readlink rm rmdir sed sh sha256sum sleep sort stat tar tr uname xargs";

/** A folder for PATH that has the ordinary tools, and scripts of the given names and texts. */
function pathWith(clone: string, scripts: Record<string, string>): string {
  const folder = join(clone, "bin");
  mkdirSync(folder);
  for (const tool of ordinaryTools.split(" ")) {
    const place = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    if (place.startsWith("/")) symlinkSync(place, join(folder, tool));
  }
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function setUp(clone: string, path: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync("/bin/sh", [join(clone, "scripts", "setup.sh"), ...args], {
    encoding: "utf8",
    env: { PATH: path },
  });
  return { status, stdout, stderr };
}

const failingApt = { "apt-get": "echo 'E: no such address' >&2; exit 100", "dpkg-deb": "exit 1" };
const shellFiles = [
  "setup.sh",
  ...readdirSync(join(project, "scripts", "setup"), { encoding: "utf8" }).map((name) => `setup/${name}`),
]
  .filter((name) => name.endsWith(".sh"))
  .map((name) => join("scripts", name));

describe("the scripts", () => {
  test.each(shellFiles)("%s parses", (file) => {
    expect(spawnSync("/bin/sh", ["-n", join(project, file)], { encoding: "utf8" }).stderr).toBe("");
  });

  test.skipIf(spawnSync("shellcheck", ["--version"]).status !== 0)("are clean for shellcheck", () => {
    expect(spawnSync("shellcheck", ["-x", "scripts/setup.sh"], { cwd: project, encoding: "utf8" }).stdout).toBe("");
  });

  test("refuse arguments they do not know", () => {
    expect(setUp(bareClone(), process.env.PATH ?? "", "--only", "world")).toEqual({
      status: 2,
      stdout: "",
      stderr: "setup: --only takes npm or prefix, not 'world'\n",
    });
  });
});

describe("what another clone lends by a link", () => {
  test("is left as it is, and said", () => {
    const clone = bareClone();
    const lent = join(clone, "..", "lent");
    mkdirSync(lent);
    writeFileSync(join(lent, "host.json"), "of another clone\n");
    for (const part of ["node_modules", ".prefix"]) symlinkSync(lent, join(clone, part));
    expect(setUp(clone, process.env.PATH ?? "", "--slow-test")).toEqual({
      status: 0,
      stdout: "",
      stderr: ["node_modules", ".prefix"]
        .map(
          (part) =>
            `setup: ${part} is a link to ${lent}, which is left as it is; run the set-up of the clone that it belongs to\n`,
        )
        .join(""),
    });
    expect([readdirSync(lent), readFileSync(join(lent, "host.json"), "utf8")]).toEqual([["host.json"], "of another clone\n"]);
  });
});

describe("the npm packages", () => {
  test("are locked without a registry's address", () => {
    const lock = readFileSync(join(project, "package-lock.json"), "utf8");
    expect({ addresses: lock.match(/"resolved"/g), kept: readFileSync(join(project, ".npmrc"), "utf8") }).toEqual({
      addresses: null,
      kept: expect.stringContaining("omit-lockfile-registry-resolved=true\n"),
    });
  });

  const lockOf = (packages: Record<string, object>) => JSON.stringify({ packages: { "": { name: "x" }, ...packages } });
  const a = { version: "1.0.0", integrity: "sha512-a" };
  test.each([
    ["all there", { "node_modules/a": a }, { "node_modules/a": a }, 0],
    ["another version", { "node_modules/a": a }, { "node_modules/a": { ...a, version: "1.0.1" } }, 1],
    ["other contents", { "node_modules/a": a }, { "node_modules/a": { ...a, integrity: "sha512-b" } }, 1],
    ["one missing", { "node_modules/a": a }, {}, 1],
    ["one too many", {}, { "node_modules/a": a }, 1],
    ["one for another system missing", { "node_modules/a": { ...a, optional: true } }, {}, 0],
  ])("are made again unless installed as locked: %s", (_, locked, installed, exit) => {
    const clone = bareClone();
    writeFileSync(join(clone, "lock.json"), lockOf(locked));
    writeFileSync(join(clone, "installed.json"), lockOf(installed));
    const script = join(project, "scripts", "setup", "npm-installed.ts");
    expect(spawnSync(process.execPath, [script, "lock.json", "installed.json"], { cwd: clone }).status).toBe(exit);
  });
});

describe("the private prefix", () => {
  test("where there is no apt: says what is missing and how to get it, and does not fail", () => {
    const clone = bareClone();
    const result = setUp(clone, pathWith(clone, {}), "--only", "prefix");
    expect({ ...result, left: readdirSync(clone) }).toEqual({
      status: 0,
      stdout: "",
      stderr: [
        "setup: Nix 2.19 or newer could not be had (found: none): there is no apt-get and dpkg-deb here to unpack a private one with.",
        "setup: Install it with the official installer, then run the same command again:",
        "setup:   sh <(curl --proto '=https' --tlsv1.2 -L https://nixos.org/nix/install)",
        "setup: Everything that needs no Nix works without it; verdicts that need Nix say 'unavailable'.",
        "",
      ].join("\n"),
      left: ["bin", "scripts"],
    });
  });

  test("where there is no apt but a new Nix: uses it", () => {
    const clone = bareClone();
    const result = setUp(clone, pathWith(clone, { nix: "echo 'nix (Nix) 2.24.9'" }), "--only", "prefix");
    expect(result).toEqual({
      status: 0,
      stdout: "",
      stderr: [
        "setup: Nix 2.24.9 of this machine is used. The offline world (--world, the demo, evals) needs Debian's packages and could not be had:",
        "setup: there is no apt-get and dpkg-deb here. All else works, with live Nix.",
        "",
      ].join("\n"),
    });
  });

  test("where there is no apt and an old Nix: says which one it found", () => {
    const clone = bareClone();
    const { stderr } = setUp(clone, pathWith(clone, { nix: "echo 'nix (Nix) 2.8.0'" }), "--only", "prefix");
    expect(stderr).toContain("could not be had (found: 2.8.0)");
  });

  test("where apt fails: shows apt's message, does not fail, and leaves nothing that looks done", () => {
    const clone = bareClone();
    const path = pathWith(clone, {
      ...failingApt,
      "apt-get": `[ "$1" != indextargets ] || { echo 'Debian|http://127.0.0.1:9/debian/|bookworm|main'; exit 0; }; ${failingApt["apt-get"]}`,
    });
    const { status, stderr } = setUp(clone, path, "--only", "prefix");
    expect({
      status,
      said: stderr.includes("E: no such address"),
      left: readdirSync(clone),
      prefix: readdirSync(join(clone, ".prefix")),
    }).toEqual({
      status: 0,
      said: true,
      left: [".prefix", "bin", "scripts"],
      prefix: ["dev"],
    });
  });

  test("where the machine's sources name no Debian archive: says which variable names one", () => {
    const clone = bareClone();
    const { stderr } = setUp(clone, pathWith(clone, { ...failingApt, "apt-get": "exit 0" }), "--only", "prefix");
    expect(stderr).toContain("Set CRQ_AGENT_DEBIAN to the address of one that carries 'trixie'.");
  });

  test("waits for another set-up of the same clone", async () => {
    const clone = bareClone();
    const lock = join(clone, ".prefix.lock");
    mkdirSync(lock);
    writeFileSync(join(lock, "pid"), `${process.pid}\n`);
    const child = spawn("/bin/sh", [join(clone, "scripts", "setup.sh"), "--only", "prefix"], {
      env: { PATH: pathWith(clone, failingApt) },
    });
    let said = "";
    let unlocked = false;
    child.stderr.on("data", (chunk) => {
      said += String(chunk);
      if (!unlocked && said.includes("waiting for it")) {
        unlocked = true;
        rmSync(lock, { recursive: true });
      }
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, first: said.split("\n")[0], locked: existsSync(lock) }).toEqual({
      status: 0,
      first: `setup: another set-up of this clone is running (process ${process.pid}); waiting for it`,
      locked: false,
    });
  });

  test("takes over the lock of a set-up that was killed", () => {
    const clone = bareClone();
    const dead = spawnSync("/bin/sh", ["-c", "echo $$"], { encoding: "utf8" }).stdout;
    mkdirSync(join(clone, ".prefix.lock"));
    writeFileSync(join(clone, ".prefix.lock", "pid"), dead);
    const { status, stderr } = setUp(clone, pathWith(clone, failingApt), "--only", "prefix");
    expect({ status, waited: stderr.includes("waiting"), left: readdirSync(clone) }).toEqual({
      status: 0,
      waited: false,
      left: [".prefix", "bin", "scripts"],
    });
  });
});

describe.skipIf(!existsSync(hostFile))("the prefix of this clone", () => {
  const path = z.string().refine((place) => existsSync(place), "does not exist");
  const version = z.string().regex(/^\d+(\.\d+)+$/);
  const host = z.strictObject({
    schema: z.literal("crq-host/1"),
    system: z.enum(["x86_64-linux", "aarch64-linux"]),
    nix: z.strictObject({ bin: path, version, private: z.literal(true) }),
    systemNix: z.strictObject({ bin: path, version }).nullable(),
    bwrap: path,
    mount: path,
    shell: path,
    git: path.nullable(),
    sandboxPaths: z.record(z.string().startsWith("/"), path),
    toolchain: z.record(z.string(), version),
    libraries: z.record(z.string(), version),
    fingerprint: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  });

  test("is described by host.json", () => {
    expect(() => host.parse(JSON.parse(readFileSync(hostFile, "utf8")))).not.toThrow();
  });

  test("has programs that start on this machine", () => {
    const { nix, bwrap, mount } = host.parse(JSON.parse(readFileSync(hostFile, "utf8")));
    const firstWord = (program: string) =>
      execFileSync(program, ["--version"], { encoding: "utf8", env: {}, stdio: "pipe" }).split(" ")[0];
    expect([join(nix.bin, "nix"), join(nix.bin, "nix-store"), bwrap, mount].map(firstWord)).toEqual([
      "nix",
      "nix-store",
      "bubblewrap",
      "mount",
    ]);
  });

  test("is left alone by a second run, which says nothing", () => {
    const watched = [
      ".prefix",
      ".prefix/host.json",
      ".prefix/bin/nix",
      ".prefix/root",
      ".prefix/dev",
      ".prefix/tools",
      "node_modules",
    ];
    const look = () => watched.map((name) => `${name} ${statSync(join(project, name)).mtimeMs}`);
    const run = () => spawnSync("/bin/sh", ["scripts/setup.sh", "--test"], { cwd: project, encoding: "utf8" });
    run();
    const before = look();
    const second = run();
    expect({ status: second.status, stdout: second.stdout, stderr: second.stderr, files: look() }).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
      files: before,
    });
  });
});
