// What an expert's script would do by hand with the finished files, as a process of its own like the one it is compared with: a clone for the
// baseline (there is no flake, so nothing to ask Nix), then lock, evaluate, build, run, develop and check in the work clone, and build, run,
// develop and check again in a pristine clone. It opens the world by the same built modules, since somebody has to serve it.
//
//   node expert.mjs REPOSITORY CHANGE FOLDER       prints nothing; exit 0 when all of it succeeded
import { cpSync } from "node:fs";
import { join } from "node:path";
import { openPlace } from "../../dist/commands/wiring/open-place.js";
import { git } from "../../dist/system/git.js";
import { execute } from "../../dist/system/process.js";

const [repo = "", change = "", base = ""] = process.argv.slice(2);
const packageRoot = join(import.meta.dirname, "../..");
const open = await openPlace(
  {
    cwd: repo,
    env: process.env,
    folders: { cache: join(base, "cache"), state: join(base, "state"), home: base },
    streams: { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
    signal: new AbortController().signal,
    version: "0.0.0",
    packageRoot,
    now: Date.now,
  },
  { world: "shipped", scratch: join(base, "scratch") },
);
const { environment } = open;
const { system } = open.nix;
const nix = [join(environment.nixBin ?? "", "nix"), "--extra-experimental-features", "nix-command flakes"];

async function run(cwd, argv) {
  const finished = await execute({ argv: environment.wrap(argv, { cwd, writable: [cwd] }), cwd, env: environment.variables, timeoutMs: 600_000 });
  if (finished.exit !== 0) throw new Error(`${argv.join(" ")} exited with ${finished.exit}: ${finished.stderr.slice(-2000)}`);
  return finished.stdout;
}

async function clone(name, from) {
  const directory = join(base, name);
  await git(["clone", "--quiet", "--shared", "--", from, directory], { cwd: base });
  return directory;
}

async function prove(directory) {
  const built = JSON.parse(await run(directory, [...nix, "build", "--no-link", "--json", `.#packages.${system}.tally`]));
  const confined = environment.confine([join(built[0].outputs.out, "bin/tally"), "--version"], { cwd: "/", writable: [] });
  if (typeof confined === "string") throw new Error(confined);
  const ran = await execute({ argv: confined, cwd: base, env: {}, timeoutMs: 20_000 });
  if (!ran.stdout.includes("tally")) throw new Error(`tally --version: ${ran.stderr}`);
  await run(directory, [...nix, "develop", "--ignore-environment", "-c", "cargo", "--version"]);
  await run(directory, [...nix, "flake", "check"]);
}

const identity = { GIT_AUTHOR_NAME: "E", GIT_AUTHOR_EMAIL: "e@localhost", GIT_COMMITTER_NAME: "E", GIT_COMMITTER_EMAIL: "e@localhost" };
await clone("baseline", repo);
const work = await clone("work", repo);
cpSync(change, work, { recursive: true });
await git(["add", "--all"], { cwd: work });
await run(work, [...nix, "flake", "lock"]);
await git(["add", "--all"], { cwd: work });
await run(work, [...nix, "eval", "--raw", `.#packages.${system}.tally.drvPath`]);
await prove(work);
await git(["commit", "--quiet", "-m", "nixify"], { cwd: work, env: identity });
await prove(await clone("pristine", work));
await open.close();
