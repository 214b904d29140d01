import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { drawFrom } from "../../src/evals/draw.ts";
import { plant } from "../../src/evals/faults/all.ts";
import type { GoodRepository, Planter } from "../../src/evals/faults/fault.ts";
import { git } from "../../src/system/git.ts";
import { execute } from "../../src/system/process.ts";
import type { FaultsPlace } from "./place.ts";
import { writePlanted } from "./repositories.ts";

/**
 * One planted fault against the program as a person starts it: `crq-agent repair`. What it claims is not believed: the branch is built again in
 * a clone, and its programs are run on inputs whose output is known.
 */

const root = join(import.meta.dirname, "../..");

export interface Trial {
  readonly planter: Planter;
  readonly builder: string;
  readonly what: string;
  /** `kind` of the first diagnosis; undefined: the planted repository builds. */
  readonly diagnosed: string | undefined;
  readonly repaired: boolean;
  /** It ended with success, and what it handed over is not what it should be. */
  readonly unproven: string | undefined;
  /** How it ended where it did not repair. */
  readonly ended: string;
  readonly nixRuns: number;
  readonly seconds: number;
}

const documentSchema = z.object({
  exit: z.number(),
  data: z
    .object({
      outcome: z.object({ kind: z.string(), reason: z.string().optional(), detail: z.string().optional() }).loose(),
      diagnosis: z.object({ kind: z.string(), message: z.string() }).nullable(),
      remaining: z.object({ kind: z.string(), message: z.string() }).nullable(),
      handOver: z.object({ form: z.string(), branch: z.string().optional() }).loose(),
      nixRuns: z.number(),
      seconds: z.number(),
    })
    .nullable(),
  diagnostics: z.array(z.unknown()),
});

/** undefined: the fault cannot be planted into this repository, or not for a run of a clean clone. */
export async function tryRepair(
  place: FaultsPlace,
  good: GoodRepository,
  planter: Planter,
  seed: string,
): Promise<Trial | undefined> {
  const planted = plant(planter, good, drawFrom(`${seed} ${planter.name} ${good.builder}`), place.supply);
  if (!planted || planted.dirtyOnly === true || planted.options !== undefined) return undefined;
  const attribute = planted.builds ?? good.attribute;
  const folder = join(place.base, `trial-${planter.name}-${seed.replace(/\W/gu, "")}`);
  const repo = join(folder, "repository");
  try {
    await writePlanted(repo, good, planted);
    const { stdout, stderr } = await repairCommand(place, folder, repo, attribute);
    const read = documentSchema.safeParse(asJson(stdout));
    if (!read.success || read.data.data === null) {
      throw new Error(`${planter.name} (${seed}): repair gave no document\n${stdout.slice(-1500)}\n${stderr.slice(-3000)}`);
    }
    const { exit, data } = read.data;
    const claims = exit === 0 && data.diagnosis !== null;
    const unproven = claims ? await whyUnproven(place, good, attribute, repo, folder, data.handOver.branch) : undefined;
    const remaining = data.remaining ? `: ${data.remaining.kind}: ${data.remaining.message}` : "";
    return {
      planter,
      builder: good.builder,
      what: planted.what,
      diagnosed: data.diagnosis?.kind,
      repaired: claims && unproven === undefined,
      unproven,
      ended: `${data.outcome.kind}${data.outcome.reason ? ` (${data.outcome.reason})` : ""}${remaining}`,
      nixRuns: data.nixRuns,
      seconds: data.seconds,
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function repairCommand(
  place: FaultsPlace,
  folder: string,
  repo: string,
  attribute: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  const args = ["src/bin.ts", "repair", attribute, "--repo", repo, "--world", "shipped", "--yes", "--json"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        LANG: "C.UTF-8",
        XDG_STATE_HOME: join(folder, "state"),
        XDG_CACHE_HOME: place.cacheHome,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", () => resolve({ stdout, stderr }));
  });
}

/** Builds the branch in a clone and runs its programs; undefined: all is as it should be. */
async function whyUnproven(
  place: FaultsPlace,
  good: GoodRepository,
  attribute: string,
  repo: string,
  folder: string,
  branch: string | undefined,
): Promise<string | undefined> {
  if (branch === undefined) return "it handed over no branch";
  const clone = join(folder, "clone");
  await git(["clone", "--quiet", "--branch", branch, "--", repo, clone], { cwd: folder });
  const built = await place.nix.build(clone, [attribute]);
  if (!built.ok) return `the branch does not build: ${built.diagnoses[0].message}`;
  const output = built.value[0]?.outputs.out ?? "";
  const { environment } = place.world;
  for (const { program, arguments: args, stdin, stdout } of good.programs) {
    const argv = environment.confine([`${output}/bin/${program}`, ...args], { cwd: "/", writable: [] });
    if (typeof argv === "string") throw new Error(argv);
    const done = await execute({ argv, cwd: folder, env: {}, stdin, timeoutMs: 20_000 });
    if (done.exit !== 0) return `${program} exits with ${done.exit}: ${done.stderr.slice(0, 300)}`;
    if (done.stdout !== stdout) return `${program} prints ${JSON.stringify(done.stdout)} and not ${JSON.stringify(stdout)}`;
  }
  return undefined;
}
