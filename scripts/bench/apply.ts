import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "../../src/system/git.ts";
import { buildProgram } from "./build-program.ts";
import { demoPlace } from "./demo-place.ts";
import { type Bench, inTurn } from "./figure.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/bin.js");

/** The script of expert.mjs, timed as a whole process. */
async function expert(change: string): Promise<number> {
  const place = await demoPlace();
  try {
    const started = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "expert.mjs"), place.repo, change, place.base],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`the expert's script exited with ${status}: ${stderr.slice(-3000)}`);
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
      // The expert locks by hand.
      for (const name of ["flake.nix", "README.md"]) {
        writeFileSync(join(keep, name), await git(["show", `${result.data.handOver.branch}:${name}`], { cwd: place.repo }));
      }
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
    buildProgram();
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
