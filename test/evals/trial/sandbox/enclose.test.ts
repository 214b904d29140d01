import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { Machine } from "../../../../src/evals/trial/machine.ts";
import { compileProgram } from "../../../../src/evals/trial/sandbox/compiled.ts";
import { openSandbox, type Sandbox } from "../../../../src/evals/trial/sandbox/enclose.ts";
import { agentIdentity } from "../../../../src/evals/trial/sandbox/identity.ts";
import { ownAffinity, processorsIn } from "../../../../src/system/affinity.ts";
import { findHost } from "../../../../src/system/environment/host.ts";
import { execute } from "../../../../src/system/process.ts";
import { PACKAGE_ROOT } from "../shared-world.ts";

const SECRET = "sk-never-in-a-sandbox-0123456789";
let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "crq-enclose-"));
  await writeFile(join(folder, "outside.txt"), SECRET);
  const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
  const directory = join(PACKAGE_ROOT, "evals/world");
  sandbox = await openSandbox(
    { packageRoot: PACKAGE_ROOT, host, world: { mode: "replay", directory }, isolation: "bwrap" },
    join(folder, "trial"),
    { world: directory, memoryMb: 3_072, affinity: undefined },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs JavaScript inside; what it prints as JSON. */
async function inside(code: string, place = sandbox): Promise<unknown> {
  const finished = await execute({
    argv: place.argv([place.program[0], "-e", code], place.root),
    cwd: folder,
    env: { ...place.variables, OPENAI_API_KEY: SECRET },
    timeoutMs: 60_000,
    onChannel: (channel) => channel.resume(),
  });
  if (finished.exit !== 0) throw new Error(finished.stderr);
  return JSON.parse(finished.stdout);
}

test("the environment is the trial's own, and no process of the host is seen", async () => {
  const seen = await inside(`
    const fs = require("fs");
    const environs = fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).map((pid) => {
      try { return fs.readFileSync("/proc/" + pid + "/environ", "utf8"); } catch { return ""; }
    });
    console.log(JSON.stringify({
      names: Object.keys(process.env).sort(),
      leaks: environs.filter((text) => text.includes(${JSON.stringify(SECRET)})).length,
      ppid: fs.readFileSync("/proc/1/comm", "utf8").trim(),
    }));`);
  expect(seen).toEqual({
    names: [
      "HOME",
      "LANG",
      "LC_ALL",
      "NO_COLOR",
      "PATH",
      "PWD",
      "SOURCE_DATE_EPOCH",
      "TERM",
      "TMPDIR",
      "TZ",
      "XDG_CACHE_HOME",
      "XDG_CONFIG_HOME",
      "XDG_DATA_HOME",
      "XDG_STATE_HOME",
    ],
    leaks: 0,
    ppid: "bwrap",
  });
});

test("neither tasks nor homes nor what lies beside the trial are there; the program and the world cannot be written", async () => {
  const hidden = [
    join(PACKAGE_ROOT, "evals/tasks"),
    join(PACKAGE_ROOT, "test"),
    join(PACKAGE_ROOT, ".git"),
    homedir(),
    join(folder, "outside.txt"),
  ];
  const shown = [join(PACKAGE_ROOT, "evals/world/world.toml"), join(PACKAGE_ROOT, "package.json"), sandbox.program[1]];
  const seen = await inside(`
    const fs = require("fs");
    const able = (work) => { try { work(); return true; } catch { return false; } };
    console.log(JSON.stringify({
      hidden: ${JSON.stringify(hidden)}.filter((path) => able(() => fs.statSync(path)) && !able(() => { if (fs.readdirSync(path).every((name) => name.startsWith("."))) return; throw 0; })),
      missing: ${JSON.stringify(shown)}.filter((path) => !able(() => fs.readFileSync(path))),
      written: ${JSON.stringify(shown)}.filter((path) => able(() => fs.appendFileSync(path, ""))),
      own: able(() => fs.writeFileSync("mine", "x")),
    }));`);
  expect(seen).toEqual({ hidden: [], missing: [], written: [], own: true });
  expect(await readFile(join(sandbox.folder, "mine"), "utf8")).toBe("x");
});

test("the network is the loopback device, and the model's descriptor is not handed on", async () => {
  const seen = await inside(`
    const { execFileSync } = require("child_process");
    const down = String(execFileSync("/usr/bin/ls", ["-l", "/proc/self/fd"])).split("\\n").filter((line) => / [3-9]\\d* -> socket:/.test(line));
    const socket = require("net").connect({ host: "1.1.1.1", port: 443 });
    const tell = (network) => { console.log(JSON.stringify({ devices: Object.keys(require("os").networkInterfaces()), network, channel: down })); process.exit(0); };
    socket.once("connect", () => tell("reached"));
    socket.once("error", (error) => tell(error.code));`);
  expect(seen).toEqual({ devices: ["lo"], network: "ENETUNREACH", channel: [] });
});

test("the program and what it starts keep to the processors that the trial was given", async () => {
  const directory = join(PACKAGE_ROOT, "evals/world");
  const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
  const own = await ownAffinity(host.taskset);
  if (own === undefined) throw new Error("taskset (util-linux) is needed here");
  const machine: Machine = { packageRoot: PACKAGE_ROOT, host, world: { mode: "replay", directory }, isolation: "bwrap" };
  const given = [[own.processors.slice(0, 1)], [own.processors.slice(-1)], [own.processors]].flat();
  const seen = await Promise.all(
    given.map(async (processors, at) => {
      const options = { world: directory, memoryMb: 3_072, affinity: { ...own, processors } };
      const place = await openSandbox(machine, join(folder, `kept-${at}`), options);
      const [count, child] = z.tuple([z.int(), z.string()]).parse(
        await inside(
          `const child = String(require("child_process").execFileSync("taskset", ["-p", "1"], { env: { PATH: "/usr/bin:/bin" } }));
          console.log(JSON.stringify([require("os").availableParallelism(), child]));`,
          place,
        ),
      );
      return { held: place.held, count, child: processorsIn(child) };
    }),
  );
  expect(seen).toEqual(
    given.map((processors) => ({
      held: { memory: "process", cpus: "affinity" },
      count: processors.length,
      child: processors,
    })),
  );
  expect(sandbox.held).toEqual({ memory: "process", cpus: "none" });
});

test("the agent's identity is that of what runs: code, prompts, tools", async () => {
  const one = await agentIdentity(PACKAGE_ROOT);
  expect(await agentIdentity(PACKAGE_ROOT)).toEqual(one);
  expect(Object.values(one).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
});

test("the program that was compiled once is read by every trial, and written by none", async () => {
  const host = await findHost({ packageRoot: PACKAGE_ROOT, path: process.env.PATH ?? "" });
  const directory = join(PACKAGE_ROOT, "evals/world");
  const machine: Machine = {
    packageRoot: PACKAGE_ROOT,
    host,
    world: { mode: "replay", directory },
    isolation: "bwrap",
    compiled: join(folder, "compiled"),
  };
  const options = { world: directory, memoryMb: 3_072, affinity: undefined };
  await compileProgram(await openSandbox(machine, join(folder, "compiles"), { ...options, compiles: true }));
  const reads = await openSandbox(machine, join(folder, "reads"), options);
  const seen = await inside(
    `
    const fs = require("fs");
    const attempt = (act) => { try { act(); return "done"; } catch (error) { return error.code; } };
    const [version] = fs.readdirSync("/compiled");
    console.log(JSON.stringify({
      used: require("module").getCompileCacheDir() === "/compiled/" + version,
      kept: fs.readdirSync("/compiled/" + version).length > 100,
      add: attempt(() => fs.writeFileSync("/compiled/" + version + "/another", "")),
      change: attempt(() => fs.writeFileSync("/compiled/" + version + "/" + fs.readdirSync("/compiled/" + version)[0], "")),
    }));`,
    reads,
  );
  expect(seen).toEqual({ used: true, kept: true, add: "EROFS", change: "EROFS" });
});
