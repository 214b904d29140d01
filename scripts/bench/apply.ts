import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlace } from "../../src/commands/open-place.ts";
import { git } from "../../src/system/git.ts";
import { bare, demoPlace } from "./demo-place.ts";
import { type Bench, inTurn } from "./figure.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/bin.js");

/**
 * What an expert's script would do by hand with the finished files: a clone for the baseline (there is no flake, so nothing to ask Nix), then
 * lock, evaluate, build, run, develop and check in the work clone, and build, run, develop and check again in a pristine clone.
 */
async function expert(change: string): Promise<number> {
  const place = await demoPlace();
  try {
    const started = performance.now();
    const open = await openPlace(place.context, { world: "shipped", scratch: join(place.base, "scratch") });
    const nix = join(open.environment.nixBin ?? "", "nix");
    const system = open.nix.system;
    const flags = ["--extra-experimental-features", "nix-command flakes"];
    const clone = async (name: string, from: string): Promise<string> => {
      const directory = join(place.base, name);
      await git(["clone", "--quiet", "--shared", "--", from, directory], { cwd: place.base });
      return directory;
    };
    const prove = async (directory: string): Promise<void> => {
      await bare(open.environment, directory, [nix, ...flags, "build", "--no-link", `.#packages.${system}.tally`]);
      await bare(open.environment, directory, [nix, ...flags, "develop", "--ignore-environment", "-c", "cargo", "--version"]);
      await bare(open.environment, directory, [nix, ...flags, "flake", "check"]);
    };
    await clone("baseline", place.repo);
    const work = await clone("work", place.repo);
    cpSync(change, work, { recursive: true });
    await git(["add", "--all"], { cwd: work });
    await bare(open.environment, work, [nix, ...flags, "flake", "lock"]);
    await git(["add", "--all"], { cwd: work });
    await bare(open.environment, work, [nix, ...flags, "eval", "--raw", `.#packages.${system}.tally.drvPath`]);
    await prove(work);
    await git(["commit", "--quiet", "-m", "nixify"], {
      cwd: work,
      env: { GIT_AUTHOR_NAME: "E", GIT_AUTHOR_EMAIL: "e@x", GIT_COMMITTER_NAME: "E", GIT_COMMITTER_EMAIL: "e@x" },
    });
    await prove(await clone("pristine", work));
    await open.close();
    return performance.now() - started;
  } finally {
    place.close();
  }
}

interface ApplyJson {
  readonly data: { readonly nixProcesses: number; readonly handOver: { readonly branch?: string } };
}

/** `draft` is not part of the figure: the CRQ is drafted once, before the clock starts. */
async function agent(notes: string[], keep?: string): Promise<number> {
  const place = await demoPlace();
  const env = { ...process.env, XDG_CACHE_HOME: join(place.base, "cache"), XDG_STATE_HOME: join(place.base, "state") };
  const run = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: place.repo,
      env,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`crq-agent ${args.join(" ")} exited with ${status}: ${stderr.slice(-3000)}`);
    return stdout;
  };
  try {
    run("draft", "nixify this Rust project using naersk, as our docs say", "--quiet");
    const crq = readdirSync(join(place.repo, "crqs")).find((name) => name.startsWith("CRQ-001"));
    const started = performance.now();
    const result: ApplyJson = JSON.parse(run("apply", join("crqs", crq ?? "CRQ-001"), "--world", "shipped", "--yes", "--json"));
    const took = performance.now() - started;
    notes[0] = `${result.data.nixProcesses} Nix processes`;
    if (keep !== undefined) {
      for (const name of ["flake.nix", "flake.lock", "README.md"]) {
        writeFileSync(join(keep, name), await git(["show", `${result.data.handOver.branch}:${name}`], { cwd: place.repo }));
      }
      // The expert locks by hand.
      rmSync(join(keep, "flake.lock"));
      readFileSync(join(keep, "flake.nix"));
    }
    return took;
  } finally {
    place.close();
  }
}

export const apply: Bench = {
  about: "apply with rules on the demo project from a cold store, against an expert's fixed script",
  bound: { side: "at most", ratio: 1.5 },
  async run() {
    const build = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, encoding: "utf8" });
    if (build.status !== 0) throw new Error(`npm run build: ${build.stdout}${build.stderr}`);
    const change = mkdtempSync(join(tmpdir(), "crq-agent-change-"));
    const notes: string[] = [];
    try {
      await agent(notes, change);
      const figure = await inTurn(
        3,
        () => agent(notes),
        () => expert(change),
      );
      return { ...figure, unit: "ms", notes };
    } finally {
      rmSync(change, { recursive: true, force: true });
    }
  },
};
