import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import type { Nix } from "../../../nix/nix.ts";
import type { ExecutionEnvironment } from "../../../system/environment/execution-environment.ts";
import { git } from "../../../system/git.ts";
import { CHECK_KINDS, type CheckKind } from "../../checks.ts";
import type { CheckResult, CheckVerdict } from "../check/result.ts";
import { KINDS } from "../kinds/registry.ts";
import { runAcceptance } from "../runner.ts";
import type { Canary } from "./canary.ts";

/** Tries every kind of check on its known bad example: a kind that accepts it cannot be trusted on this machine. */

/** Whether the bad example was seen for what it is; neither this nor `accepted`: it could not be tried here. */
export const isRejected = ({ verdict }: Pick<CanaryResult, "verdict">): boolean => verdict === "fail" || verdict === "vacuous";

export interface CanaryResult {
  readonly kind: CheckKind;
  readonly verdict: CheckVerdict;
  /** The bad example passed: passes of this kind prove nothing. */
  readonly accepted: boolean;
  readonly reason: string;
}

export interface CanaryOptions {
  readonly nix: Nix | undefined;
  readonly environment: ExecutionEnvironment;
  /** Version of crq-agent. */
  readonly version: string;
  /** Kinds to try; all that have a canary when absent. */
  readonly kinds?: readonly CheckKind[];
  /** File that keeps results for this (version, Nix, system); absent: nothing is kept. */
  readonly cacheFile?: string;
  /** Try all of them, whatever the file says; what comes out is kept in it. */
  readonly fresh?: boolean;
  readonly unsafeLocal?: boolean;
  readonly signal?: AbortSignal;
}

/** Results in the order of the kinds; kinds without a canary (`manual`) are left out. */
export async function runCanaries(options: CanaryOptions): Promise<readonly CanaryResult[]> {
  const wanted = (options.kinds ?? CHECK_KINDS).filter((kind) => KINDS[kind].canary !== undefined);
  const key = [options.version, options.nix?.version ?? "none", options.nix?.system ?? process.platform].join(" ");
  const known = options.fresh ? new Map<CheckKind, CanaryResult>() : await readCache(options.cacheFile, key);
  const limit = pLimit(2);
  const results = await Promise.all(
    [...new Set(wanted)].map((kind) => limit(async () => known.get(kind) ?? (await runCanary(kind, options)))),
  );
  for (const result of results) known.set(result.kind, result);
  if (options.cacheFile !== undefined) await writeCache(options.cacheFile, key, [...known.values()]);
  return results;
}

async function runCanary(kind: CheckKind, options: CanaryOptions): Promise<CanaryResult> {
  const { canary } = KINDS[kind];
  if (!canary) throw new Error(`checks of kind ${kind} have no canary`);
  const { verdict, reason } = await tryCanary(canary, options);
  return { kind, verdict, accepted: verdict === "pass", reason };
}

/** The observation that the kind makes on its bad example, by the same way as on a real target. */
export async function tryCanary(canary: Canary, options: CanaryOptions): Promise<CheckResult> {
  const folder = await mkdtemp(join(tmpdir(), "crq-canary-"));
  try {
    const directory = join(folder, "repo");
    const base = await layOut(directory, canary);
    const run = await runAcceptance({
      crq: {
        metadata: undefined,
        criteria: [{ id: "AC-1", text: canary.description, place: START, need: "all", checks: [canary.check] }],
      },
      target: { directory, base },
      nix: options.nix,
      environment: options.environment,
      folder,
      unsafeLocal: options.unsafeLocal ?? false,
      ...(options.signal && { signal: options.signal }),
    });
    const check = run.criteria[0]?.checks[0];
    if (!check) throw new Error("the canary's check was not run");
    return check.result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const START = { line: 1, column: 1 };

const AUTHOR = ["-c", "user.name=crq-agent", "-c", "user.email=crq-agent@localhost", "-c", "init.defaultBranch=main"];

async function layOut(directory: string, canary: Canary): Promise<string> {
  await writeFiles(directory, canary.files);
  const where = { cwd: directory };
  await git([...AUTHOR, "init", "--quiet"], where);
  await git(["add", "--all"], where);
  await git([...AUTHOR, "commit", "--quiet", "--message", "canary"], where);
  const base = await git(["rev-parse", "HEAD"], where);
  const change = canary.change ?? {};
  await writeFiles(directory, change);
  const tracked = Object.keys(change).filter((path) => canary.untracked?.includes(path) !== true);
  if (tracked.length > 0) await git(["add", "--intent-to-add", "--", ...tracked], where);
  return base.trim();
}

async function writeFiles(directory: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const program = typeof content !== "string" || content.startsWith("#!");
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content, { mode: program ? 0o755 : 0o644 });
  }
}

const cacheSchema = z.strictObject({
  schema: z.literal("crq-canaries/1"),
  key: z.string(),
  results: z.array(
    z.strictObject({
      kind: z.enum(CHECK_KINDS),
      verdict: z.enum(["pass", "fail", "vacuous"]),
      accepted: z.boolean(),
      reason: z.string(),
    }),
  ),
});

/** A cache that is missing, damaged or of another version is an empty one: the canaries run again. */
async function readCache(file: string | undefined, key: string): Promise<Map<CheckKind, CanaryResult>> {
  const text = file === undefined ? undefined : await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return new Map();
  try {
    const cache = cacheSchema.parse(JSON.parse(text));
    // Whether it was accepted is the verdict's to say, whatever else the file claims.
    return new Map(
      cache.key === key ? cache.results.map((result) => [result.kind, { ...result, accepted: result.verdict === "pass" }]) : [],
    );
  } catch {
    return new Map();
  }
}

/** What could not be tried is not kept: it may be possible next time. */
async function writeCache(file: string, key: string, results: readonly CanaryResult[]): Promise<void> {
  const kept = results.filter(({ verdict }) => verdict === "pass" || verdict === "fail" || verdict === "vacuous");
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify({ schema: "crq-canaries/1", key, results: kept }, null, 2)}\n`);
  await rename(temporary, file);
}
