import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { readWorktreeFile } from "../../nix/mechanics/worktree-files.ts";
import type { LockedFlake } from "../../nix/sibling-flakes/locked-flake.ts";
import { lockedArchives } from "../../nix/steps/locked-crates.ts";
import { placed } from "../../nix/steps/place.ts";
import type { RecordingProblem } from "../../nix/steps/plan-steps.ts";
import { type GeneratedFile, stepFlakes } from "../../nix/steps/step-flakes.ts";
import { parseCargoLock } from "../../repo/cargo/lock.ts";
import { type DescribedSteps, describeSteps } from "../../repo/steps/described/describe.ts";
import type { StepRecord } from "../../repo/steps/records.ts";
import { insideJail } from "../../repo/workspace/jail.ts";
import { git } from "../../system/git.ts";
import { checkSteps } from "./check.ts";

/** The walk of `steps flakes`: records and what the repository says of their files become flakes. Nothing is written here. */

export interface StepFlakesPlace {
  /** The repository's root. */
  readonly directory: string;
  /** Folder of records and flakes, relative to it. */
  readonly folder: string;
  /** What `@source@` stands for, relative to it; `.` for itself. */
  readonly source: string;
  /** Absolute: where the project lay when its calls were described, if elsewhere. */
  readonly describedAt?: string;
  readonly nixpkgs: string;
  readonly nixpkgsLock: LockedFlake | undefined;
  readonly systems: readonly string[];
}

export type GeneratedSteps =
  | { readonly ok: true; readonly files: readonly GeneratedFile[]; readonly steps: number; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly RecordingProblem[] };

/** @throws JailError for a folder outside the repository; GitError where git cannot list its files */
export async function generateStepFlakes(place: StepFlakesPlace): Promise<GeneratedSteps> {
  const { directory, folder, source, nixpkgs, nixpkgsLock, systems } = place;
  const below = await insideJail(directory, folder);
  const checked = await checkSteps(below);
  const file = checked?.files[0] === undefined ? folder : posix.join(folder, checked.files[0].slice(below.length + 1));
  const named = (record: string): string => (record === "" ? file : posix.join(folder, record));
  if (checked === undefined || checked.problems.length > 0) {
    const problems = checked?.problems ?? [
      { place: "", message: "is not there; record a build: crq-agent steps record -- COMMAND" },
    ];
    return { ok: false, problems: problems.map((problem) => ({ place: named(problem.place), message: problem.message })) };
  }
  const root = await insideJail(directory, source);
  const tracked = (await git(["ls-files", "-z", "--cached"], { cwd: root })).split("\0").filter((path) => path !== "");
  const said = await stepsOf(
    checked.records.map((record) => ({ ...record, place: named(record.place) })),
    root,
    place.describedAt ?? root,
    tracked.filter((path) => !isInside(join(root, path), below)),
  );
  if (said.problems.length > 0) return { ok: false, problems: said.problems };
  const { steps: records } = said;
  const text = tracked.includes("Cargo.lock") ? await readWorktreeFile(root, "Cargo.lock") : undefined;
  const lock = text === undefined ? undefined : parseCargoLock(text);
  const generated = stepFlakes({
    records,
    facts: { file, tracked: new Set(tracked), crates: lockedArchives(lock?.crates ?? []) },
    folder: posix.normalize(folder).replace(/\/$/u, ""),
    source,
    nixpkgs,
    nixpkgsLock,
    systems,
  });
  const notes = checked.records.some(({ form }) => form === "older") ? [DESCRIBED] : await changedSince(root, records);
  return generated.ok ? { ...generated, notes } : generated;
}

const DESCRIBED =
  "these calls were described and not run: what they read and write is taken from their words, and calls that a driver would make later are not among them";

const isInside = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** Calls that were only described say nothing of what they read and wrote: that is taken from their words. */
async function stepsOf(
  records: readonly StepRecord[],
  root: string,
  source: string,
  tracked: readonly string[],
): Promise<DescribedSteps> {
  if (records.every(({ form }) => form === "current")) return { steps: records, problems: [] };
  const mixed = records.find(({ form }) => form === "current");
  if (mixed)
    return {
      steps: [],
      problems: [{ place: mixed.place, message: "is a recorded step among described calls; keep them in two folders" }],
    };
  const hashes = tracked.map(async (path): Promise<[string, string]> => [path, (await hashOf(root, path)) ?? ""]);
  return describeSteps(records, { source, build: undefined, files: new Map(await Promise.all(hashes)) });
}

/** undefined for what is no file of the repository: a submodule, a link that leads nowhere or out of it. */
async function hashOf(root: string, path: string): Promise<string | undefined> {
  const content = await insideJail(root, path)
    .then((file) => readFile(file))
    .catch(() => undefined);
  return content && createHash("sha256").update(content).digest("hex");
}

/** Source files whose content is no longer the recorded one: the flakes take them as they are now. */
async function changedSince(root: string, records: readonly StepRecord[]): Promise<readonly string[]> {
  const recorded = new Map<string, string>();
  for (const { path, sha256 } of records.flatMap(({ inputs }) => inputs)) {
    const where = placed(path);
    if (where?.root === "source") recorded.set(where.rest, sha256);
  }
  const changed: string[] = [];
  for (const [path, sha256] of recorded) {
    if ((await hashOf(root, path)) !== sha256) changed.push(path);
  }
  return changed.map(
    (path) => `${path} is not as it was when the build was recorded; where that changes which steps there are, record it again`,
  );
}
